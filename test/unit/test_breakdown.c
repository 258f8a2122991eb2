/* SPDX-License-Identifier: Apache-2.0 */
/* What headers and links tell of a visit: language, campaign, versions. */
#include "unit.h"

#include <apr_strings.h>

#include "counting.h"
#include "engine/campaign.h"
#include "engine/language.h"
#include "engine/version.h"

static const char *string_of(usage_text_t text)
{
    return apr_pstrmemdup(unit_pool, text.data, text.length);
}

static const struct {
    const char *accept;
    const char *tag;
} languages[] = {
    { "de", "de" },
    { "de-CH,de;q=0.9,en;q=0.8", "de" },
    { "EN-us", "en" },
    { "gsw;q=1", "gsw" },
    { " , fr", "fr" },
    { "zh_CN", "zh" },
    { "pt ,en", "pt" },
    { NULL, "(none)" },
    { "", "(none)" },
    { "*", "(none)" },
    { "x", "(none)" },
    { "abcd", "(none)" },
    { "d\xc3\xa9", "(none)" },
    { "<b>", "(none)" },
    { "de'--", "(none)" },
};

START_TEST(language_is_the_first_one)
{
    usage_language_t room;
    ck_assert_str_eq(
        string_of(usage_language_read(languages[_i].accept, &room)),
        languages[_i].tag);
}
END_TEST

static const struct {
    const char *query;
    usage_campaign_e which;
    const char *value; /* or NULL */
} campaigns[] = {
    { "utm_source=news", USAGE_CAMPAIGN_SOURCE, "news" },
    { "a=1&utm_source=news&b=2", USAGE_CAMPAIGN_SOURCE, "news" },
    { "utm_campaign=spring+sale%21", USAGE_CAMPAIGN_NAME, "spring sale!" },
    { "utm_medium=%zz%4", USAGE_CAMPAIGN_MEDIUM, "%zz%4" },
    { "ref=a%26b=c&ref=d", USAGE_CAMPAIGN_REF, "a&b=c" },
    { "href=x&pref=y&refs=z", USAGE_CAMPAIGN_REF, NULL },
    { "ref", USAGE_CAMPAIGN_REF, NULL },
    { "ref=", USAGE_CAMPAIGN_REF, NULL },
    { "ref=&a=b", USAGE_CAMPAIGN_REF, NULL },
    { "UTM_SOURCE=news", USAGE_CAMPAIGN_SOURCE, NULL },
    { "utm_source", USAGE_CAMPAIGN_SOURCE, NULL },
    { "", USAGE_CAMPAIGN_SOURCE, NULL },
    { NULL, USAGE_CAMPAIGN_SOURCE, NULL },
    { "&&&", USAGE_CAMPAIGN_SOURCE, NULL },
};

START_TEST(campaign_is_found_in_a_query)
{
    usage_campaign_room_t room;
    usage_text_t value;
    bool is_there = usage_campaign_find(campaigns[_i].query,
                                        campaigns[_i].which, &value, &room);
    ck_assert_int_eq(is_there, campaigns[_i].value != NULL);
    if (is_there) {
        ck_assert_str_eq(string_of(value), campaigns[_i].value);
    }
}
END_TEST

START_TEST(campaign_is_read_as_far_as_there_is_room)
{
    usage_campaign_room_t room;
    usage_text_t value;
    char query[5000] = "ref=";
    memset(query + 4, 'x', sizeof query - 5);
    ck_assert(usage_campaign_find(query, USAGE_CAMPAIGN_REF, &value, &room));
    ck_assert_uint_eq(value.length, USAGE_CAMPAIGN_MAX);
}
END_TEST

#define MOZILLA "Mozilla/5.0 "

static const struct {
    const char *text;
    const char *browser;
    const char *system;
} agents[] = {
    { MOZILLA "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
              "Gecko) Chrome/120.0.0.0 Safari/537.36",
      "Chrome 120", "Windows 10+" },
    { MOZILLA "(Windows NT 6.1; rv:102.0) Gecko/20100101 Firefox/102.0",
      "Firefox 102", "Windows 7" },
    { MOZILLA "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
              "(KHTML, like Gecko) Version/17.4 Safari/605.1.15",
      "Safari 17", "macOS" },
    { MOZILLA "(iPhone; CPU iPhone OS 17_4 like Mac OS X) "
              "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
              "Mobile/15E148 Safari/604.1",
      "Safari 17", "iOS 17" },
    { MOZILLA "(iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
              "like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
      "Safari 16", "iPadOS 16" },
    { MOZILLA "(Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like "
              "Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
      "Chrome 126", "Android 14" },
    { MOZILLA "(Android; Mobile; rv:40.0) Gecko/40.0 Firefox/40.0",
      "Firefox 40", "Android" },
    { MOZILLA "(X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
      "Firefox 127", "Linux" },
    { MOZILLA "(Linux; Android 99999; X) AppleWebKit/537.36 (KHTML, like "
              "Gecko) Chrome/99999.0 Mobile Safari/537.36",
      "Chrome", "Android" },
};

START_TEST(versions_are_told_where_they_mean_something)
{
    const char *text = agents[_i].text;
    usage_agent_t agent = usage_agent_classify(text, strlen(text));
    usage_version_t room;
    ck_assert_str_eq(string_of(usage_version_browser(&agent, &room)),
                     agents[_i].browser);
    ck_assert_str_eq(string_of(usage_version_system(&agent, text, &room)),
                     agents[_i].system);
}
END_TEST

START_TEST(system_has_no_version_without_its_string)
{
    usage_agent_t agent = { .system = USAGE_SYSTEM_ANDROID };
    usage_version_t room;
    ck_assert_str_eq(string_of(usage_version_system(&agent, NULL, &room)),
                     "Android");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("breakdown");
    TCase *tcase = unit_case(suite, "breakdown");

    tcase_add_loop_test(tcase, language_is_the_first_one, 0,
                        sizeof languages / sizeof *languages);
    tcase_add_loop_test(tcase, campaign_is_found_in_a_query, 0,
                        sizeof campaigns / sizeof *campaigns);
    tcase_add_test(tcase, campaign_is_read_as_far_as_there_is_room);
    tcase_add_loop_test(tcase, versions_are_told_where_they_mean_something, 0,
                        sizeof agents / sizeof *agents);
    tcase_add_test(tcase, system_has_no_version_without_its_string);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
