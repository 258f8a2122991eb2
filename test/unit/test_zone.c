/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones made by hand, so that nobody's rules are needed; the clock that
 * remembers; zones of the system (test_zones.py has the most of these).
 */
#include "visits.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "random.h"

enum { MINUTE = 60, QUARTER = 15 * MINUTE };

/* Some 17,000 years. */
#define FAR_BACK APR_INT64_C(549755813888)

static bool runs_on_rules(void)
{
    return access(usage_zone_folder(), R_OK) == 0;
}

/* An hour on at MIDNIGHT + 2 h, and back a day later at 3 h, as in Europe. */
static const usage_zone_t *summer_day(void)
{
    static usage_zone_span_t spans[3];
    spans[0] = (usage_zone_span_t){ .from = 0, .offset = 0 };
    spans[1] =
        (usage_zone_span_t){ .from = MIDNIGHT + 2 * HOUR, .offset = HOUR };
    spans[2] =
        (usage_zone_span_t){ .from = MIDNIGHT + DAY + 2 * HOUR, .offset = 0 };
    return usage_zone_make("Test/Summer", spans, 3, unit_pool);
}

START_TEST(utc_is_the_calendar)
{
    random_t random = random_make(1);
    for (int i = 0; i < 2000; i++) {
        apr_int64_t time = (apr_int64_t)(random_next(&random) >> 24) - FAR_BACK;
        for (int grain = 0; grain < USAGE_GRAINS; grain++) {
            usage_grain_e g = (usage_grain_e)grain;
            apr_int64_t start =
                usage_zone_start(&usage_zone_utc, time, g, HOUR);
            ck_assert_int_eq(start, usage_calendar_start(time, g, HOUR));
            ck_assert_int_eq(usage_zone_next(&usage_zone_utc, start, g, HOUR),
                             usage_calendar_next(start, g, HOUR));
        }
    }
}
END_TEST

START_TEST(day_is_as_long_as_its_clock_says)
{
    const usage_zone_t *zone = summer_day();
    apr_int64_t first = usage_zone_day(zone, MIDNIGHT + HOUR);
    apr_int64_t second = usage_zone_day_next(zone, first);
    apr_int64_t third = usage_zone_day_next(zone, second);
    ck_assert_int_eq(first, MIDNIGHT);
    ck_assert_int_eq(second, MIDNIGHT + 23 * HOUR);
    ck_assert_int_eq(third, MIDNIGHT + 48 * HOUR);
    ck_assert_int_eq(usage_zone_start(zone, second, USAGE_GRAIN_DAY, HOUR),
                     MIDNIGHT + DAY);
}
END_TEST

/* Multiples of six hours: one of 5 hours, then one of 7. */
START_TEST(clock_that_is_set_within_makes_an_interval_longer)
{
    const usage_zone_t *zone = summer_day();
    static const int ends[] = { 5, 11, 17, 23, 30, 36, 42, 48, 54 };
    apr_int64_t start = MIDNIGHT;
    for (apr_size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        apr_int64_t end = MIDNIGHT + (apr_int64_t)ends[i] * HOUR;
        ck_assert_int_eq(usage_zone_base_next(zone, start, 6 * HOUR), end);
        ck_assert_int_eq(usage_zone_base(zone, end - 1, 6 * HOUR), start);
        start = end;
    }
}
END_TEST

START_TEST(hour_that_comes_twice_is_two)
{
    const usage_zone_t *zone = summer_day();
    apr_int64_t set = MIDNIGHT + DAY + 2 * HOUR;
    ck_assert(!usage_zone_is_repeated(zone, set - 1));
    ck_assert(usage_zone_is_repeated(zone, set));
    ck_assert(usage_zone_is_repeated(zone, set + HOUR - 1));
    ck_assert(!usage_zone_is_repeated(zone, set + HOUR));
    ck_assert_int_eq(usage_zone_base(zone, set - 1, HOUR), set - HOUR);
    ck_assert_int_eq(usage_zone_base(zone, set, HOUR), set);
}
END_TEST

/* The clock's word is an aid only: whatever it remembers, answers are right. */
START_TEST(clock_answers_as_its_zone_does)
{
    static const apr_int64_t lengths[] = { 10 * MINUTE, HOUR, 6 * HOUR, DAY };
    const usage_zone_t *zone = _i % 2 ? summer_day() : &usage_zone_utc;
    usage_clock_t clock = { .zone = zone, .interval = lengths[_i / 2] };
    random_t random = random_make(_i);
    apr_int64_t time = MIDNIGHT;
    for (int i = 0; i < 20000; i++) {
        time = random_chance(&random, 5)
                   ? MIDNIGHT + random_below(&random, 4 * DAY) - DAY
                   : time + random_below(&random, 300) - 20;
        usage_moment_t moment = usage_clock_at(&clock, time);
        ck_assert_int_eq(moment.start,
                         usage_zone_base(zone, time, clock.interval));
        ck_assert_int_eq(moment.minute, moment.start / MINUTE);
        ck_assert_int_eq(moment.day, usage_zone_day(zone, time));
        ck_assert_int_eq(moment.date,
                         usage_zone_start(zone, time, USAGE_GRAIN_DAY, HOUR));
    }
}
END_TEST

