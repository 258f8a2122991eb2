/* SPDX-License-Identifier: Apache-2.0 */
/* A site's place: its ring, its minutes and its day's budget of paths. */
#include "unit.h"

#include <apr_strings.h>

#include "engine/site.h"
#include "threads.h"

#define SITES    64
#define PROBES   32
#define MINUTE   60
#define DAY      86400
#define SEEN     4096
#define NEARLY   (SEEN / 4 * 3)
#define MIDNIGHT APR_INT64_C(1783987200) /* 2026-07-14 00:00 */

static usage_text_t text_of(const char *text)
{
    return (usage_text_t){ text, strlen(text) };
}

static usage_sites_t make_sites(void)
{
    return (usage_sites_t){
        .all = apr_pcalloc(unit_pool,
                           (SITES + USAGE_SITES_SHARED) * sizeof(usage_site_t)),
        .count = SITES,
    };
}

static usage_site_t *make_site(void)
{
    usage_site_t *site = apr_pcalloc(unit_pool, sizeof *site);
    site->key = 4711;
    return site;
}

static usage_set_t make_seen(void)
{
    usage_set_t set = { .capacity = SEEN };
    set.head = apr_pcalloc(unit_pool, sizeof *set.head);
    for (int i = 0; i < 2; i++) {
        set.members[i] = apr_pcalloc(unit_pool, SEEN * sizeof(apr_uint64_t));
    }
    return set;
}

START_TEST(site_keeps_its_place)
{
    usage_sites_t sites = make_sites();
    apr_uint64_t a = usage_site_key(text_of("a.example"));
    apr_uint64_t b = usage_site_key(text_of("b.example"));
    ck_assert_uint_ne(a, b);
    ck_assert_ptr_eq(usage_site_of(&sites, a), usage_site_of(&sites, a));
    ck_assert_ptr_ne(usage_site_of(&sites, a), usage_site_of(&sites, b));
    ck_assert_uint_eq(usage_site_of(&sites, a)->key, a);
}
END_TEST

/* Other nodes, and this one after a restart, must come to the same. */
START_TEST(key_is_the_same_everywhere)
{
    ck_assert_uint_eq(usage_site_key(text_of("a.example")),
                      APR_UINT64_C(0x9ec428c465056f88));
    ck_assert_uint_ne(usage_site_key(text_of("")), 0);
}
END_TEST

START_TEST(neighbours_get_places_of_their_own)
{
    usage_sites_t sites = make_sites();
    for (apr_uint64_t i = 0; i < PROBES; i++) {
        ck_assert_ptr_eq(usage_site_of(&sites, SITES * (i + 1) + 60),
                         &sites.all[(60 + i) % SITES]);
    }
}
END_TEST

START_TEST(sites_too_many_share_the_places_behind)
{
    usage_sites_t sites = make_sites();
    for (apr_uint64_t i = 1; i <= PROBES; i++) {
        usage_site_of(&sites, SITES * i);
    }
    for (apr_uint64_t i = PROBES + 1; i < PROBES + 9; i++) {
        apr_uint64_t key = i << 32 | SITES * i;
        ck_assert_ptr_eq(usage_site_of(&sites, key), &sites.all[SITES + i]);
        ck_assert_uint_eq(sites.all[SITES + i].key, 0);
        ck_assert(usage_site_shares(&sites, key));
    }
    ck_assert_ptr_eq(usage_site_of(&sites, UINT64_MAX / SITES * SITES),
                     &sites.all[usage_sites_length(&sites) - 1]);
    ck_assert_ptr_eq(usage_site_of(&sites, SITES), &sites.all[0]);
    ck_assert(!usage_site_shares(&sites, SITES + PROBES));
}
END_TEST

