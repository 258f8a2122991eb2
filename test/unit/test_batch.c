/* SPDX-License-Identifier: Apache-2.0 */
/* What a flush takes, marks and clears, and what is read meanwhile. */
#include "counting.h"

#include "engine/calendar.h"

enum { SLOTS = USAGE_SLOTS_MIN, GRACE = 5 };

static const char node[] = "node.example";

static usage_memory_t memory;

static void setup(void)
{
    memory = memory_make(SLOTS, midnight);
}

static apr_hash_t *take(apr_int64_t number, int *lost)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    apr_array_header_t *counts =
        usage_batch_take(&memory, node, number, lost, unit_pool);
    for (int i = 0; i < counts->nelts; i++) {
        sum_count(sums, &APR_ARRAY_IDX(counts, i, usage_count_t));
    }
    return sums;
}

static apr_hash_t *take_whole(apr_int64_t number)
{
    int lost = -1;
    apr_hash_t *sums = take(number, &lost);
    ck_assert_int_eq(lost, 0);
    return sums;
}

static int size_of(apr_hash_t *sums)
{
    return (int)apr_hash_count(sums);
}

static void count_random(random_t *random, int times, apr_hash_t *sums)
{
    for (int i = 0; i < times; i++) {
        const char *name =
            apr_psprintf(unit_pool, "/%d", random_below(random, 60));
        usage_key_t key = view_key("a.example", name, midnight);
        usage_values_t values = random_values(random);
        key.device = random_below(random, 3);
        count_key(&memory, &key, &values, midnight);
        sum_into(sums, key_string(&key), &values);
    }
}

START_TEST(batch_has_what_was_counted)
{
    random_t random = random_make(_i);
    apr_hash_t *counted = apr_hash_make(unit_pool);
    count_random(&random, 400, counted);
    assert_same_sums(take_whole(1), counted);
    ck_assert_uint_eq(memory.header->layout.batch_state, USAGE_BATCH_PENDING);
    ck_assert_int_eq(memory.header->batch_number, 1);
    ck_assert_str_eq(memory.header->node, node);
}
END_TEST

START_TEST(texts_of_a_batch_outlive_the_segment)
{
    int lost;
    count_view(&memory, "/page", midnight);
    apr_array_header_t *counts =
        usage_batch_take(&memory, node, 1, &lost, unit_pool);
    memset((void *)memory.header, 0xff, memory_size(SLOTS));
    usage_count_t count = APR_ARRAY_IDX(counts, 0, usage_count_t);
    ck_assert_str_eq(count.key.site.data, "a.example");
    ck_assert_str_eq(count.key.category.data, "");
    ck_assert_str_eq(count.key.name.data, "/page");
}
END_TEST

START_TEST(marked_batch_is_not_taken_again)
{
    random_t random = random_make(_i);
    apr_hash_t *counted = apr_hash_make(unit_pool);
    count_random(&random, 200, counted);
    take_whole(1);
    usage_batch_mark(&memory);
    ck_assert_uint_eq(memory.header->layout.batch_state, USAGE_BATCH_NONE);
    ck_assert_int_eq(size_of(take_whole(2)), 0);
    apr_hash_t *more = apr_hash_make(unit_pool);
    count_random(&random, 200, more);
    assert_same_sums(take_whole(2), more);
}
END_TEST

START_TEST(batch_that_was_not_marked_is_taken_again)
{
    random_t random = random_make(_i);
    apr_hash_t *counted = apr_hash_make(unit_pool);
    count_random(&random, 200, counted);
    take_whole(1);
    count_random(&random, 200, counted);
    assert_same_sums(take_whole(1), counted);
}
END_TEST

/* What is counted between take and mark belongs to the next batch. */
START_TEST(count_after_take_is_in_the_next_batch)
{
    random_t random = random_make(_i);
    apr_hash_t *before = apr_hash_make(unit_pool);
    apr_hash_t *after = apr_hash_make(unit_pool);
    count_random(&random, 200, before);
    take_whole(1);
    count_random(&random, 200, after);
    usage_batch_mark(&memory);
    assert_same_sums(take_whole(2), after);
}
END_TEST

START_TEST(empty_batch_is_not_pending)
{
    ck_assert_int_eq(size_of(take_whole(1)), 0);
    ck_assert_uint_eq(memory.header->layout.batch_state, USAGE_BATCH_NONE);
}
END_TEST

START_TEST(node_is_cut_to_its_room)
{
    char long_node[400];
    int lost;
    memset(long_node, 'n', sizeof long_node);
    long_node[sizeof long_node - 1] = '\0';
    count_view(&memory, "/", midnight);
    usage_batch_take(&memory, long_node, 1, &lost, unit_pool);
    ck_assert_uint_eq(strlen(memory.header->node), USAGE_NAME_MAX);
}
END_TEST

START_TEST(both_tables_are_taken_and_marked)
{
    apr_hash_t *counted;
    count_view(&memory, "/one", midnight);
    ck_assert(usage_memory_move(&memory, 0, midnight));
    count_view(&memory, "/two", midnight);
    counted = take_whole(1);
    ck_assert_int_eq(size_of(counted), 2);
    usage_batch_mark(&memory);
    ck_assert_int_eq(size_of(take_whole(2)), 0);
}
END_TEST

