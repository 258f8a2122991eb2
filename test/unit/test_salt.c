/* SPDX-License-Identifier: Apache-2.0 */
/* The salts: one a day, made ahead, kept one window too long, then gone. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/salt.h"
#include "zoned.h"

#define HOUR     3600
#define DAY      86400
#define WINDOW   1800
#define KEY      16
#define MIDNIGHT APR_INT64_C(1783987200) /* 2026-07-14 00:00 */

static usage_salts_t salts;
static int calls;
static int fails_from; /* the call from which on there is nothing random */

static void begin(void)
{
    memset(&salts, 0, sizeof salts);
    calls = 0;
    fails_from = 0;
}

/* Bytes of which no 8 in a row come twice, and none is 0. */
static apr_status_t counted_random(unsigned char *bytes, apr_size_t length)
{
    calls++;
    ck_assert_uint_eq(length, KEY);
    if (fails_from != 0 && calls >= fails_from) {
        memset(bytes, 0xee, length / 2);
        return APR_EGENERAL;
    }
    for (apr_size_t i = 0; i < length; i++) {
        bytes[i] = (unsigned char)(i % 8 == 0 ? calls : calls * 7 + (int)i) | 1;
    }
    return APR_SUCCESS;
}

static apr_status_t try_to_keep(apr_int64_t now, apr_int64_t window)
{
    usage_salts_need_t need = { .zones = all_utc(HOUR, unit_pool),
                                .now = now,
                                .window = window };
    return usage_salts_keep(&salts, &need, counted_random);
}

static void keep(apr_int64_t now)
{
    ck_assert_int_eq(try_to_keep(now, WINDOW), APR_SUCCESS);
}

/* A copy of a day's salt. */
static const unsigned char *key_of(apr_int64_t day)
{
    const unsigned char *key = usage_salts_of(&salts, day);
    ck_assert_ptr_nonnull(key);
    return apr_pmemdup(unit_pool, key, KEY);
}

static bool has(apr_int64_t day)
{
    return usage_salts_of(&salts, day) != NULL;
}

/* Whether either half of a key is anywhere in the ring. */
static bool is_left(const unsigned char *key)
{
    return memmem(&salts, sizeof salts, key, KEY / 2) != NULL
           || memmem(&salts, sizeof salts, key + KEY / 2, KEY / 2) != NULL;
}

/* Days that have a salt. */
static int standing(void)
{
    int count = 0;
    for (int i = 0; i < USAGE_SALTS; i++) {
        count += salts.of[i].day != 0;
    }
    return count;
}

START_TEST(empty_ring_has_no_salt)
{
    ck_assert(!has(MIDNIGHT));
    ck_assert(!has(MIDNIGHT + DAY));
}
END_TEST

START_TEST(today_and_tomorrow_are_made)
{
    keep(MIDNIGHT + HOUR);
    ck_assert(!has(MIDNIGHT - DAY));
    ck_assert_mem_ne(key_of(MIDNIGHT), key_of(MIDNIGHT + DAY), KEY);
    ck_assert(!has(MIDNIGHT + 2 * DAY));
    ck_assert_int_eq(calls, 2);
}
END_TEST

START_TEST(salt_is_all_random)
{
    unsigned char expected[KEY];
    keep(MIDNIGHT);
    calls = 0;
    counted_random(expected, sizeof expected);
    ck_assert_mem_eq(key_of(MIDNIGHT), expected, KEY);
}
END_TEST

START_TEST(salt_stays_the_same_all_day)
{
    keep(MIDNIGHT);
    const unsigned char *key = key_of(MIDNIGHT);
    for (apr_int64_t now = MIDNIGHT; now < MIDNIGHT + DAY; now += 10) {
        keep(now);
        ck_assert_mem_eq(usage_salts_of(&salts, MIDNIGHT), key, KEY);
    }
    ck_assert_int_eq(calls, 2);
}
END_TEST

