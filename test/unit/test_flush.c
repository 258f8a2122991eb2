/* SPDX-License-Identifier: Apache-2.0 */
/* One flush, and each way in which it can go wrong. */
#include "counting.h"
#include "engine/flush.h"
#include "memory_store.h"

static const char node[] = "node.example";

static usage_memory_t memory;
static memory_state_t *state;
static memory_store_t store;
static usage_flush_report_t report;

static void setup(void)
{
    memory = memory_make(USAGE_SLOTS_MIN, midnight);
    state = memory_state_make(20000);
    memory_store_open(&store, state, unit_pool);
}

static apr_status_t flush_at(apr_int64_t now)
{
    usage_flush_t flush = { .memory = &memory,
                            .store = &store.store,
                            .node = node,
                            .zones = all_utc(HOUR, unit_pool),
                            .now = now };
    return usage_flush_run(&flush, &report, unit_pool);
}

static void flush_well(void)
{
    memory_store_order(&store, MEMORY_NO_TROUBLE, 0, 0);
    ck_assert_int_eq(flush_at(midnight + 60), APR_SUCCESS);
}

/* The sum of a fact table in one grain. */
static apr_int64_t stored(usage_fact_e fact, usage_grain_e grain)
{
    apr_int64_t sum = 0;
    for (int i = 0; i < state->count; i++) {
        const memory_row_t *row = &state->rows[i];
        sum += row->fact == fact && row->grain == grain
                   ? row->values.of[USAGE_VIEWS]
                   : 0;
    }
    return sum;
}

static void assert_stored(apr_int64_t views_stored)
{
    for (int grain = 0; grain < USAGE_GRAINS; grain++) {
        for (int fact = 0; fact <= USAGE_FACT_PAGE; fact++) {
            ck_assert_int_eq(stored((usage_fact_e)fact, (usage_grain_e)grain),
                             views_stored);
        }
    }
}

static void count_pages(int count)
{
    for (int i = 0; i < count; i++) {
        count_view(&memory, apr_psprintf(unit_pool, "/%d", i), midnight);
    }
}

START_TEST(flush_writes_every_table_in_every_grain)
{
    usage_key_t key = event_key("a.example", "outcome", "view", midnight);
    usage_values_t seven = views(7);
    count_pages(3);
    count_key(&memory, &key, &seven, midnight);
    flush_well();
    assert_stored(3);
    for (int grain = 0; grain < USAGE_GRAINS; grain++) {
        ck_assert_int_eq(stored(USAGE_FACT_EVENT, (usage_grain_e)grain), 7);
    }
    ck_assert_int_eq(report.counts, 4);
    ck_assert_int_eq(report.batch, 1);
    ck_assert_int_eq(report.lost, 0);
    ck_assert_ptr_null(report.problem);
    ck_assert_int_eq(memory_state_batch(state, node), 1);
}
END_TEST

START_TEST(nothing_to_write_is_a_success_without_a_batch)
{
    flush_well();
    ck_assert_int_eq(report.batch, 0);
    ck_assert_int_eq(store.calls[MEMORY_BATCH_MOVE], 0);
    ck_assert_int_eq(memory.header->health.last, midnight + 60);
    count_pages(1);
    flush_well();
    flush_well();
    ck_assert_int_eq(memory_state_batch(state, node), 1);
    assert_stored(1);
}
END_TEST

/* A count without a time of its own. */
START_TEST(last_resort_is_stored_under_the_time_of_its_flush)
{
    usage_values_t one = views(1);
    usage_slot_add(usage_table_resort(&memory.tables[0], 0), &one);
    flush_well();
    assert_stored(1);
    ck_assert_int_eq(state->rows[0].start, midnight);
    ck_assert_str_eq(state->rows[0].site, "*");
}
END_TEST

static const struct {
    memory_step_e step;
    int nth;
} steps[] = {
    { MEMORY_PREPARE, 0 },    { MEMORY_BATCH_GET, 0 }, { MEMORY_BEGIN, 0 },
    { MEMORY_BATCH_MOVE, 0 }, { MEMORY_ADD, 0 },       { MEMORY_ADD, 4 },
    { MEMORY_ADD, 8 },        { MEMORY_COMMIT, 0 },
};
enum { STEPS = sizeof steps / sizeof *steps };

START_TEST(failure_leaves_all_for_the_next_flush)
{
    count_pages(5);
    memory_store_order(&store, MEMORY_FAILS, steps[_i].step, steps[_i].nth);
    ck_assert_int_eq(flush_at(midnight + 60), APR_EGENERAL);
    ck_assert_str_eq(report.problem, "ordered to fail");
    ck_assert_int_eq(report.batch, 0);
    ck_assert(!store.is_open);
    assert_stored(0);
    count_pages(2);
    flush_well();
    assert_stored(7);
    ck_assert(!report.was_settled);
    ck_assert(!report.is_stray);
}
END_TEST

