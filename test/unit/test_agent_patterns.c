/* SPDX-License-Identifier: Apache-2.0 */
/* A site's own patterns of bots. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/agent_data.h"
#include "engine/agent_patterns.h"

#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Firefox/127.0"

static usage_agent_patterns_t *patterns_make(const usage_agent_pattern_t *rows,
                                             int count)
{
    apr_array_header_t *list =
        apr_array_make(unit_pool, count, sizeof(usage_agent_pattern_t));
    for (int i = 0; i < count; i++) {
        APR_ARRAY_PUSH(list, usage_agent_pattern_t) =
            usage_agent_pattern_make(rows[i].kind, rows[i].text, unit_pool);
    }
    return usage_agent_patterns_make(list, unit_pool);
}

static void assert_name(const usage_agent_patterns_t *patterns, unsigned bot,
                        const char *expected)
{
    usage_text_t name = usage_agent_bot_name(patterns, bot);
    ck_assert_str_eq(apr_pstrmemdup(unit_pool, name.data, name.length),
                     expected);
}

static usage_agent_t agent_of(const char *agent,
                              const usage_agent_patterns_t *patterns)
{
    return usage_agent_of(agent, strlen(agent), patterns);
}

START_TEST(pattern_makes_a_bot_in_any_case)
{
    static const usage_agent_pattern_t rows[] = {
        { USAGE_BOT_KIND_MONITOR, "OurProbe" },
        { USAGE_BOT_KIND_SEO, "firefox/127" },
    };
    usage_agent_patterns_t *patterns = patterns_make(rows, 2);
    usage_agent_t agent = agent_of(FIREFOX " ourPROBE", patterns);
    ck_assert(agent.is_bot);
    ck_assert_int_eq(agent.kind, USAGE_BOT_KIND_MONITOR);
    assert_name(patterns, agent.bot, "OurProbe");
    ck_assert_int_eq(agent.version, 0);
    ck_assert_int_eq(agent.browser, USAGE_BROWSER_FIREFOX);
    ck_assert_int_eq(agent_of(FIREFOX, patterns).kind, USAGE_BOT_KIND_SEO);
    ck_assert(
        !agent_of("Mozilla/5.0 (X11; Linux) Chrome/1.0", patterns).is_bot);
}
END_TEST

START_TEST(pattern_wins_over_what_is_known)
{
    static const usage_agent_pattern_t rows[] = { { USAGE_BOT_KIND_OTHER,
                                                    "googlebot" } };
    usage_agent_patterns_t *patterns = patterns_make(rows, 1);
    ck_assert_int_eq(agent_of("Googlebot/2.1", patterns).kind,
                     USAGE_BOT_KIND_OTHER);
    ck_assert_int_eq(agent_of("Googlebot/2.1", NULL).kind,
                     USAGE_BOT_KIND_SEARCH);
}
END_TEST

START_TEST(pattern_without_a_number_is_one_of_its_kind)
{
    for (int kind = 1; kind < USAGE_BOT_KINDS; kind++) {
        usage_agent_t agent = { .version = 7 };
        agent = usage_agent_as_bot(agent, (usage_bot_kind_e)kind,
                                   USAGE_BOT_NUMBERS);
        agent = usage_agent_unpack(usage_agent_pack(&agent));
        ck_assert_int_eq(agent.kind, kind);
        assert_name(NULL, agent.bot, "(UsageBotPattern)");
    }
}
END_TEST

START_TEST(patterns_are_told_apart_while_there_are_numbers)
{
    enum { MANY = USAGE_BOT_NUMBERS - USAGE_BOTS + 10 };
    static usage_agent_pattern_t rows[MANY];
    for (int i = 0; i < MANY; i++) {
        rows[i] = (usage_agent_pattern_t){ USAGE_BOT_KIND_SEO,
                                           apr_psprintf(unit_pool, "<%d>", i) };
    }
    usage_agent_patterns_t *patterns = patterns_make(rows, MANY);
    for (int i = 0; i < MANY; i += i < MANY - 30 ? 97 : 1) {
        usage_agent_t agent = agent_of(rows[i].text, patterns);
        agent = usage_agent_unpack(usage_agent_pack(&agent));
        ck_assert_int_eq(agent.kind, USAGE_BOT_KIND_SEO);
        assert_name(patterns, agent.bot,
                    i < MANY - 10 ? rows[i].text : "(UsageBotPattern)");
    }
}
END_TEST

START_TEST(hostile_pattern_has_a_clean_name)
{
    static const usage_agent_pattern_t rows[] = {
        { USAGE_BOT_KIND_SEO, "a\nb\t\x7f\x1b[31m" },
        { USAGE_BOT_KIND_SEO, "\xff\xfe\xc0\xaf" },
        { USAGE_BOT_KIND_SEO, "<script>alert(1)</script>" },
        { USAGE_BOT_KIND_SEO, "'\";DROP TABLE usage_event;--%s%n" },
    };
    usage_agent_patterns_t *patterns = patterns_make(rows, 4);
    assert_name(patterns, USAGE_BOTS, "a%0Ab%09%7F%1B[31m");
    assert_name(patterns, USAGE_BOTS + 1, "%FF%FE%C0%AF");
    assert_name(patterns, USAGE_BOTS + 2, rows[2].text);
    assert_name(patterns, USAGE_BOTS + 3, rows[3].text);
    assert_name(patterns, USAGE_BOTS + 4, "");
    assert_name(patterns, 0xFFFF, "");
    assert_name(NULL, USAGE_BOTS, "");
    assert_name(patterns, 0, "");
}
END_TEST

START_TEST(longest_pattern_is_a_name_however_it_is_escaped)
{
    char *text = apr_pcalloc(unit_pool, USAGE_AGENT_PATTERN_MAX + 1);
    memset(text, 0xFF, USAGE_AGENT_PATTERN_MAX);
    usage_agent_pattern_t row = { USAGE_BOT_KIND_SEO, text };
    usage_text_t name =
        usage_agent_bot_name(patterns_make(&row, 1), USAGE_BOTS);
    ck_assert_uint_eq(name.length, 3 * USAGE_AGENT_PATTERN_MAX);
    ck_assert_int_eq(memcmp(name.data, "%FF", 3), 0);
}
END_TEST

START_TEST(lists_are_told_apart_by_their_salt)
{
    static const usage_agent_pattern_t rows[] = {
        { USAGE_BOT_KIND_SEO, "one" },
        { USAGE_BOT_KIND_SEARCH, "one" },
        { USAGE_BOT_KIND_SEO, "two" },
    };
    apr_uint64_t salts[5] = {
        usage_agent_patterns_salt(patterns_make(rows, 0)),
        usage_agent_patterns_salt(patterns_make(rows, 1)),
        usage_agent_patterns_salt(patterns_make(rows + 1, 1)),
        usage_agent_patterns_salt(patterns_make(rows, 2)),
        usage_agent_patterns_salt(patterns_make(rows + 1, 2)),
    };
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < i; k++) {
            ck_assert(salts[i] != salts[k]);
        }
    }
    ck_assert_ptr_null(patterns_make(rows, 0));
    ck_assert(salts[1] == usage_agent_patterns_salt(patterns_make(rows, 1)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent_patterns");
    TCase *tcase = unit_case(suite, "agent_patterns");

    tcase_add_test(tcase, pattern_makes_a_bot_in_any_case);
    tcase_add_test(tcase, pattern_wins_over_what_is_known);
    tcase_add_test(tcase, pattern_without_a_number_is_one_of_its_kind);
    tcase_add_test(tcase, patterns_are_told_apart_while_there_are_numbers);
    tcase_add_test(tcase, hostile_pattern_has_a_clean_name);
    tcase_add_test(tcase, longest_pattern_is_a_name_however_it_is_escaped);
    tcase_add_test(tcase, lists_are_told_apart_by_their_salt);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