START_TEST(salt_made_ahead_is_the_next_day_s)
{
    keep(MIDNIGHT - 1);
    const unsigned char *ahead = key_of(MIDNIGHT);
    keep(MIDNIGHT);
    ck_assert_mem_eq(key_of(MIDNIGHT), ahead, KEY);
    ck_assert_int_eq(calls, 3);
}
END_TEST

START_TEST(yesterday_s_is_kept_for_one_window)
{
    keep(MIDNIGHT - 1);
    const unsigned char *yesterday = key_of(MIDNIGHT - DAY);
    keep(MIDNIGHT);
    ck_assert_mem_eq(key_of(MIDNIGHT - DAY), yesterday, KEY);
    keep(MIDNIGHT + WINDOW - 1);
    ck_assert_mem_eq(key_of(MIDNIGHT - DAY), yesterday, KEY);
    ck_assert_int_eq(standing(), 3);
}
END_TEST

START_TEST(yesterday_s_is_gone_after_one_window)
{
    keep(MIDNIGHT - 1);
    const unsigned char *yesterday = key_of(MIDNIGHT - DAY);
    ck_assert(is_left(yesterday));
    keep(MIDNIGHT + WINDOW);
    ck_assert(!has(MIDNIGHT - DAY));
    ck_assert(!is_left(yesterday));
    ck_assert_int_eq(standing(), 2);
}
END_TEST

START_TEST(without_a_window_it_is_gone_at_midnight)
{
    try_to_keep(MIDNIGHT - 1, 0);
    const unsigned char *yesterday = key_of(MIDNIGHT - DAY);
    try_to_keep(MIDNIGHT, 0);
    ck_assert(!is_left(yesterday));
}
END_TEST

START_TEST(every_day_has_its_own)
{
    const unsigned char *seen[60];
    for (int day = 0; day < 60; day++) {
        apr_int64_t first = MIDNIGHT + (apr_int64_t)day * DAY;
        for (apr_int64_t now = first; now < first + DAY; now += 600) {
            keep(now);
        }
        seen[day] = key_of(first);
        for (int i = 0; i < day; i++) {
            ck_assert_mem_ne(seen[i], seen[day], KEY);
            ck_assert(!is_left(seen[i]));
        }
    }
    ck_assert_int_eq(calls, 61);
}
END_TEST

START_TEST(days_that_share_a_place_are_not_mistaken)
{
    keep(MIDNIGHT);
    ck_assert(!has(MIDNIGHT + USAGE_SALTS * 900));
    ck_assert(!has(MIDNIGHT - USAGE_SALTS * 900));
}
END_TEST

START_TEST(clock_that_jumps_ahead_leaves_nothing_behind)
{
    static const int days[] = { 1, 2, 3, 4, 5, 10, 1000 };
    for (apr_size_t i = 0; i < sizeof days / sizeof *days; i++) {
        begin();
        keep(MIDNIGHT);
        const unsigned char *today = key_of(MIDNIGHT);
        apr_int64_t then = MIDNIGHT + (apr_int64_t)days[i] * DAY;
        keep(then + HOUR);
        ck_assert(!is_left(today));
        ck_assert(has(then) && has(then + DAY));
        ck_assert_int_eq(standing(), 2);
    }
}
END_TEST

START_TEST(clock_that_jumps_back_leaves_nothing_ahead)
{
    static const int days[] = { 2, 3, 4, 5, 10, 1000 };
    for (apr_size_t i = 0; i < sizeof days / sizeof *days; i++) {
        begin();
        keep(MIDNIGHT);
        const unsigned char *today = key_of(MIDNIGHT);
        const unsigned char *tomorrow = key_of(MIDNIGHT + DAY);
        apr_int64_t then = MIDNIGHT - (apr_int64_t)days[i] * DAY;
        keep(then + HOUR);
        ck_assert(!is_left(today) && !is_left(tomorrow));
        ck_assert(has(then) && has(then + DAY));
        ck_assert_int_eq(standing(), 2);
    }
}
END_TEST