START_TEST(step_that_only_seems_to_fail_is_not_done_twice)
{
    count_pages(5);
    memory_store_order(&store, MEMORY_SEEMS_TO_FAIL, steps[_i].step,
                       steps[_i].nth);
    ck_assert_int_eq(flush_at(midnight + 60), APR_EGENERAL);
    assert_stored(steps[_i].step == MEMORY_COMMIT ? 5 : 0);
    count_pages(2);
    flush_well();
    assert_stored(7);
    ck_assert_int_eq(report.was_settled, steps[_i].step == MEMORY_COMMIT);
}
END_TEST

/* Whether the flusher came to its end. */
static bool survives(void)
{
    jmp_buf death;
    store.death = &death;
    if (setjmp(death) != 0) {
        return false;
    }
    flush_at(midnight + 60);
    return true;
}

START_TEST(death_leaves_all_for_the_next_flush)
{
    bool is_after = _i % 2;
    bool is_written = is_after && steps[_i / 2].step == MEMORY_COMMIT;
    count_pages(5);
    memory_store_order(&store,
                       is_after ? MEMORY_DIES_AFTER : MEMORY_DIES_BEFORE,
                       steps[_i / 2].step, steps[_i / 2].nth);
    ck_assert(!survives());
    assert_stored(is_written ? 5 : 0);
    count_pages(2);
    flush_well();
    assert_stored(7);
    ck_assert_int_eq(report.was_settled, is_written);
}
END_TEST

/* A commit whose answer never came, and which arrives only at a later step. */
static memory_state_t *arriving;
static memory_step_e arrives_at;

static void arrive(memory_store_t *of, memory_step_e step, int nth)
{
    if (step == arrives_at && nth == 0) {
        memory_state_copy(of->state, arriving);
        of->after = NULL;
    }
}

static void commit_that_is_on_its_way(void)
{
    memory_state_t *before = memory_state_make(20000);
    arriving = memory_state_make(20000);
    memory_state_copy(before, state);
    memory_store_order(&store, MEMORY_SEEMS_TO_FAIL, MEMORY_COMMIT, 0);
    ck_assert_int_eq(flush_at(midnight + 60), APR_EGENERAL);
    memory_state_copy(arriving, state);
    memory_state_copy(state, before);
}

/* One database's rows are locked until it is there; of a cluster's nodes, each
 * finds out at its own commit. */
START_TEST(commit_that_arrives_late_is_not_taken_for_another)
{
    static const memory_step_e at[] = { MEMORY_BATCH_GET, MEMORY_BATCH_MOVE,
                                        MEMORY_ADD };
    count_pages(5);
    commit_that_is_on_its_way();
    assert_stored(0);
    count_pages(2);
    arrives_at = at[_i];
    store.after = arrive;
    memory_store_order(&store, MEMORY_FAILS, MEMORY_COMMIT, 0);
    ck_assert_int_ne(flush_at(midnight + 61), APR_SUCCESS);
    assert_stored(5);
    count_pages(3);
    flush_well();
    ck_assert(report.was_settled);
    assert_stored(10);
}
END_TEST

START_TEST(commit_that_never_arrives_is_done_again)
{
    count_pages(5);
    commit_that_is_on_its_way();
    count_pages(2);
    flush_well();
    assert_stored(7);
    ck_assert_int_eq(memory_state_batch(state, node), 2);
    ck_assert_int_eq(report.batch, 2);
    ck_assert_int_eq(report.counts, 7);
}
END_TEST

START_TEST(failing_is_told_from_its_beginning_to_its_end)
{
    usage_flush_health_t *health = &memory.header->health;
    count_pages(1);
    for (int i = 1; i <= 3; i++) {
        memory_store_order(&store, MEMORY_FAILS, MEMORY_PREPARE, 0);
        flush_at(midnight + i * 60);
        ck_assert_int_eq(health->failing, midnight + 60);
        ck_assert_int_eq(health->last, 0);
        ck_assert_str_eq(health->error, "ordered to fail");
    }
    flush_well();
    ck_assert_int_eq(health->failing, 0);
    ck_assert_int_eq(health->last, midnight + 60);
    ck_assert_str_eq(health->error, "");
}
END_TEST