/* The table was clear when the batch was taken. */
START_TEST(mark_leaves_a_table_that_came_into_use_since)
{
    count_view(&memory, "/one", midnight);
    take_whole(1);
    ck_assert(usage_memory_move(&memory, 0, midnight));
    count_view(&memory, "/two", midnight);
    usage_batch_mark(&memory);
    usage_key_t two = view_key("a.example", "/two", midnight);
    apr_hash_t *rest = take_whole(2);
    ck_assert_int_eq(size_of(rest), 1);
    ck_assert_int_eq(sum_of(rest, key_string(&two)).of[USAGE_VIEWS], 1);
}
END_TEST

static void damage(const char *path, apr_uint32_t offset)
{
    usage_key_t key = view_key("a.example", path, midnight);
    const usage_table_t *table = &memory.tables[0];
    usage_slot_t *slot = usage_table_slot(table, &key, USAGE_CLAIM_ORDINARY);
    table->tags[slot - table->slots].name = offset;
}

START_TEST(slot_with_a_damaged_name_is_lost_once)
{
    static const apr_uint32_t offsets[] = { 7, 0xfffffff8, SLOTS * 64 };
    int lost;
    count_view(&memory, "/bad", midnight);
    count_view(&memory, "/good", midnight);
    damage("/bad", offsets[_i]);
    ck_assert_int_eq(size_of(take(1, &lost)), 1);
    ck_assert_int_eq(lost, 1);
    ck_assert_int_eq(size_of(read_sums(&memory, 0)), 1);
    usage_batch_mark(&memory);
    ck_assert_int_eq(size_of(take(2, &lost)), 0);
    ck_assert_int_eq(lost, 0);
}
END_TEST

/* Nothing else was counted, so nothing is pending, and nothing is marked. */
START_TEST(damaged_slot_on_its_own_is_lost_once)
{
    int lost;
    count_view(&memory, "/bad", midnight);
    damage("/bad", 7);
    take(1, &lost);
    ck_assert_int_eq(lost, 1);
    take(1, &lost);
    ck_assert_int_eq(lost, 0);
}
END_TEST

START_TEST(read_tells_what_a_database_lacks)
{
    random_t random = random_make(_i);
    apr_hash_t *all = apr_hash_make(unit_pool);
    apr_hash_t *since = apr_hash_make(unit_pool);
    count_random(&random, 100, all);
    take_whole(7);
    count_random(&random, 100, since);
    apr_hash_t *both = apr_hash_make(unit_pool);
    apr_hash_index_t *at = apr_hash_first(unit_pool, all);
    for (; at != NULL; at = apr_hash_next(at)) {
        sum_into(both, apr_hash_this_key(at), apr_hash_this_val(at));
    }
    for (at = apr_hash_first(unit_pool, since); at; at = apr_hash_next(at)) {
        sum_into(both, apr_hash_this_key(at), apr_hash_this_val(at));
    }
    assert_same_sums(read_sums(&memory, 6), both);
    assert_same_sums(read_sums(&memory, 7), since);
    usage_batch_mark(&memory);
    assert_same_sums(read_sums(&memory, 7), since);
}
END_TEST

static void take_meanwhile(void *baton, const usage_count_t *count)
{
    (void)baton;
    (void)count;
    take_whole(1);
}

static void mark_meanwhile(void *baton, const usage_count_t *count)
{
    (void)baton;
    (void)count;
    usage_batch_mark(&memory);
}

START_TEST(read_notices_a_flush_meanwhile)
{
    count_view(&memory, "/one", midnight);
    ck_assert(!usage_batch_read(&memory, 0, usage_batch_revision(&memory),
                                take_meanwhile, NULL));
    ck_assert(!usage_batch_read(&memory, 0, usage_batch_revision(&memory),
                                mark_meanwhile, NULL));
}
END_TEST

/* Take, write, mark. */
static void flush(apr_int64_t number)
{
    take_whole(number);
    usage_batch_mark(&memory);
}

static usage_table_state_e state_of(int table)
{
    return (usage_table_state_e)memory.header->heads[table].state;
}

START_TEST(interval_that_ended_moves_writers_over)
{
    count_view(&memory, "/one", midnight);
    memory_recycle(&memory, HOUR, midnight + HOUR - 1);
    ck_assert_uint_eq(usage_memory_active(&memory), 0);
    memory_recycle(&memory, HOUR, midnight + HOUR);
    ck_assert_uint_eq(usage_memory_active(&memory), 1);
    ck_assert_int_eq(memory.header->heads[0].retired, midnight + HOUR);
    ck_assert_int_eq(size_of(read_sums(&memory, 0)), 1);
}
END_TEST