START_TEST(clock_that_goes_back_over_midnight_finds_both_days)
{
    keep(MIDNIGHT - 60);
    const unsigned char *before = key_of(MIDNIGHT - DAY);
    const unsigned char *after = key_of(MIDNIGHT);
    keep(MIDNIGHT + 5);
    keep(MIDNIGHT - 5);
    ck_assert_mem_eq(key_of(MIDNIGHT - DAY), before, KEY);
    ck_assert_mem_eq(key_of(MIDNIGHT), after, KEY);
    ck_assert(!has(MIDNIGHT + DAY));
    keep(MIDNIGHT + 6);
    ck_assert_mem_eq(key_of(MIDNIGHT), after, KEY);
}
END_TEST

START_TEST(destroyed_day_never_gets_its_salt_back)
{
    keep(MIDNIGHT - 60);
    const unsigned char *before = key_of(MIDNIGHT - DAY);
    keep(MIDNIGHT + WINDOW);
    keep(MIDNIGHT - 60);
    ck_assert_mem_ne(key_of(MIDNIGHT - DAY), before, KEY);
    ck_assert(!is_left(before));
}
END_TEST

/* Of two zones: days that begin in the same second and end an hour apart. */
static const usage_zones_t *two_zones(void)
{
    static usage_zone_span_t still = { .from = 0, .offset = 0 };
    static usage_zone_span_t set_back[2];
    usage_zones_t *zones = usage_zones_make(
        HOUR, usage_zone_make("Test/Still", &still, 1, unit_pool), unit_pool);
    set_back[1] =
        (usage_zone_span_t){ .from = MIDNIGHT + 2 * HOUR, .offset = -HOUR };
    usage_zones_set(zones, (usage_text_t){ "b", 1 },
                    usage_zone_make("Test/Back", set_back, 2, unit_pool));
    return zones;
}

static void keep_of(const usage_zones_t *zones, apr_int64_t now)
{
    usage_salts_need_t need = { .zones = zones, .now = now, .window = WINDOW };
    ck_assert_int_eq(usage_salts_keep(&salts, &need, counted_random),
                     APR_SUCCESS);
}

START_TEST(zones_whose_days_begin_together_share_the_salt)
{
    const usage_zones_t *zones = two_zones();
    keep_of(zones, MIDNIGHT);
    ck_assert_int_eq(standing(), 3);
    const unsigned char *key = key_of(MIDNIGHT);
    ck_assert(has(MIDNIGHT + DAY) && has(MIDNIGHT + 25 * HOUR));
    keep_of(zones, MIDNIGHT + DAY + WINDOW);
    ck_assert_mem_eq(key_of(MIDNIGHT), key, KEY);
    keep_of(zones, MIDNIGHT + 25 * HOUR + WINDOW - 1);
    ck_assert_mem_eq(key_of(MIDNIGHT), key, KEY);
    keep_of(zones, MIDNIGHT + 25 * HOUR + WINDOW);
    ck_assert(!has(MIDNIGHT) && !is_left(key));
}
END_TEST

/* Every quarter of an hour from 12 hours west to 14 east, for three days. */
START_TEST(all_zones_of_the_world_have_their_salts)
{
    static usage_zone_span_t spans[105];
    usage_zones_t *zones = usage_zones_make(HOUR, &usage_zone_utc, unit_pool);
    for (int i = 0; i < 105; i++) {
        spans[i].offset = (i - 48) * 900;
        usage_zones_set(
            zones, (usage_text_t){ "x", 1 },
            usage_zone_make("Test/Quarter", &spans[i], 1, unit_pool));
    }
    for (apr_int64_t now = MIDNIGHT; now < MIDNIGHT + 3 * DAY; now += 900) {
        keep_of(zones, now);
        for (int i = 0; i < zones->all->nelts; i++) {
            const usage_zone_t *zone =
                APR_ARRAY_IDX(zones->all, i, const usage_zone_t *);
            ck_assert(has(usage_zone_day(zone, now)));
            ck_assert(has(usage_zone_day_next(zone, now)));
            ck_assert(now < MIDNIGHT + DAY
                      || has(usage_zone_day(zone, now - WINDOW)));
        }
        ck_assert_int_le(standing(), 96 * 2 + 2);
    }
}
END_TEST

