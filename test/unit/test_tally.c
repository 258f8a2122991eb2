/* SPDX-License-Identifier: Apache-2.0 */
/* Sums by name, ranked. */
#include "counting.h"

#include <string.h>

#include <apr_strings.h>

#include "tally.h"

static void tally_add(usage_tally_t *tally, const char *name, apr_int64_t count)
{
    usage_values_t values = views(count);
    usage_tally_add(tally, name, strlen(name), &values);
}

START_TEST(tally_sums_by_name)
{
    random_t random = random_make(_i);
    usage_tally_t tally = usage_tally_make(unit_pool);
    apr_hash_t *expected = apr_hash_make(unit_pool);
    apr_hash_t *found = apr_hash_make(unit_pool);
    apr_int64_t sum = 0;
    for (int i = 0; i < 500; i++) {
        const char *name =
            apr_psprintf(unit_pool, "n%d", random_below(&random, 40));
        usage_values_t values = random_values(&random);
        usage_tally_add(&tally, name, strlen(name), &values);
        sum_into(expected, name, &values);
        sum += values.of[USAGE_VIEWS];
    }
    usage_ranking_t ranking =
        usage_tally_rank(&tally, USAGE_SORT_VIEWS, 0, 1000);
    for (int i = 0; i < ranking.count; i++) {
        sum_into(found, ranking.rows[i].name, &ranking.rows[i].values);
    }
    assert_same_sums(found, expected);
    ck_assert_int_eq(ranking.count, (int)apr_hash_count(expected));
    ck_assert_int_eq(ranking.sum, sum);
}
END_TEST

START_TEST(greatest_come_first_and_equal_ones_by_name)
{
    static const char *const order[] = { "big", "a", "b", "c", "small" };
    usage_tally_t tally = usage_tally_make(unit_pool);
    tally_add(&tally, "c", 5);
    tally_add(&tally, "small", -1);
    tally_add(&tally, "a", 5);
    tally_add(&tally, "big", APR_INT64_C(1) << 40);
    tally_add(&tally, "b", 3);
    tally_add(&tally, "b", 2);
    usage_ranking_t ranking = usage_tally_rank(&tally, USAGE_SORT_VIEWS, 0, 5);
    for (int i = 0; i < 5; i++) {
        ck_assert_str_eq(ranking.rows[i].name, order[i]);
    }
}
END_TEST

/* By what they gained or lost since; of one that isn't known, it is last. */
START_TEST(order_is_that_of_the_change)
{
    static const char *const orders[USAGE_SORTS] = {
        [USAGE_SORT_VIEWS] = "unknown even fell rose gone ",
        [USAGE_SORT_LOSS] = "gone fell even rose unknown ",
        [USAGE_SORT_GAIN] = "rose even fell gone unknown ",
    };
    usage_tally_t now = usage_tally_make(unit_pool);
    usage_tally_t then = usage_tally_make(unit_pool);
    tally_add(&now, "unknown", 900);
    tally_add(&now, "even", 50);
    tally_add(&now, "fell", 40);
    tally_add(&now, "rose", 30);
    tally_add(&then, "even", 50);
    tally_add(&then, "fell", 45);
    tally_add(&then, "rose", 10);
    tally_add(&then, "gone", 70);
    usage_tally_join(&now, &then);
    usage_tally_know(&now, &then, false);
    usage_ranking_t ranking = usage_tally_rank(&now, (usage_sort_e)_i, 0, 9);
    const char *found = "";
    for (int i = 0; i < ranking.count; i++) {
        found = apr_pstrcat(unit_pool, found, ranking.rows[i].name, " ", NULL);
        ck_assert_int_eq(ranking.rows[i].has_was,
                         strcmp(ranking.rows[i].name, "unknown") != 0);
    }
    ck_assert_str_eq(found, orders[_i]);
}
END_TEST

START_TEST(limit_cuts_the_rows_and_not_the_sums)
{
    usage_tally_t tally = usage_tally_make(unit_pool);
    for (int i = 1; i <= 10; i++) {
        tally_add(&tally, apr_psprintf(unit_pool, "n%d", i), i);
    }
    usage_ranking_t ranking = usage_tally_rank(&tally, USAGE_SORT_VIEWS, 0, 3);
    ck_assert_int_eq(ranking.count, 3);
    ck_assert_int_eq(ranking.distinct, 10);
    ck_assert_int_eq(ranking.sum, 55);
    ck_assert_str_eq(ranking.rows[2].name, "n8");
}
END_TEST

START_TEST(name_is_copied_and_as_long_as_said)
{
    char name[] = "abcdef";
    usage_values_t one = views(1);
    usage_tally_t tally = usage_tally_make(unit_pool);
    usage_tally_add(&tally, name, 3, &one);
    memset(name, 'x', sizeof name - 1);
    ck_assert_str_eq(
        usage_tally_rank(&tally, USAGE_SORT_VIEWS, 0, 1).rows[0].name, "abc");
}
END_TEST

START_TEST(names_are_sorted)
{
    int count = -1;
    usage_tally_t tally = usage_tally_make(unit_pool);
    tally_add(&tally, "b", 9);
    tally_add(&tally, "a", 1);
    tally_add(&tally, "\xc3\xa9", 5);
    const char *const *names = usage_tally_names(&tally, &count);
    ck_assert_int_eq(count, 3);
    ck_assert_str_eq(names[0], "a");
    ck_assert_str_eq(names[1], "b");
    ck_assert_str_eq(names[2], "\xc3\xa9");
}
END_TEST

START_TEST(empty_tally_has_no_rows)
{
    int count = -1;
    usage_tally_t tally = usage_tally_make(unit_pool);
    usage_ranking_t ranking = usage_tally_rank(&tally, USAGE_SORT_VIEWS, 0, 20);
    ck_assert_int_eq(ranking.count, 0);
    ck_assert_int_eq(ranking.distinct, 0);
    ck_assert_int_eq(ranking.sum, 0);
    usage_tally_names(&tally, &count);
    ck_assert_int_eq(count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tcase = unit_case(suite, "tally");

    tcase_add_loop_test(tcase, tally_sums_by_name, 0, 3);
    tcase_add_test(tcase, greatest_come_first_and_equal_ones_by_name);
    tcase_add_loop_test(tcase, order_is_that_of_the_change, 0, USAGE_SORTS);
    tcase_add_test(tcase, limit_cuts_the_rows_and_not_the_sums);
    tcase_add_test(tcase, name_is_copied_and_as_long_as_said);
    tcase_add_test(tcase, names_are_sorted);
    tcase_add_test(tcase, empty_tally_has_no_rows);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
