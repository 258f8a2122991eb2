/* SPDX-License-Identifier: Apache-2.0 */
/* The set of fingerprints: membership, its bounds, and its generations. */
#include "unit.h"

#include "engine/set.h"
#include "threads.h"

#define CAPACITY 1024
#define FULL     (CAPACITY / 8 * 7)
#define NEARLY   (CAPACITY / 4 * 3) /* when a new generation is due */
#define PROBES   64

static usage_set_t make(void)
{
    usage_set_t set = { .capacity = CAPACITY };
    set.head = apr_pcalloc(unit_pool, sizeof *set.head);
    for (int i = 0; i < 2; i++) {
        set.members[i] =
            apr_pcalloc(unit_pool, CAPACITY * sizeof(apr_uint64_t));
    }
    return set;
}

/* Add the fingerprints from @a first on, which all find a place of their own:
 * @return how many of them are new. */
static int add_range(const usage_set_t *set, apr_uint64_t first, int count)
{
    int added = 0;
    for (int i = 0; i < count; i++) {
        added += usage_set_add(set, first + (apr_uint64_t)i) == USAGE_SET_ADDED;
    }
    return added;
}

START_TEST(fingerprint_is_added_once)
{
    usage_set_t set = make();
    ck_assert_int_eq(usage_set_find(&set, 42), USAGE_SET_FULL);
    ck_assert_int_eq(usage_set_add(&set, 42), USAGE_SET_ADDED);
    ck_assert_int_eq(usage_set_add(&set, 42), USAGE_SET_PRESENT);
    ck_assert_int_eq(usage_set_find(&set, 42), USAGE_SET_PRESENT);
    ck_assert_uint_eq(set.head->used[0], 1);
}
END_TEST

START_TEST(zero_is_a_fingerprint_too)
{
    usage_set_t set = make();
    ck_assert_int_eq(usage_set_find(&set, 0), USAGE_SET_FULL);
    ck_assert_int_eq(usage_set_add(&set, 0), USAGE_SET_ADDED);
    ck_assert_int_eq(usage_set_add(&set, 0), USAGE_SET_PRESENT);
    ck_assert_int_eq(usage_set_find(&set, 0), USAGE_SET_PRESENT);
}
END_TEST

START_TEST(neighbours_of_one_place_are_told_apart)
{
    usage_set_t set = make();
    for (apr_uint64_t i = 1; i <= PROBES; i++) {
        ck_assert_int_eq(usage_set_add(&set, i * CAPACITY), USAGE_SET_ADDED);
    }
    for (apr_uint64_t i = 1; i <= PROBES; i++) {
        ck_assert_int_eq(usage_set_find(&set, i * CAPACITY), USAGE_SET_PRESENT);
    }
    ck_assert_int_eq(usage_set_find(&set, CAPACITY * (PROBES + 1)),
                     USAGE_SET_FULL);
}
END_TEST

START_TEST(place_with_too_many_neighbours_is_full)
{
    usage_set_t set = make();
    for (apr_uint64_t i = 1; i <= PROBES; i++) {
        usage_set_add(&set, i * CAPACITY);
    }
    ck_assert_int_eq(usage_set_add(&set, CAPACITY * (PROBES + 1)),
                     USAGE_SET_FULL);
    ck_assert_int_eq(usage_set_add(&set, CAPACITY / 2), USAGE_SET_ADDED);
}
END_TEST

START_TEST(last_place_has_the_first_as_its_neighbour)
{
    usage_set_t set = make();
    ck_assert_int_eq(usage_set_add(&set, CAPACITY - 1), USAGE_SET_ADDED);
    ck_assert_int_eq(usage_set_add(&set, 2 * CAPACITY - 1), USAGE_SET_ADDED);
    ck_assert_uint_eq(set.members[0][0], 2 * CAPACITY - 1);
    ck_assert_int_eq(usage_set_find(&set, 2 * CAPACITY - 1), USAGE_SET_PRESENT);
}
END_TEST

START_TEST(set_is_full_at_seven_eighths)
{
    usage_set_t set = make();
    ck_assert_int_eq(add_range(&set, 1, CAPACITY), FULL);
    ck_assert_uint_eq(set.head->used[0], FULL);
    ck_assert_int_eq(usage_set_add(&set, CAPACITY - 1), USAGE_SET_FULL);
    ck_assert_int_eq(usage_set_add(&set, FULL), USAGE_SET_PRESENT);
}
END_TEST