START_TEST(ring_holds_the_newest_views)
{
    usage_site_t *site = make_site();
    for (apr_uint32_t i = 0; i < USAGE_RING + 6; i++) {
        usage_place_t place = { .slot = i, .table = i % 2, .epoch = 3 };
        usage_site_note(site, usage_place_bits(place), MIDNIGHT + i,
                        i % 5 == 0);
    }
    ck_assert_uint_eq(site->next, USAGE_RING + 6);
    for (apr_uint32_t i = 6; i < USAGE_RING + 6; i++) {
        apr_uint64_t word = site->ring[i % USAGE_RING];
        usage_place_t place = usage_place_of(word);
        ck_assert_uint_eq(place.slot, i);
        ck_assert_uint_eq(place.table, i % 2);
        ck_assert_uint_eq(place.epoch, 3);
        ck_assert_int_eq(usage_place_flag(word), i % 5 == 0);
        ck_assert_int_eq(usage_place_age(word, MIDNIGHT + i), 0);
    }
}
END_TEST

static void note(usage_site_t *site, apr_int64_t time, int views)
{
    for (int i = 0; i < views; i++) {
        usage_site_note(site, 2, time, false);
    }
}

/* Views of the minute @a ago before the one of @a now. */
static apr_uint32_t minute_of(const usage_site_t *site, apr_int64_t now,
                              int ago)
{
    apr_uint32_t minutes[USAGE_MINUTES];
    usage_site_minutes(site, now, minutes);
    return minutes[USAGE_MINUTES - 1 - ago];
}

static apr_uint32_t hour_of(const usage_site_t *site, apr_int64_t now)
{
    apr_uint32_t sum = 0;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        sum += minute_of(site, now, i);
    }
    return sum;
}

START_TEST(minute_runs_from_0_to_59)
{
    usage_site_t *site = make_site();
    note(site, MIDNIGHT - 1, 1);
    note(site, MIDNIGHT, 2);
    note(site, MIDNIGHT + 59, 3);
    note(site, MIDNIGHT + 60, 4);
    ck_assert_uint_eq(minute_of(site, MIDNIGHT + 61, 0), 4);
    ck_assert_uint_eq(minute_of(site, MIDNIGHT + 61, 1), 5);
    ck_assert_uint_eq(minute_of(site, MIDNIGHT + 61, 2), 1);
    ck_assert_uint_eq(hour_of(site, MIDNIGHT + 61), 10);
}
END_TEST

START_TEST(minutes_of_a_gap_are_empty)
{
    usage_site_t *site = make_site();
    note(site, MIDNIGHT, 5);
    note(site, MIDNIGHT + 40 * MINUTE, 1);
    ck_assert_uint_eq(minute_of(site, MIDNIGHT + 40 * MINUTE, 40), 5);
    ck_assert_uint_eq(minute_of(site, MIDNIGHT + 40 * MINUTE, 39), 0);
    ck_assert_uint_eq(hour_of(site, MIDNIGHT + 40 * MINUTE), 6);
}
END_TEST

START_TEST(minute_is_over_after_an_hour)
{
    usage_site_t *site = make_site();
    note(site, MIDNIGHT, 5);
    apr_int64_t last = MIDNIGHT + (USAGE_MINUTES - 1) * MINUTE;
    ck_assert_uint_eq(hour_of(site, last + MINUTE - 1), 5);
    ck_assert_uint_eq(hour_of(site, last + MINUTE), 0);
    ck_assert_uint_eq(hour_of(site, last + 500 * MINUTE), 0);
}
END_TEST

START_TEST(minute_begins_anew_an_hour_later)
{
    usage_site_t *site = make_site();
    note(site, MIDNIGHT, 5);
    for (int hours = 1; hours < 30; hours += 7) {
        apr_int64_t now = MIDNIGHT + (apr_int64_t)hours * 60 * MINUTE;
        note(site, now, 2);
        ck_assert_uint_eq(minute_of(site, now, 0), 2);
        ck_assert_uint_eq(hour_of(site, now), 2);
    }
}
END_TEST

START_TEST(minutes_yet_to_come_are_not_shown)
{
    usage_site_t *site = make_site();
    note(site, MIDNIGHT + MINUTE, 5);
    ck_assert_uint_eq(hour_of(site, MIDNIGHT), 0);
    ck_assert_uint_eq(hour_of(site, MIDNIGHT + MINUTE), 5);
}
END_TEST

