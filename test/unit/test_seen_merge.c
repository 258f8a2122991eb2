/* SPDX-License-Identifier: Apache-2.0 */
/* One day that several nodes met: who counts once, and who can't. */
#include "unit.h"

#include "engine/seen_merge.h"
#include "random.h"

/* What a node has of a day: visitors of these numbers. */
static usage_seen_row_t row_of(int first, int count)
{
    usage_sketch_t sketch = usage_sketch_make(unit_pool);
    for (int i = first; i < first + count; i++) {
        random_t random = random_make(i);
        usage_sketch_add(&sketch, random_next(&random));
    }
    return (usage_seen_row_t){
        .day = 86400,
        .site = "a.example",
        .category = "visitor",
        .node = "n",
        .visitors = usage_sketch_count(&sketch),
        .sketch = usage_sketch_text(&sketch, unit_pool),
    };
}

static apr_int64_t count_of(const usage_seen_row_t *rows, int count)
{
    usage_seen_merge_t merge = usage_seen_merge_make(unit_pool);
    for (int i = 0; i < count; i++) {
        usage_seen_merge_row(&merge, &rows[i]);
    }
    return usage_seen_merge_count(&merge);
}

START_TEST(nothing_is_nobody)
{
    ck_assert_int_eq(count_of(NULL, 0), 0);
}
END_TEST

START_TEST(who_meets_several_nodes_is_one)
{
    usage_seen_row_t rows[] = { row_of(0, 100), row_of(50, 100), row_of(0, 7) };
    ck_assert_int_eq(count_of(rows, 3), 150);
}
END_TEST

START_TEST(other_hashes_add_up)
{
    usage_seen_row_t rows[] = { row_of(0, 100), row_of(1000, 100) };
    ck_assert_int_eq(count_of(rows, 2), 200);
}
END_TEST

/* Exact ones with each other beyond what is exact, and with an estimate. */
START_TEST(many_are_near_enough)
{
    usage_seen_row_t exact[] = { row_of(0, 900), row_of(600, 900) };
    usage_seen_row_t mixed[] = { row_of(0, 20000), row_of(19500, 1000) };
    ck_assert_int_le(llabs(count_of(exact, 2) - 1500), 1500 * 3 / 100);
    ck_assert_int_le(llabs(count_of(mixed, 2) - 20500), 20500 * 3 / 100);
}
END_TEST

START_TEST(number_without_a_sketch_is_added)
{
    usage_seen_row_t rows[] = { row_of(0, 10), row_of(0, 10) };
    rows[1].sketch = "";
    rows[1].visitors = 5;
    ck_assert_int_eq(count_of(rows, 2), 15);
}
END_TEST

/* Of one that breaks off, not even its first part is taken for new. */
START_TEST(damaged_sketch_is_its_number)
{
    static const char *const damaged[] = { "X", "EAAAA", "HAAAA", "unknown" };
    usage_seen_row_t rows[] = { row_of(0, 10), row_of(100, 10) };
    rows[1].visitors = 3;
    rows[1].sketch = damaged[_i];
    ck_assert_int_eq(count_of(rows, 2), 13);
}
END_TEST

START_TEST(visitors_that_no_row_has_are_merged_too)
{
    usage_seen_merge_t merge = usage_seen_merge_make(unit_pool);
    usage_seen_row_t row = row_of(0, 10);
    usage_seen_merge_row(&merge, &row);
    for (int i = 5; i < 15; i++) {
        random_t random = random_make(i);
        usage_seen_merge_visitor(&merge, random_next(&random));
    }
    ck_assert_int_eq(usage_seen_merge_count(&merge), 15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("seen_merge");
    TCase *tcase = unit_case(suite, "seen_merge");

    tcase_add_test(tcase, nothing_is_nobody);
    tcase_add_test(tcase, who_meets_several_nodes_is_one);
    tcase_add_test(tcase, other_hashes_add_up);
    tcase_add_test(tcase, many_are_near_enough);
    tcase_add_test(tcase, number_without_a_sketch_is_added);
    tcase_add_loop_test(tcase, damaged_sketch_is_its_number, 0, 4);
    tcase_add_test(tcase, visitors_that_no_row_has_are_merged_too);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