START_TEST(generation_stays_until_it_is_nearly_full)
{
    usage_set_t set = make();
    add_range(&set, 1, NEARLY - 1);
    usage_set_rotate(&set);
    ck_assert_uint_eq(set.head->current, 0);
    usage_set_add(&set, NEARLY);
    usage_set_rotate(&set);
    ck_assert_uint_eq(set.head->current, 1);
    ck_assert_uint_eq(set.head->used[1], 0);
}
END_TEST

START_TEST(generation_before_is_still_known)
{
    usage_set_t set = make();
    add_range(&set, 1, NEARLY);
    usage_set_rotate(&set);
    for (apr_uint64_t i = 1; i <= NEARLY; i++) {
        ck_assert_int_eq(usage_set_find(&set, i), USAGE_SET_PRESENT);
    }
    ck_assert_int_eq(add_range(&set, 1, NEARLY), 0);
}
END_TEST

START_TEST(whoever_is_met_again_outlives_the_rotations)
{
    usage_set_t set = make();
    for (apr_uint64_t round = 0; round < 6; round++) {
        ck_assert_int_eq(usage_set_add(&set, 1),
                         round == 0 ? USAGE_SET_ADDED : USAGE_SET_PRESENT);
        add_range(&set, 2 + round * CAPACITY, NEARLY);
        usage_set_rotate(&set);
        ck_assert_uint_eq(set.head->current, 1 - round % 2);
    }
    ck_assert_int_eq(usage_set_find(&set, 1), USAGE_SET_PRESENT);
}
END_TEST

START_TEST(whoever_is_not_met_for_a_generation_is_forgotten)
{
    usage_set_t set = make();
    for (apr_uint64_t round = 0; round < 2; round++) {
        add_range(&set, 1 + round * CAPACITY, NEARLY);
        usage_set_rotate(&set);
    }
    ck_assert_int_eq(usage_set_find(&set, 1), USAGE_SET_FULL);
    ck_assert_int_eq(usage_set_find(&set, 1 + CAPACITY), USAGE_SET_PRESENT);
    ck_assert_int_eq(usage_set_add(&set, 1), USAGE_SET_ADDED);
}
END_TEST

START_TEST(full_set_still_knows_the_generation_before)
{
    usage_set_t set = make();
    add_range(&set, 1, NEARLY);
    usage_set_rotate(&set);
    ck_assert_int_eq(add_range(&set, CAPACITY, CAPACITY), FULL);
    ck_assert_int_eq(usage_set_add(&set, 1), USAGE_SET_PRESENT);
    ck_assert_int_eq(usage_set_add(&set, NEARLY + 1), USAGE_SET_FULL);
}
END_TEST

enum { RIVALS = FULL, ROUNDS = 20 };

static usage_set_t contested;
static _Atomic int won[RIVALS];

static void contest(int number)
{
    (void)number;
    for (int i = 0; i < RIVALS; i++) {
        /* 32 fingerprints to a place */
        apr_uint64_t fingerprint =
            (apr_uint64_t)(i % 32 + 1) * CAPACITY + (apr_uint64_t)(i / 32 * 32);
        if (usage_set_add(&contested, fingerprint) == USAGE_SET_ADDED) {
            atomic_fetch_add(&won[i], 1);
        }
    }
}

START_TEST(one_of_several_adders_is_told_that_it_added)
{
    for (int round = 0; round < ROUNDS; round++) {
        contested = make();
        threads_run(contest);
        for (int i = 0; i < RIVALS; i++) {
            ck_assert_int_eq(atomic_exchange(&won[i], 0), 1);
        }
        ck_assert_uint_eq(contested.head->used[0], RIVALS);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("set");
    TCase *members = unit_case(suite, "members");
    TCase *generations = unit_case(suite, "generations");
    TCase *threads = unit_case(suite, "threads");

    tcase_add_test(members, fingerprint_is_added_once);
    tcase_add_test(members, zero_is_a_fingerprint_too);
    tcase_add_test(members, neighbours_of_one_place_are_told_apart);
    tcase_add_test(members, place_with_too_many_neighbours_is_full);
    tcase_add_test(members, last_place_has_the_first_as_its_neighbour);
    tcase_add_test(members, set_is_full_at_seven_eighths);

    tcase_add_test(generations, generation_stays_until_it_is_nearly_full);
    tcase_add_test(generations, generation_before_is_still_known);
    tcase_add_test(generations, whoever_is_met_again_outlives_the_rotations);
    tcase_add_test(generations,
                   whoever_is_not_met_for_a_generation_is_forgotten);
    tcase_add_test(generations, full_set_still_knows_the_generation_before);

    tcase_set_timeout(threads, 60);
    tcase_add_test(threads, one_of_several_adders_is_told_that_it_added);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