START_TEST(peak_is_the_most_of_any_minute)
{
    usage_site_t *site = make_site();
    note(site, MIDNIGHT, 3);
    ck_assert_uint_eq(site->peak, 3);
    note(site, MIDNIGHT + 5 * MINUTE, 7);
    note(site, MIDNIGHT + 6 * MINUTE, 6);
    note(site, MIDNIGHT + 600 * MINUTE, 1);
    ck_assert_uint_eq(site->peak, 7);
}
END_TEST

static bool admits(usage_site_t *site, const usage_set_t *seen, int number,
                   apr_int64_t day, apr_uint32_t budget)
{
    char path[32];
    apr_snprintf(path, sizeof path, "/page/%d", number);
    usage_candidate_t page = { 0, { "", 0 }, text_of(path), day, budget };
    return usage_site_admits(site, seen, &page);
}

/* How many of the paths from @a first to @a last are admitted. */
static int admitted(usage_site_t *site, const usage_set_t *seen, int first,
                    int last, apr_int64_t day, apr_uint32_t budget)
{
    int count = 0;
    for (int i = first; i <= last; i++) {
        count += admits(site, seen, i, day, budget);
    }
    return count;
}

START_TEST(budget_admits_so_many_paths)
{
    usage_site_t *site = make_site();
    usage_set_t seen = make_seen();
    ck_assert(!admits(site, &seen, 1, MIDNIGHT, 0));
    ck_assert_int_eq(admitted(site, &seen, 1, 10, MIDNIGHT, 10), 10);
    ck_assert(!admits(site, &seen, 11, MIDNIGHT, 10));
    ck_assert_int_eq(admitted(site, &seen, 1, 99, MIDNIGHT, 10), 10);
    ck_assert_int_eq(admitted(site, &seen, 1, 10, MIDNIGHT, 10), 10);
}
END_TEST

START_TEST(known_path_takes_nothing_of_the_budget)
{
    usage_site_t *site = make_site();
    usage_set_t seen = make_seen();
    for (int i = 0; i < 100; i++) {
        ck_assert(admits(site, &seen, 1, MIDNIGHT, 2));
    }
    ck_assert(admits(site, &seen, 2, MIDNIGHT, 2));
    ck_assert(!admits(site, &seen, 3, MIDNIGHT, 2));
}
END_TEST

START_TEST(next_day_has_a_budget_of_its_own)
{
    usage_site_t *site = make_site();
    usage_set_t seen = make_seen();
    ck_assert_int_eq(admitted(site, &seen, 1, 9, MIDNIGHT, 5), 5);
    ck_assert_int_eq(admitted(site, &seen, 5, 99, MIDNIGHT + DAY, 5), 5);
    ck_assert(admits(site, &seen, 9, MIDNIGHT + DAY, 5));
    ck_assert(!admits(site, &seen, 1, MIDNIGHT + DAY, 5));
}
END_TEST

START_TEST(sites_have_budgets_of_their_own)
{
    usage_site_t *a = make_site();
    usage_site_t *b = make_site();
    usage_set_t seen = make_seen();
    b->key = 4712;
    ck_assert_int_eq(admitted(a, &seen, 1, 9, MIDNIGHT, 5), 5);
    ck_assert_int_eq(admitted(b, &seen, 5, 99, MIDNIGHT, 5), 5);
}
END_TEST

START_TEST(path_that_nobody_can_remember_is_not_admitted)
{
    usage_site_t *site = make_site();
    usage_set_t seen = make_seen();
    for (apr_uint64_t i = 1; i <= SEEN; i++) {
        usage_set_add(&seen, i);
    }
    ck_assert(!admits(site, &seen, 1, MIDNIGHT, 5));
    ck_assert_uint_eq((apr_uint32_t)site->names[USAGE_NAMES_PATH], 0);
}
END_TEST