START_TEST(retired_table_is_cleared_after_its_grace)
{
    count_view(&memory, "/one", midnight);
    ck_assert(usage_memory_move(&memory, 0, midnight));
    flush(1);
    memory_recycle(&memory, HOUR, midnight + GRACE - 1);
    ck_assert_int_eq(state_of(0), USAGE_TABLE_IN_USE);
    memory_recycle(&memory, HOUR, midnight + GRACE);
    ck_assert_int_eq(state_of(0), USAGE_TABLE_READY);
    ck_assert_uint_eq(memory.header->heads[0].used, 0);
    ck_assert_uint_eq(usage_memory_active(&memory), 1);
}
END_TEST

START_TEST(retired_table_is_kept_until_it_is_drained)
{
    count_view(&memory, "/one", midnight);
    usage_slot_t *slot = usage_table_resort(&memory.tables[0], 0);
    usage_values_t late = views(1);
    ck_assert(usage_memory_move(&memory, 0, midnight));
    memory_recycle(&memory, HOUR, midnight + GRACE);
    ck_assert_int_eq(state_of(0), USAGE_TABLE_IN_USE);
    flush(1);
    usage_slot_add(slot, &late);
    memory_recycle(&memory, HOUR, midnight + GRACE);
    ck_assert_int_eq(state_of(0), USAGE_TABLE_IN_USE);
    ck_assert_int_eq(size_of(take_whole(2)), 1);
    usage_batch_mark(&memory);
    memory_recycle(&memory, HOUR, midnight + GRACE);
    ck_assert_int_eq(state_of(0), USAGE_TABLE_READY);
}
END_TEST

START_TEST(clearing_that_was_broken_off_is_done_again)
{
    memory.header->heads[1].state = USAGE_TABLE_CLEARING;
    memory.tables[1].tags[3].fingerprint = 99;
    memory_recycle(&memory, HOUR, midnight);
    ck_assert_int_eq(state_of(1), USAGE_TABLE_READY);
    ck_assert_uint_eq(memory.tables[1].tags[3].fingerprint, 0);
}
END_TEST

START_TEST(ready_table_is_left_alone)
{
    apr_uint32_t before = memory.header->revision;
    memory_recycle(&memory, HOUR, midnight + 60);
    ck_assert_int_eq(state_of(1), USAGE_TABLE_READY);
    ck_assert_uint_eq(memory.header->revision, before);
}
END_TEST

/* The writer that won the other table died before it led anyone there. */
START_TEST(table_that_nobody_came_to_is_cleared_again)
{
    memory.header->heads[1].state = USAGE_TABLE_IN_USE;
    memory_recycle(&memory, HOUR, midnight);
    ck_assert_int_eq(state_of(1), USAGE_TABLE_IN_USE);
    memory_recycle(&memory, HOUR, midnight + GRACE);
    ck_assert_int_eq(state_of(1), USAGE_TABLE_READY);
}
END_TEST

/* It did not die but slept, and leads them there after all. */
START_TEST(table_of_a_late_leader_is_flushed)
{
    memory.header->heads[1].state = USAGE_TABLE_IN_USE;
    memory_recycle(&memory, HOUR, midnight);
    memory_recycle(&memory, HOUR, midnight + GRACE);
    memory.header->active = 1;
    count_view(&memory, "/one", midnight);
    ck_assert_int_eq(size_of(read_sums(&memory, 0)), 1);
    ck_assert_int_eq(size_of(take_whole(1)), 1);
    ck_assert_uint_eq(memory.header->active, usage_memory_first(&memory, 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("batch");
    TCase *tcase = unit_case(suite, "batch");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_loop_test(tcase, batch_has_what_was_counted, 0, 3);
    tcase_add_test(tcase, texts_of_a_batch_outlive_the_segment);
    tcase_add_loop_test(tcase, marked_batch_is_not_taken_again, 0, 3);
    tcase_add_loop_test(tcase, batch_that_was_not_marked_is_taken_again, 0, 3);
    tcase_add_loop_test(tcase, count_after_take_is_in_the_next_batch, 0, 3);
    tcase_add_test(tcase, empty_batch_is_not_pending);
    tcase_add_test(tcase, node_is_cut_to_its_room);
    tcase_add_test(tcase, both_tables_are_taken_and_marked);
    tcase_add_test(tcase, mark_leaves_a_table_that_came_into_use_since);
    tcase_add_loop_test(tcase, slot_with_a_damaged_name_is_lost_once, 0, 3);
    tcase_add_test(tcase, damaged_slot_on_its_own_is_lost_once);
    tcase_add_loop_test(tcase, read_tells_what_a_database_lacks, 0, 3);
    tcase_add_test(tcase, read_notices_a_flush_meanwhile);
    tcase_add_test(tcase, interval_that_ended_moves_writers_over);
    tcase_add_test(tcase, retired_table_is_cleared_after_its_grace);
    tcase_add_test(tcase, retired_table_is_kept_until_it_is_drained);
    tcase_add_test(tcase, clearing_that_was_broken_off_is_done_again);
    tcase_add_test(tcase, ready_table_is_left_alone);
    tcase_add_test(tcase, table_that_nobody_came_to_is_cleared_again);
    tcase_add_test(tcase, table_of_a_late_leader_is_flushed);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
