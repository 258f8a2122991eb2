/* SPDX-License-Identifier: Apache-2.0 */
/* URL arguments: what they mean, and what is refused. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "query.h"
#include "zoned.h"

enum { HOUR = 60 * 60 };

/* 2026-07-14 15:04 */
static const apr_int64_t now = 1784041440;

static apr_int64_t date(int year, int month, int day)
{
    return usage_calendar_time(
        (usage_date_t){ .year = year, .month = month, .day = day });
}

static usage_page_t page_of_utc(void)
{
    return (usage_page_t){ .zones = all_utc(HOUR, unit_pool),
                           .zone = &usage_zone_utc,
                           .now = now };
}

static apr_status_t parse(const char *args, usage_query_t *query)
{
    const char *problem = NULL;
    usage_page_t page = page_of_utc();
    apr_status_t rv =
        usage_query_parse(args, &page, query, &problem, unit_pool);

    ck_assert(rv == APR_SUCCESS || rv == APR_EINVAL);
    ck_assert((rv == APR_SUCCESS) == (problem == NULL));
    return rv;
}

static usage_query_t parsed(const char *args)
{
    usage_query_t query;

    ck_assert_int_eq(parse(args, &query), APR_SUCCESS);
    return query;
}

START_TEST(query_defaults_to_thirty_days_of_all_sites)
{
    static const char *const empty[] = { NULL, "", "&", "&&=&" };
    usage_query_t query = parsed(empty[_i]);

    ck_assert_str_eq(query.site, "");
    ck_assert_int_eq(query.period, USAGE_PERIOD_30D);
    ck_assert_int_eq(query.now, now);
    ck_assert_int_eq(query.interval, HOUR);
}
END_TEST

START_TEST(period_spans_whole_intervals)
{
    const struct {
        const char *args;
        usage_grain_e grain;
        apr_int64_t from, to;
    } rows[] = {
        { "period=day", USAGE_GRAIN_BASE, date(2026, 7, 14),
          date(2026, 7, 15) },
        { "period=7d", USAGE_GRAIN_DAY, date(2026, 7, 8), date(2026, 7, 15) },
        { "period=30d", USAGE_GRAIN_DAY, date(2026, 6, 15), date(2026, 7, 15) },
        { "period=90d", USAGE_GRAIN_DAY, date(2026, 4, 16), date(2026, 7, 15) },
        { "period=month", USAGE_GRAIN_DAY, date(2026, 7, 1),
          date(2026, 7, 15) },
        { "period=12mo", USAGE_GRAIN_MONTH, date(2025, 8, 1),
          date(2026, 8, 1) },
        { "period=all", USAGE_GRAIN_MONTH, 0, date(2026, 8, 1) },
    };
    usage_query_t query = parsed(rows[_i].args);

    ck_assert_int_eq(query.grain, rows[_i].grain);
    ck_assert_int_eq(query.from, rows[_i].from);
    ck_assert_int_eq(query.to, rows[_i].to);
}
END_TEST

/* From 2026-07-14 15:04 in UTC: already the 15th in the east, in the west not
 * yet noon, of a day that began at 11:00. */
START_TEST(period_is_of_the_zone)
{
    usage_zone_span_t spans[] = { { .offset = 9 * HOUR },
                                  { .offset = -11 * HOUR } };
    usage_page_t page = page_of_utc();
    usage_zones_t *zones = usage_zones_make(HOUR, &usage_zone_utc, unit_pool);
    const struct {
        const char *args;
        apr_int64_t from, to, today;
    } rows[] = {
        { "site=e&period=day", date(2026, 7, 14) + 15 * HOUR,
          date(2026, 7, 15) + 15 * HOUR, date(2026, 7, 15) },
        { "site=e&period=7d", date(2026, 7, 9), date(2026, 7, 16),
          date(2026, 7, 15) },
        { "site=w&period=day", date(2026, 7, 14) + 11 * HOUR,
          date(2026, 7, 15) + 11 * HOUR, date(2026, 7, 14) },
        { "site=w&period=month", date(2026, 7, 1), date(2026, 7, 15),
          date(2026, 7, 14) },
        { "period=day", date(2026, 7, 14), date(2026, 7, 15),
          date(2026, 7, 14) },
        { "period=7d", date(2026, 7, 8), date(2026, 7, 16), date(2026, 7, 14) },
        { "site=else&period=7d", date(2026, 7, 8), date(2026, 7, 15),
          date(2026, 7, 14) },
    };
    usage_query_t query;
    const char *problem;

    usage_zones_set(zones, (usage_text_t){ "e", 1 },
                    usage_zone_make("Test/East", &spans[0], 1, unit_pool));
    usage_zones_set(zones, (usage_text_t){ "w", 1 },
                    usage_zone_make("Test/West", &spans[1], 1, unit_pool));
    page.zones = zones;
    ck_assert_int_eq(
        usage_query_parse(rows[_i].args, &page, &query, &problem, unit_pool),
        APR_SUCCESS);
    ck_assert_int_eq(query.from, rows[_i].from);
    ck_assert_int_eq(query.to, rows[_i].to);
    ck_assert_int_eq(query.today, rows[_i].today);
    apr_int64_t last = query.from;
    for (apr_int64_t next = last; next < query.to;
         next = usage_query_next(&query, next)) {
        last = next;
    }
    ck_assert_int_eq(usage_query_next(&query, last), query.to);
}
END_TEST