/* A path that is asked for often stays known, and is paid for once. */
START_TEST(rotations_cost_a_path_that_is_in_use_nothing)
{
    usage_site_t *site = make_site();
    usage_set_t seen = make_seen();
    ck_assert_int_eq(admitted(site, &seen, 1, 5, MIDNIGHT, 5), 5);
    for (apr_uint64_t round = 0; round < 6; round++) {
        for (apr_uint64_t i = 0; i < NEARLY; i++) {
            usage_set_add(&seen, 1 + round * SEEN + i);
        }
        usage_set_rotate(&seen);
        ck_assert_int_eq(admitted(site, &seen, 1, 5, MIDNIGHT, 5), 5);
        ck_assert_uint_eq((apr_uint32_t)site->names[USAGE_NAMES_PATH], 5);
    }
}
END_TEST

enum { PATHS = 300, BUDGET = 100, ROUNDS = 200 };

static usage_site_t *crowded;
static usage_set_t crowd_seen;
static _Atomic int was_admitted[PATHS];
static _Atomic int broken;

/* Ask for all paths, first all threads in the same order, then each in its own;
 * who was let in once must be let in ever after. */
static void crowd(int number)
{
    for (int i = 0; i < 3 * PATHS; i++) {
        int path = (i + i / PATHS * number * 31) % PATHS;
        bool was = atomic_load(&was_admitted[path]) != 0;
        bool is = admits(crowded, &crowd_seen, path, MIDNIGHT, BUDGET);
        if (is) {
            atomic_store(&was_admitted[path], 1);
        }
        else if (was) {
            atomic_fetch_add(&broken, 1);
        }
    }
}

START_TEST(threads_spend_the_budget_exactly)
{
    for (int round = 0; round < ROUNDS; round++) {
        int count = 0;
        crowded = make_site();
        crowd_seen = make_seen();
        threads_run(crowd);
        for (int i = 0; i < PATHS; i++) {
            count += atomic_exchange(&was_admitted[i], 0);
        }
        ck_assert_int_eq(count, BUDGET);
        ck_assert_uint_eq((apr_uint32_t)crowded->names[0], BUDGET);
        ck_assert_int_eq(broken, 0);
    }
}
END_TEST

static void note_many(int number)
{
    (void)number;
    note(crowded, MIDNIGHT, 5000);
}

START_TEST(threads_lose_no_view)
{
    crowded = make_site();
    threads_run(note_many);
    ck_assert_uint_eq(crowded->next, THREADS * 5000);
    ck_assert_uint_eq(crowded->peak, THREADS * 5000);
    ck_assert_uint_eq(minute_of(crowded, MIDNIGHT, 0), THREADS * 5000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("site");
    TCase *places = unit_case(suite, "places");
    TCase *minutes = unit_case(suite, "ring and minutes");
    TCase *budget = unit_case(suite, "budget");
    TCase *threads = unit_case(suite, "threads");

    tcase_add_test(places, site_keeps_its_place);
    tcase_add_test(places, key_is_the_same_everywhere);
    tcase_add_test(places, neighbours_get_places_of_their_own);
    tcase_add_test(places, sites_too_many_share_the_places_behind);

    tcase_add_test(minutes, ring_holds_the_newest_views);
    tcase_add_test(minutes, minute_runs_from_0_to_59);
    tcase_add_test(minutes, minutes_of_a_gap_are_empty);
    tcase_add_test(minutes, minute_is_over_after_an_hour);
    tcase_add_test(minutes, minute_begins_anew_an_hour_later);
    tcase_add_test(minutes, minutes_yet_to_come_are_not_shown);
    tcase_add_test(minutes, peak_is_the_most_of_any_minute);

    tcase_add_test(budget, budget_admits_so_many_paths);
    tcase_add_test(budget, known_path_takes_nothing_of_the_budget);
    tcase_add_test(budget, next_day_has_a_budget_of_its_own);
    tcase_add_test(budget, sites_have_budgets_of_their_own);
    tcase_add_test(budget, path_that_nobody_can_remember_is_not_admitted);
    tcase_add_test(budget, rotations_cost_a_path_that_is_in_use_nothing);

    tcase_set_timeout(threads, 60);
    tcase_add_test(threads, threads_spend_the_budget_exactly);
    tcase_add_test(threads, threads_lose_no_view);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