START_TEST(clock_remembers_its_interval)
{
    usage_clock_t clock = { .zone = summer_day(), .interval = HOUR };
    usage_clock_at(&clock, MIDNIGHT + 5);
    apr_uint64_t word = clock.word;
    ck_assert_uint_ne(word, 0);
    for (int i = 0; i < HOUR; i++) {
        usage_clock_at(&clock, MIDNIGHT + i);
        ck_assert_uint_eq(clock.word, word);
        ck_assert(usage_clock_holds(word, (MIDNIGHT + i) / MINUTE));
    }
    ck_assert(!usage_clock_holds(word, MIDNIGHT / MINUTE - 1));
    ck_assert(!usage_clock_holds(word, (MIDNIGHT + HOUR) / MINUTE));
    ck_assert(!usage_clock_holds(0, 0));
    usage_clock_at(&clock, MIDNIGHT + HOUR);
    ck_assert_uint_ne(clock.word, word);
}
END_TEST

/* What does not fit into a word is worked out each time: seconds, and times
 * before 1970. */
START_TEST(clock_of_odd_seconds_remembers_nothing)
{
    usage_zone_span_t span = { .offset = -2670 };
    usage_clock_t odd = { .zone =
                              usage_zone_make("Test/Odd", &span, 1, unit_pool),
                          .interval = HOUR };
    usage_clock_t early = { .zone = &usage_zone_utc, .interval = HOUR };
    ck_assert_int_eq(usage_clock_at(&odd, MIDNIGHT).start,
                     MIDNIGHT - HOUR + 2670);
    ck_assert_uint_eq(odd.word, 0);
    ck_assert_int_eq(usage_clock_at(&early, -1).start, -HOUR);
    ck_assert_int_eq(usage_clock_at(&early, -1).day, -DAY);
    ck_assert_uint_eq(early.word, 0);
    ck_assert_int_eq(usage_clock_at(&early, 0).start, 0);
}
END_TEST

START_TEST(sites_have_their_zones)
{
    const usage_zone_t *summer = summer_day();
    usage_zones_t *zones = usage_zones_make(HOUR, &usage_zone_utc, unit_pool);
    usage_zones_set(zones, text_of("a.example"), summer);
    usage_zones_set(zones, text_of("b.example"), summer);
    ck_assert_ptr_eq(usage_zones_of(zones, text_of("a.example")), summer);
    ck_assert_ptr_eq(usage_zones_of(zones, text_of("b.example")), summer);
    ck_assert_ptr_eq(usage_zones_of(zones, text_of("a.exampl")),
                     &usage_zone_utc);
    ck_assert_int_eq(zones->all->nelts, 2);
    apr_int64_t late = MIDNIGHT + 23 * HOUR + QUARTER;
    ck_assert_int_eq(usage_zones_first_date(zones, late), MIDNIGHT / DAY);
    ck_assert_int_eq(usage_zones_last_date(zones, late), MIDNIGHT / DAY + 1);
}
END_TEST

START_TEST(unknown_zone_is_refused)
{
    static const char *const names[] = { "",          "Europe/Atlantis",
                                         "Europe",    "../zoneinfo/UTC",
                                         "/etc/motd", "tzdata.zi",
                                         "utc0",      "Europe/Berlin\n" };
    const usage_zone_t *zone = NULL;
    if (runs_on_rules()) {
        ck_assert_int_eq(usage_zone_read(names[_i], &zone, unit_pool),
                         APR_ENOENT);
    }
    setenv("TZDIR", "/nowhere", 1);
    ck_assert_int_eq(usage_zone_read(names[_i], &zone, unit_pool), APR_ENODIR);
    ck_assert_int_eq(usage_zone_read("UTC", &zone, unit_pool), APR_SUCCESS);
    ck_assert_ptr_eq(zone, &usage_zone_utc);
}
END_TEST

/* The server's own local time, of its logs for one, stays what it is. */
START_TEST(reading_a_zone_leaves_the_process_in_its_own)
{
    static const char *const own[] = { "Asia/Tokyo", "UTC", NULL };
    time_t time = (time_t)MIDNIGHT;
    struct tm before;
    struct tm after;
    if (own[_i] != NULL) {
        setenv("TZ", own[_i], 1);
    }
    else {
        unsetenv("TZ");
    }
    tzset();
    localtime_r(&time, &before);
    const usage_zone_t *zone = zone_named("America/New_York", unit_pool);
    localtime_r(&time, &after);
    ck_assert_int_eq(after.tm_gmtoff, before.tm_gmtoff);
    ck_assert_int_eq(after.tm_hour, before.tm_hour);
    ck_assert(own[_i] == NULL ? getenv("TZ") == NULL
                              : strcmp(getenv("TZ"), own[_i]) == 0);
    ck_assert_int_eq(usage_zone_offset(zone, MIDNIGHT), -4 * HOUR);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("zone");
    TCase *zone = unit_case(suite, "zone");
    TCase *clock = unit_case(suite, "clock");
    TCase *system = unit_case(suite, "system");

    tcase_add_test(zone, utc_is_the_calendar);
    tcase_add_test(zone, day_is_as_long_as_its_clock_says);
    tcase_add_test(zone, clock_that_is_set_within_makes_an_interval_longer);
    tcase_add_test(zone, hour_that_comes_twice_is_two);
    tcase_add_test(zone, sites_have_their_zones);

    tcase_add_loop_test(clock, clock_answers_as_its_zone_does, 0, 8);
    tcase_add_test(clock, clock_remembers_its_interval);
    tcase_add_test(clock, clock_of_odd_seconds_remembers_nothing);

    tcase_add_loop_test(system, unknown_zone_is_refused, 0, 8);
    tcase_add_loop_test(system, reading_a_zone_leaves_the_process_in_its_own, 0,
                        3);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