START_TEST(period_has_a_word_and_a_label)
{
    const char *word = usage_period_word((usage_period_e)_i);
    usage_query_t query = parsed(apr_pstrcat(unit_pool, "period=", word, NULL));

    ck_assert_int_eq(query.period, _i);
    ck_assert_uint_gt(strlen(usage_period_label((usage_period_e)_i)), 0);
}
END_TEST

START_TEST(site_is_decoded)
{
    ck_assert_str_eq(parsed("site=www.example.org").site, "www.example.org");
    ck_assert_str_eq(parsed("site=a+b%26c%3D%2B%C3%A9").site,
                     "a b&c=+\xC3\xA9");
    ck_assert_str_eq(parsed("site=a=b").site, "a=b");
    ck_assert_str_eq(parsed("s%69te=a").site, "a");
    ck_assert_str_eq(parsed("site").site, "");
}
END_TEST

START_TEST(last_of_repeated_arguments_counts)
{
    usage_query_t query = parsed("site=a&period=week&period=7d&site=b");

    ck_assert_str_eq(query.site, "b");
    ck_assert_int_eq(query.period, USAGE_PERIOD_7D);
}
END_TEST

START_TEST(unknown_argument_is_ignored)
{
    usage_query_t query = parsed("colour=red&%zz=1&F=%zz&site=a");

    ck_assert_str_eq(query.site, "a");
}
END_TEST

static const char *const bad[] = {
    "period=week", "period=",         "period",       "period=30D",
    "period=7d%",  "site=%",          "site=%0",      "site=%zz",
    "site=%00",    "site=a%0Ab",      "site=%7F",     "site=a%09",
    "site=%FF",    "site=%C3",        "site=%C0%AF",  "site=%ED%A0%80",
    "site=\n",     "site=a&site=%1B", "period=7d%00",
};

START_TEST(bad_value_is_refused)
{
    usage_query_t query;

    ck_assert_int_eq(parse(bad[_i], &query), APR_EINVAL);
}
END_TEST

START_TEST(site_has_255_bytes_at_most)
{
    char args[] = "site=................................................."
                  "......................................................."
                  "......................................................."
                  "......................................................."
                  "..........................................";
    usage_query_t query;

    ck_assert_uint_eq(strlen(args), 5 + 256);
    ck_assert_int_eq(parse(args, &query), APR_EINVAL);
    args[5 + 255] = '\0';
    ck_assert_int_eq(parse(args, &query), APR_SUCCESS);
    ck_assert_uint_eq(strlen(query.site), 255);
}
END_TEST

START_TEST(problem_tells_the_periods)
{
    usage_query_t query;
    const char *problem = NULL;
    usage_page_t page = page_of_utc();

    ck_assert_int_eq(
        usage_query_parse("period=week", &page, &query, &problem, unit_pool),
        APR_EINVAL);
    for (int i = 0; i < USAGE_PERIODS; i++) {
        ck_assert_ptr_nonnull(
            strstr(problem, usage_period_word((usage_period_e)i)));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("query");
    TCase *tcase = unit_case(suite, "query");

    tcase_add_loop_test(tcase, query_defaults_to_thirty_days_of_all_sites, 0,
                        4);
    tcase_add_loop_test(tcase, period_spans_whole_intervals, 0, USAGE_PERIODS);
    tcase_add_loop_test(tcase, period_is_of_the_zone, 0, 7);
    tcase_add_loop_test(tcase, period_has_a_word_and_a_label, 0, USAGE_PERIODS);
    tcase_add_test(tcase, site_is_decoded);
    tcase_add_test(tcase, last_of_repeated_arguments_counts);
    tcase_add_test(tcase, unknown_argument_is_ignored);
    tcase_add_loop_test(tcase, bad_value_is_refused, 0,
                        (int)(sizeof(bad) / sizeof(bad[0])));
    tcase_add_test(tcase, site_has_255_bytes_at_most);
    tcase_add_test(tcase, problem_tells_the_periods);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
