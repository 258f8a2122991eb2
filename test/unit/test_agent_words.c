/* SPDX-License-Identifier: Apache-2.0 */
/* An agent as words, and as the bits of one number. */
#include "unit.h"

#include <string.h>

#include "engine/agent.h"

static void assert_comes_back(usage_agent_t agent)
{
    apr_uint32_t bits = usage_agent_pack(&agent);
    usage_agent_t again = usage_agent_unpack(bits);
    ck_assert_int_eq(again.is_bot, agent.is_bot);
    ck_assert_int_eq(again.kind, agent.kind);
    ck_assert_int_eq(again.bot, agent.bot);
    ck_assert_int_eq(again.version, agent.version);
    ck_assert_int_eq(again.device, agent.device);
    ck_assert_int_eq(again.browser, agent.browser);
    ck_assert_int_eq(again.system, agent.system);
    ck_assert_uint_eq(bits & 1, 1);
    ck_assert_uint_eq(bits >> 31, 0);
}

START_TEST(packed_person_comes_back)
{
    for (int i = 0; i < USAGE_BROWSERS * USAGE_SYSTEMS * USAGE_DEVICES; i++) {
        assert_comes_back((usage_agent_t){
            .version = (apr_uint16_t)(i % (USAGE_AGENT_VERSION_MAX + 1)),
            .browser = (usage_browser_e)(i % USAGE_BROWSERS),
            .system = (usage_system_e)(i / USAGE_BROWSERS % USAGE_SYSTEMS),
            .device = (usage_device_e)(i / USAGE_BROWSERS / USAGE_SYSTEMS),
        });
    }
}
END_TEST

START_TEST(packed_bot_comes_back)
{
    static const char *const agents[] = { "", "curl/8.5.0", "Googlebot/2.1",
                                          "Mozilla/5.0 (X11; Linux) GPTBot" };
    for (size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
        usage_agent_t agent =
            usage_agent_classify(agents[i], strlen(agents[i]));
        ck_assert(agent.is_bot);
        assert_comes_back(agent);
    }
    for (int i = 0; i < USAGE_BOT_NUMBERS; i++) {
        assert_comes_back((usage_agent_t){
            .is_bot = true,
            .kind = (usage_bot_kind_e)(1 + i % (USAGE_BOT_KINDS - 1)),
            .bot = (apr_uint16_t)i,
            .browser = (usage_browser_e)(i % USAGE_BROWSERS),
            .system = (usage_system_e)(i % USAGE_SYSTEMS),
            .device = (usage_device_e)(i % USAGE_DEVICES),
        });
    }
}
END_TEST

START_TEST(bits_that_are_no_agent_do_no_harm)
{
    for (unsigned i = 0; i < 64; i++) {
        usage_agent_t agent = usage_agent_unpack(0xFFFFFFFFU << (i & 31));
        ck_assert_ptr_nonnull(usage_bot_name(agent.bot));
        ck_assert_ptr_nonnull(usage_browser_word((int)agent.browser));
        ck_assert_int_lt(agent.kind, USAGE_BOT_KINDS);
    }
}
END_TEST

START_TEST(number_that_is_none_has_the_word_other)
{
    static const int bad[] = { -1, 255, USAGE_BROWSERS, 1 << 30 };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_str_eq(usage_device_word(bad[i]), "other");
        ck_assert_str_eq(usage_browser_word(bad[i]), "other");
        ck_assert_str_eq(usage_system_word(bad[i]), "other");
        ck_assert_str_eq(usage_bot_kind_word(bad[i]), "");
        ck_assert_str_eq(usage_bot_category(bad[i]), "bot-other");
    }
    ck_assert_str_eq(usage_bot_name(1U << 30), "");
}
END_TEST

START_TEST(category_is_made_of_the_kinds_word)
{
    for (int i = 1; i < USAGE_BOT_KINDS; i++) {
        const char *category = usage_bot_category(i);
        ck_assert_int_eq(strncmp(category, "bot-", 4), 0);
        ck_assert_str_eq(category + 4, usage_bot_kind_word(i));
    }
    ck_assert_str_eq(usage_bot_category(USAGE_BOT_KIND_NONE), "bot-other");
}
END_TEST

START_TEST(kind_is_known_by_its_word)
{
    ck_assert_int_eq(usage_bot_kind_of("SEO"), USAGE_BOT_KIND_SEO);
    ck_assert_int_eq(usage_bot_kind_of("ai-search"), USAGE_BOT_KIND_AI_SEARCH);
    ck_assert_int_eq(usage_bot_kind_of("none"), USAGE_BOT_KIND_NONE);
    ck_assert_int_eq(usage_bot_kind_of(""), USAGE_BOT_KIND_NONE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent_words");
    TCase *tcase = unit_case(suite, "agent_words");

    tcase_add_test(tcase, packed_person_comes_back);
    tcase_add_test(tcase, packed_bot_comes_back);
    tcase_add_test(tcase, bits_that_are_no_agent_do_no_harm);
    tcase_add_test(tcase, number_that_is_none_has_the_word_other);
    tcase_add_test(tcase, category_is_made_of_the_kinds_word);
    tcase_add_test(tcase, kind_is_known_by_its_word);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
