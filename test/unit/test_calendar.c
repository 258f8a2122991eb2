/* SPDX-License-Identifier: Apache-2.0 */
/* Intervals, measured by the C library's calendar. */
#include "unit.h"

#include <time.h>

#include "engine/calendar.h"
#include "random.h"

enum { DAY = 86400, TIMES = 2000 };

/* Seconds from about the year -5900 to 9900. */
#define FAR APR_INT64_C(250000000000)

static struct tm broken_down(apr_int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    ck_assert_ptr_nonnull(gmtime_r(&time, &parts));
    return parts;
}

static apr_int64_t first_of_month(int year, int month)
{
    struct tm parts = { .tm_year = year - 1900,
                        .tm_mon = month - 1,
                        .tm_mday = 1 };
    return timegm(&parts);
}

static apr_int64_t random_time(random_t *random)
{
    apr_int64_t range = random_chance(random, 50) ? FAR : FAR / 100;
    return (apr_int64_t)(random_next(random) % (apr_uint64_t)(2 * range))
           - range;
}

START_TEST(calendar_agrees_with_gmtime)
{
    random_t random = random_make(_i);
    for (int i = 0; i < TIMES; i++) {
        apr_int64_t time = random_time(&random);
        struct tm parts = broken_down(time);
        usage_date_t date = usage_calendar_date(time);
        ck_assert_int_eq(date.year, parts.tm_year + 1900);
        ck_assert_int_eq(date.month, parts.tm_mon + 1);
        ck_assert_int_eq(date.day, parts.tm_mday);
        apr_int64_t day =
            time - parts.tm_hour * 3600 - parts.tm_min * 60 - parts.tm_sec;
        ck_assert_int_eq(usage_calendar_day(time), day);
        ck_assert_int_eq(usage_calendar_time(date), day);
        ck_assert_int_eq(usage_calendar_month(time),
                         first_of_month(date.year, date.month));
    }
}
END_TEST

START_TEST(month_add_agrees_with_timegm)
{
    random_t random = random_make(_i);
    for (int i = 0; i < TIMES; i++) {
        apr_int64_t time = random_time(&random);
        struct tm parts = broken_down(time);
        int months = random_below(&random, 100000) - 50000;
        if (random_chance(&random, 50)) {
            months %= 30;
        }
        ck_assert_int_eq(
            usage_calendar_month_add(time, months),
            first_of_month(parts.tm_year + 1900, parts.tm_mon + 1 + months));
    }
}
END_TEST

START_TEST(each_day_follows_the_one_before)
{
    usage_date_t date = { .year = -401, .month = 1, .day = 1 };
    apr_int64_t time = usage_calendar_time(date);
    for (int i = 0; i < 366 * 900; i++, time += DAY) {
        usage_date_t next = usage_calendar_date(time + DAY);
        bool is_next_day = next.day == date.day + 1 && next.month == date.month
                           && next.year == date.year;
        bool is_next_month = next.day == 1 && date.day >= 28
                             && next.month == date.month % 12 + 1
                             && next.year == date.year + (date.month == 12);
        if (!is_next_day && !is_next_month) {
            ck_abort_msg("%d-%d-%d comes after %d-%d-%d", next.year, next.month,
                         next.day, date.year, date.month, date.day);
        }
        date = next;
    }
}
END_TEST

START_TEST(leap_years_have_a_29th_of_february)
{
    static const struct {
        int year;
        bool is_leap;
    } rows[] = { { 1900, false }, { 2000, true },  { 2023, false },
                 { 2024, true },  { 2100, false }, { 2400, true },
                 { 0, true },     { -4, true },    { -100, false },
                 { -400, true },  { 1, false },    { 1968, true } };
    usage_date_t last = { .year = rows[_i].year, .month = 2, .day = 28 };
    apr_int64_t after = usage_calendar_time(last) + DAY;
    ck_assert_int_eq(usage_calendar_date(after).day, rows[_i].is_leap ? 29 : 1);
}
END_TEST

START_TEST(interval_holds_its_time)
{
    static const apr_int64_t lengths[] = { 600,  900,  1200,  1800,  3600,
                                           7200, 7200, 21600, 43200, DAY };
    apr_int64_t length = lengths[_i];
    random_t random = random_make(_i);
    for (int i = 0; i < TIMES; i++) {
        apr_int64_t time = random_time(&random);
        for (int grain = 0; grain < USAGE_GRAINS; grain++) {
            usage_grain_e g = (usage_grain_e)grain;
            apr_int64_t start = usage_calendar_start(time, g, length);
            apr_int64_t next = usage_calendar_next(start, g, length);
            ck_assert(start <= time && time < next);
            ck_assert_int_eq(usage_calendar_start(next, g, length), next);
            ck_assert_int_eq(usage_calendar_start(next - 1, g, length), start);
        }
        apr_int64_t base = usage_calendar_base(time, length);
        ck_assert_int_eq(base % length, 0);
        ck_assert_int_eq(
            usage_calendar_next(base, USAGE_GRAIN_BASE, length) - base, length);
    }
}
END_TEST

START_TEST(grains_begin_where_their_functions_say)
{
    apr_int64_t time = 1784041440; /* 2026-07-14 15:04 */
    ck_assert_int_eq(usage_calendar_start(time, USAGE_GRAIN_BASE, 3600),
                     usage_calendar_base(time, 3600));
    ck_assert_int_eq(usage_calendar_start(time, USAGE_GRAIN_DAY, 3600),
                     usage_calendar_day(time));
    ck_assert_int_eq(usage_calendar_start(time, USAGE_GRAIN_MONTH, 3600),
                     usage_calendar_month(time));
    ck_assert_int_eq(usage_calendar_month(time), 1782864000);
    ck_assert_int_eq(usage_calendar_day(time), 1783987200);
    ck_assert_int_eq(usage_calendar_base(time, 3600), 1784041200);
}
END_TEST

START_TEST(time_before_1970_rounds_down)
{
    ck_assert_int_eq(usage_calendar_day(-1), -DAY);
    ck_assert_int_eq(usage_calendar_day(-DAY), -DAY);
    ck_assert_int_eq(usage_calendar_base(-1, 3600), -3600);
    ck_assert_int_eq(usage_calendar_month(-1), -31 * DAY);
    ck_assert_int_eq(usage_calendar_month_add(0, -1), -31 * DAY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calendar");
    TCase *tcase = unit_case(suite, "calendar");

    tcase_add_loop_test(tcase, calendar_agrees_with_gmtime, 0, 5);
    tcase_add_loop_test(tcase, month_add_agrees_with_timegm, 0, 5);
    tcase_add_test(tcase, each_day_follows_the_one_before);
    tcase_add_loop_test(tcase, leap_years_have_a_29th_of_february, 0, 12);
    tcase_add_loop_test(tcase, interval_holds_its_time, 0, 10);
    tcase_add_test(tcase, grains_begin_where_their_functions_say);
    tcase_add_test(tcase, time_before_1970_rounds_down);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