START_TEST(long_problem_is_cut)
{
    char problem[1000];
    memset(problem, 'x', sizeof problem);
    problem[sizeof problem - 1] = '\0';
    usage_flush_failed(memory.header, problem, midnight);
    ck_assert_uint_eq(strlen(memory.header->health.error),
                      USAGE_ERROR_SIZE - 1);
}
END_TEST

/* A batch was written, its flusher died, and the database was put back. */
START_TEST(pending_batch_is_written_to_a_database_put_back)
{
    memory_state_t *backup = memory_state_make(20000);
    count_pages(5);
    flush_well();
    memory_state_copy(backup, state);
    count_pages(3);
    flush_well();
    count_pages(2);
    memory_store_order(&store, MEMORY_DIES_AFTER, MEMORY_COMMIT, 0);
    ck_assert(!survives());
    memory_state_copy(state, backup);
    flush_well();
    ck_assert(report.is_stray);
    assert_stored(7);
    ck_assert_int_eq(memory_state_batch(state, node), 2);
}
END_TEST

START_TEST(pending_batch_is_asked_for_under_the_name_it_was_written_by)
{
    count_pages(5);
    memory_store_order(&store, MEMORY_DIES_AFTER, MEMORY_COMMIT, 0);
    ck_assert(!survives());
    usage_flush_t renamed = { &memory, &store.store, "renamed",
                              all_utc(HOUR, unit_pool), midnight + 120 };
    memory_store_order(&store, MEMORY_NO_TROUBLE, 0, 0);
    count_pages(2);
    ck_assert_int_eq(usage_flush_run(&renamed, &report, unit_pool),
                     APR_SUCCESS);
    ck_assert(report.was_settled);
    ck_assert_int_eq(memory_state_batch(state, "renamed"), 1);
    assert_stored(7);
}
END_TEST

/* A flush is tried each minute of an hour and fails; ten views come each
 * second. Once the tables are full they count under another name. */
START_TEST(hour_without_a_database_is_written_when_it_returns)
{
    enum { MINUTES = 60, A_MINUTE = 600, PATHS = 300 };
    for (int minute = 0; minute < MINUTES; minute++) {
        apr_int64_t now = midnight + minute * 60;
        for (int i = 0; i < A_MINUTE; i++) {
            count_view(&memory, apr_psprintf(unit_pool, "/%d", i % PATHS),
                       usage_calendar_base(now, HOUR / 6));
        }
        memory_store_order(&store, MEMORY_FAILS, steps[minute % STEPS].step, 0);
        ck_assert_int_eq(flush_at(now + 59), APR_EGENERAL);
    }
    assert_stored(0);
    flush_well();
    assert_stored(MINUTES * A_MINUTE);
    ck_assert_int_ge(report.counts, USAGE_SLOTS_MIN);
}
END_TEST

START_TEST(damaged_name_costs_its_slot_alone)
{
    usage_key_t key = view_key("a.example", "/0", midnight);
    count_pages(5);
    const usage_table_t *table = &memory.tables[0];
    usage_slot_t *slot = usage_table_slot(table, &key, USAGE_CLAIM_ORDINARY);
    table->tags[slot - table->slots].name = 7;
    flush_well();
    ck_assert_int_eq(report.lost, 1);
    assert_stored(4);
    flush_well();
    ck_assert_int_eq(report.lost, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("flush");
    TCase *tcase = unit_case(suite, "flush");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, flush_writes_every_table_in_every_grain);
    tcase_add_test(tcase, nothing_to_write_is_a_success_without_a_batch);
    tcase_add_test(tcase, last_resort_is_stored_under_the_time_of_its_flush);
    tcase_add_loop_test(tcase, failure_leaves_all_for_the_next_flush, 0, STEPS);
    tcase_add_loop_test(tcase, step_that_only_seems_to_fail_is_not_done_twice,
                        0, STEPS);
    tcase_add_loop_test(tcase, death_leaves_all_for_the_next_flush, 0,
                        2 * STEPS);
    tcase_add_loop_test(
        tcase, commit_that_arrives_late_is_not_taken_for_another, 0, 3);
    tcase_add_test(tcase, commit_that_never_arrives_is_done_again);
    tcase_add_test(tcase, failing_is_told_from_its_beginning_to_its_end);
    tcase_add_test(tcase, long_problem_is_cut);
    tcase_add_test(tcase, pending_batch_is_written_to_a_database_put_back);
    tcase_add_test(tcase,
                   pending_batch_is_asked_for_under_the_name_it_was_written_by);
    tcase_add_test(tcase, hour_without_a_database_is_written_when_it_returns);
    tcase_add_test(tcase, damaged_name_costs_its_slot_alone);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