/* A graceful restart took the zone away; old children may still ask. */
START_TEST(zone_that_is_gone_keeps_its_salt_to_the_day_s_end)
{
    keep_of(two_zones(), MIDNIGHT + 12 * HOUR);
    const unsigned char *key = key_of(MIDNIGHT + 25 * HOUR);
    keep(MIDNIGHT + 26 * HOUR);
    ck_assert(!is_left(key) || has(MIDNIGHT + 25 * HOUR));
    keep(MIDNIGHT + 49 * HOUR + WINDOW);
    ck_assert(!is_left(key));
}
END_TEST

START_TEST(without_randomness_there_is_no_salt)
{
    fails_from = 1;
    ck_assert_int_eq(try_to_keep(MIDNIGHT, WINDOW), APR_EGENERAL);
    ck_assert(!has(MIDNIGHT));
    fails_from = 0;
    keep(MIDNIGHT);
    ck_assert(has(MIDNIGHT) && has(MIDNIGHT + DAY));
}
END_TEST

START_TEST(lack_of_randomness_for_tomorrow_leaves_today)
{
    fails_from = 2;
    ck_assert_int_eq(try_to_keep(MIDNIGHT, WINDOW), APR_EGENERAL);
    const unsigned char *today = key_of(MIDNIGHT);
    ck_assert(!has(MIDNIGHT + DAY));
    fails_from = 0;
    keep(MIDNIGHT + 10);
    ck_assert_mem_eq(key_of(MIDNIGHT), today, KEY);
    ck_assert(has(MIDNIGHT + DAY));
}
END_TEST

START_TEST(lack_of_randomness_still_destroys)
{
    keep(MIDNIGHT - 1);
    const unsigned char *yesterday = key_of(MIDNIGHT - DAY);
    fails_from = calls + 1;
    ck_assert_int_eq(try_to_keep(MIDNIGHT + WINDOW, WINDOW), APR_EGENERAL);
    ck_assert(!is_left(yesterday));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("salt");
    TCase *day = unit_case(suite, "day");
    TCase *clock = unit_case(suite, "clock");
    TCase *randomness = unit_case(suite, "randomness");
    TCase *zones = unit_case(suite, "zones");

    tcase_add_checked_fixture(day, begin, NULL);
    tcase_add_test(day, empty_ring_has_no_salt);
    tcase_add_test(day, today_and_tomorrow_are_made);
    tcase_add_test(day, salt_is_all_random);
    tcase_add_test(day, salt_stays_the_same_all_day);
    tcase_add_test(day, salt_made_ahead_is_the_next_day_s);
    tcase_add_test(day, yesterday_s_is_kept_for_one_window);
    tcase_add_test(day, yesterday_s_is_gone_after_one_window);
    tcase_add_test(day, without_a_window_it_is_gone_at_midnight);
    tcase_add_test(day, every_day_has_its_own);
    tcase_add_test(day, days_that_share_a_place_are_not_mistaken);

    tcase_add_checked_fixture(clock, begin, NULL);
    tcase_add_test(clock, clock_that_jumps_ahead_leaves_nothing_behind);
    tcase_add_test(clock, clock_that_jumps_back_leaves_nothing_ahead);
    tcase_add_test(clock, clock_that_goes_back_over_midnight_finds_both_days);
    tcase_add_test(clock, destroyed_day_never_gets_its_salt_back);

    tcase_add_checked_fixture(randomness, begin, NULL);
    tcase_add_test(randomness, without_randomness_there_is_no_salt);
    tcase_add_test(randomness, lack_of_randomness_for_tomorrow_leaves_today);
    tcase_add_test(randomness, lack_of_randomness_still_destroys);

    tcase_add_checked_fixture(zones, begin, NULL);
    tcase_add_test(zones, zones_whose_days_begin_together_share_the_salt);
    tcase_add_test(zones, all_zones_of_the_world_have_their_salts);
    tcase_add_test(zones, zone_that_is_gone_keeps_its_salt_to_the_day_s_end);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
