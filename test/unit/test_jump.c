/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks that jump, and days of odd lengths: what they do to tables, to the
 * budget of paths and to days that were closed.
 */
#include "counting.h"

#include "engine/seen.h"

enum { GRACE = 5 };

static usage_memory_t memory;

static void begin(void)
{
    memory = memory_make(USAGE_SLOTS_MIN, midnight);
}

START_TEST(retired_table_is_cleared_though_the_clock_went_back)
{
    apr_uint32_t epoch = memory.header->heads[0].epoch;
    ck_assert(usage_memory_move(&memory, 0, midnight + 400 * DAY));
    memory_recycle(&memory, DAY, midnight);
    memory_recycle(&memory, DAY, midnight + GRACE - 1);
    ck_assert_uint_eq(memory.header->heads[0].epoch, epoch);
    memory_recycle(&memory, DAY, midnight + GRACE);
    ck_assert_uint_ne(memory.header->heads[0].epoch, epoch);
}
END_TEST

START_TEST(tables_move_on_though_the_clock_went_back)
{
    memory_recycle(&memory, HOUR, midnight + 400 * DAY);
    unsigned active = usage_memory_active(&memory);
    memory_recycle(&memory, HOUR, midnight + 400 * DAY + GRACE);
    memory_recycle(&memory, HOUR, midnight);
    ck_assert_uint_ne(usage_memory_active(&memory), active);
    active = usage_memory_active(&memory);
    memory_recycle(&memory, HOUR, midnight + GRACE);
    memory_recycle(&memory, HOUR, midnight + HOUR);
    ck_assert_uint_ne(usage_memory_active(&memory), active);
}
END_TEST

static bool admits(usage_site_t *site, int number, apr_int64_t day)
{
    const char *path = apr_psprintf(unit_pool, "/page/%d", number);
    return usage_site_admits(
        site, &memory.seen,
        &(usage_candidate_t){ .name = text_of(path), .day = day, .budget = 3 });
}

/* Of London: 23 hours of the day when summer begins, 25 when it ends. */
START_TEST(budget_is_of_the_day_however_long)
{
    static const int lengths[] = { 24, 23, 24, 24, 25, 24, 24 };
    usage_site_t *site = usage_site_of(&memory.sites, 1);
    apr_int64_t day = midnight - HOUR;
    for (apr_size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int number = (int)i * 10;
        ck_assert(admits(site, number, day) && admits(site, number + 1, day)
                  && admits(site, number + 2, day));
        ck_assert(!admits(site, number + 3, day));
        apr_int64_t next = day + (apr_int64_t)lengths[i] * HOUR;
        ck_assert(admits(site, number + 10, next));
        ck_assert(admits(site, number + 4, day)); /* late: of the new day's */
        ck_assert(admits(site, number + 11, next));
        ck_assert(!admits(site, number + 12, next));
        ck_assert(!admits(site, number + 5, day));
        day = next + DAY; /* and a day later it is whole again */
    }
}
END_TEST

START_TEST(budget_is_new_when_the_clock_jumps_back)
{
    usage_site_t *site = usage_site_of(&memory.sites, 1);
    for (int i = 0; i < 3; i++) {
        ck_assert(admits(site, i, midnight + 400 * DAY));
    }
    ck_assert(!admits(site, 3, midnight + 400 * DAY));
    ck_assert(admits(site, 3, midnight));
}
END_TEST

/* A store that has one day. */
static usage_seen_row_t stored;

static apr_status_t get(usage_store_t *store, usage_seen_row_t *row,
                        apr_pool_t *pool)
{
    (void)store;
    (void)pool;
    row->visitors = stored.visitors;
    row->sketch = stored.sketch;
    return APR_SUCCESS;
}

static apr_status_t put(usage_store_t *store, const usage_seen_row_t *row)
{
    (void)store;
    stored = *row;
    return APR_SUCCESS;
}

static void write_visitors(int from, int until)
{
    usage_store_t store = { .seen_get = get, .seen_put = put };
    usage_seen_batch_t batch = { .days = apr_array_make(unit_pool, 1,
                                                        sizeof(usage_seen_t)) };
    usage_seen_t *seen = apr_array_push(batch.days);
    *seen = (usage_seen_t){ .day = midnight,
                            .site = "a.example",
                            .sketch = usage_sketch_make(unit_pool) };
    for (int i = from; i < until; i++) {
        usage_sketch_add(&seen->sketch,
                         (apr_uint64_t)i * APR_UINT64_C(0x9e3779b97f4a7c15));
    }
    ck_assert_int_eq(usage_seen_write(&batch, &store, "node", unit_pool),
                     APR_SUCCESS);
}

START_TEST(closed_day_gets_more_and_loses_none)
{
    stored = (usage_seen_row_t){ .sketch = "" };
    write_visitors(1, 101);
    write_visitors(51, 151);
    ck_assert_int_eq(stored.visitors, 150);
    ck_assert_str_ne(stored.sketch, "");
    stored.sketch = "";
    write_visitors(151, 161);
    ck_assert_int_eq(stored.visitors, 160);
    ck_assert_str_eq(stored.sketch, "");
    write_visitors(161, 162);
    ck_assert_int_eq(stored.visitors, 161);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("jump");
    TCase *tcase = unit_case(suite, "jump");

    tcase_add_checked_fixture(tcase, begin, NULL);
    tcase_add_test(tcase, retired_table_is_cleared_though_the_clock_went_back);
    tcase_add_test(tcase, tables_move_on_though_the_clock_went_back);
    tcase_add_test(tcase, budget_is_of_the_day_however_long);
    tcase_add_test(tcase, budget_is_new_when_the_clock_jumps_back);
    tcase_add_test(tcase, closed_day_gets_more_and_loses_none);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
