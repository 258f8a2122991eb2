/* SPDX-License-Identifier: Apache-2.0 */
/* A site's own patterns of bots. */
#include "unit.h"

#include <string.h>

#include "engine/agent_patterns.h"

#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Firefox/127.0"

static usage_agent_patterns_t *patterns_make(const usage_agent_pattern_t *rows,
                                             int count)
{
    apr_array_header_t *list =
        apr_array_make(unit_pool, count, sizeof(usage_agent_pattern_t));
    for (int i = 0; i < count; i++) {
        APR_ARRAY_PUSH(list, usage_agent_pattern_t) = rows[i];
    }
    return usage_agent_patterns_make(list, unit_pool);
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
    ck_assert_str_eq(usage_bot_name(agent.bot), "(UsageBotPattern)");
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

START_TEST(every_kind_has_its_name)
{
    for (int kind = 1; kind < USAGE_BOT_KINDS; kind++) {
        usage_agent_t agent = { .version = 7 };
        agent = usage_agent_as_bot(agent, (usage_bot_kind_e)kind);
        agent = usage_agent_unpack(usage_agent_pack(&agent));
        ck_assert_int_eq(agent.kind, kind);
        ck_assert_str_eq(usage_bot_name(agent.bot), "(UsageBotPattern)");
    }
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
    tcase_add_test(tcase, every_kind_has_its_name);
    tcase_add_test(tcase, lists_are_told_apart_by_their_salt);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
