/* SPDX-License-Identifier: Apache-2.0 */
/* Distinct hashes: exact while few, near enough when many, mergeable. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include <apr_strings.h>

#include "engine/sketch.h"
#include "random.h"

static usage_sketch_t sketch_of(random_t *random, int count)
{
    usage_sketch_t sketch = usage_sketch_make(unit_pool);
    for (int i = 0; i < count; i++) {
        usage_sketch_add(&sketch, random_next(random));
    }
    return sketch;
}

static usage_sketch_t again(const usage_sketch_t *sketch)
{
    usage_sketch_t copy = usage_sketch_make(unit_pool);
    ck_assert_int_eq(
        usage_sketch_read(&copy, usage_sketch_text(sketch, unit_pool)),
        APR_SUCCESS);
    return copy;
}

START_TEST(few_are_counted_exactly)
{
    static const int counts[] = { 0, 1, 2, 999, 1000, 1023, 1024 };
    random_t random = random_make(_i);
    usage_sketch_t sketch = sketch_of(&random, counts[_i]);
    ck_assert_int_eq(usage_sketch_count(&sketch), counts[_i]);
    usage_sketch_t copy = again(&sketch);
    ck_assert_int_eq(usage_sketch_count(&copy), counts[_i]);
}
END_TEST

START_TEST(the_same_hash_counts_once)
{
    usage_sketch_t sketch = usage_sketch_make(unit_pool);
    for (int i = 0; i < 5000; i++) {
        random_t random = random_make(i % 700);
        usage_sketch_add(&sketch, random_next(&random));
    }
    ck_assert_int_eq(usage_sketch_count(&sketch), 700);
}
END_TEST

/* Root mean square of the relative error over several seeds. */
static double error_at(int count, int seeds)
{
    double sum = 0;
    for (int seed = 0; seed < seeds; seed++) {
        random_t random = random_make(seed + 1);
        usage_sketch_t sketch = sketch_of(&random, count);
        double error = (double)usage_sketch_count(&sketch) / count - 1;
        sum += error * error;
    }
    return sqrt(sum / seeds);
}

START_TEST(many_are_within_a_hundredth)
{
    static const int counts[] = { 1025, 10000, 100000, 1000000 };
    double error = error_at(counts[_i], _i < 3 ? 30 : 12);
    ck_assert_msg(error < 0.01, "%d: %.3f%%", counts[_i], 100 * error);
}
END_TEST

/* The one's texts and the other's, in either order, with a common part. */
START_TEST(merging_counts_who_is_in_both_once)
{
    static const int counts[][3] = { { 300, 300, 300 },
                                     { 900, 900, 200 },
                                     { 5000, 100, 3000 },
                                     { 40000, 40000, 20000 } };
    random_t common = random_make(1);
    random_t first = random_make(2);
    random_t second = random_make(3);
    usage_sketch_t one = sketch_of(&first, counts[_i][0]);
    usage_sketch_t two = sketch_of(&second, counts[_i][1]);
    usage_sketch_t both = sketch_of(&common, counts[_i][2]);
    usage_sketch_merge(&one, &both);
    usage_sketch_merge(&two, &both);
    usage_sketch_t left = again(&one);
    usage_sketch_t right = again(&two);
    usage_sketch_merge(&left, &two);
    usage_sketch_merge(&right, &one);
    double all = counts[_i][0] + counts[_i][1] + counts[_i][2];
    double error = (double)usage_sketch_count(&left) / all - 1;
    ck_assert(fabs(error) < (all > USAGE_SKETCH_EXACT ? 0.025 : 1e-9));
    ck_assert_int_eq(usage_sketch_count(&left), usage_sketch_count(&right));
}
END_TEST

START_TEST(text_that_is_no_sketch_is_refused)
{
    static const char *const bad[] = { "X",     "EAAA=", "EAAAA",
                                       "HAAAA", "H",  "?AAAAAAAAAAA=" };
    usage_sketch_t sketch = usage_sketch_make(unit_pool);
    ck_assert_int_eq(usage_sketch_read(&sketch, bad[_i]), APR_EINVAL);
    ck_assert_int_eq(usage_sketch_read(&sketch, ""), APR_SUCCESS);
    ck_assert_int_eq(usage_sketch_count(&sketch), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sketch");
    TCase *tcase = unit_case(suite, "sketch");
    tcase_add_loop_test(tcase, few_are_counted_exactly, 0, 7);
    tcase_add_test(tcase, the_same_hash_counts_once);
    tcase_add_loop_test(tcase, many_are_within_a_hundredth, 0, 4);
    tcase_add_loop_test(tcase, merging_counts_who_is_in_both_once, 0, 4);
    tcase_add_loop_test(tcase, text_that_is_no_sketch_is_refused, 0, 6);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
