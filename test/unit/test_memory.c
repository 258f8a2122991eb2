/* SPDX-License-Identifier: Apache-2.0 */
/* Where additions go in the segment. */
#include "counting.h"

enum { SLOTS = USAGE_SLOTS_MIN };

static usage_memory_t small_memory(void)
{
    return memory_make(SLOTS, midnight);
}

START_TEST(writers_move_over_when_the_table_is_full)
{
    usage_memory_t memory = small_memory();
    usage_key_t key = view_key("a.example", "/new", midnight);
    usage_values_t one = views(1);
    memory.header->heads[0].used = SLOTS;
    count_key(&memory, &key, &one, midnight + 5);
    ck_assert_uint_eq(usage_memory_active(&memory), 1);
    ck_assert_uint_eq(memory.header->heads[1].state, USAGE_TABLE_IN_USE);
    ck_assert_uint_eq(memory.header->heads[1].used, 1);
    ck_assert_int_eq(memory.header->heads[0].retired, midnight + 5);
    ck_assert_int_eq(memory.header->opened, midnight + 5);
}
END_TEST

START_TEST(known_key_stays_in_a_full_table)
{
    usage_memory_t memory = small_memory();
    fill_with_views(&memory, 1);
    memory.header->heads[0].used = SLOTS;
    fill_with_views(&memory, 1);
    ck_assert_uint_eq(usage_memory_active(&memory), 0);
    ck_assert_int_eq(sum_of_all(&memory).of[USAGE_VIEWS], 2);
}
END_TEST

/* Hits bring the hash of their path along, which is not the other name's. */
START_TEST(names_that_find_no_room_share_one_slot)
{
    usage_memory_t memory = small_memory();
    usage_values_t one = views(1);
    const apr_uint32_t full = SLOTS / 8 * 7;
    memory.header->heads[0].used = full;
    memory.header->heads[1].state = USAGE_TABLE_IN_USE;
    for (int i = 0; i < 30; i++) {
        usage_key_t key = view_key("a.example", "/new", midnight);
        key.name_hash = 1000 + (apr_uint64_t)i;
        count_key(&memory, &key, &one, midnight);
    }
    ck_assert_uint_eq(memory.header->heads[0].used, full + 1);
    ck_assert_int_eq(sum_of_all(&memory).of[USAGE_VIEWS], 30);
}
END_TEST

START_TEST(nobody_moves_to_a_table_that_is_not_ready)
{
    static const usage_table_state_e states[] = { USAGE_TABLE_CLEARING,
                                                  USAGE_TABLE_IN_USE };
    usage_memory_t memory = small_memory();
    memory.header->heads[1].state = states[_i];
    ck_assert(!usage_memory_move(&memory, 0, midnight));
    ck_assert_uint_eq(usage_memory_active(&memory), 0);
    ck_assert_uint_eq(memory.header->heads[1].state, states[_i]);
}
END_TEST

START_TEST(writer_that_believes_in_the_old_table_moves_nothing)
{
    usage_memory_t memory = small_memory();
    ck_assert(usage_memory_move(&memory, 0, midnight));
    usage_memory_clear(&memory, 0);
    ck_assert(usage_memory_move(&memory, 0, midnight + 9));
    ck_assert_uint_eq(usage_memory_active(&memory), 1);
    ck_assert_uint_eq(memory.header->heads[0].state, USAGE_TABLE_READY);
    ck_assert_int_eq(memory.header->opened, midnight);
}
END_TEST

START_TEST(view_without_room_counts_under_its_overflow)
{
    usage_memory_t memory = small_memory();
    usage_key_t key = view_key("a.example", "/new", midnight);
    usage_key_t overflow = view_key("a.example", "/*", midnight);
    usage_values_t values = { .of = { 1, 0, 0, 0, -1, 7, 8, 9 } };
    memory.header->heads[1].state = USAGE_TABLE_IN_USE;
    memory.header->heads[0].used = SLOTS / 8 * 7;
    key.device = overflow.device = 2;
    count_key(&memory, &key, &values, midnight);
    apr_hash_t *expected = apr_hash_make(unit_pool);
    sum_into(expected, key_string(&overflow), &values);
    assert_same_sums(read_sums(&memory, 0), expected);
}
END_TEST

START_TEST(event_without_room_has_the_reserve)
{
    usage_memory_t memory = small_memory();
    usage_key_t key = event_key("a.example", "outcome", "view", midnight);
    usage_values_t one = views(1);
    memory.header->heads[1].state = USAGE_TABLE_IN_USE;
    memory.header->heads[0].used = SLOTS / 8 * 7;
    count_key(&memory, &key, &one, midnight);
    apr_hash_t *expected = apr_hash_make(unit_pool);
    sum_into(expected, key_string(&key), &one);
    assert_same_sums(read_sums(&memory, 0), expected);
}
END_TEST

START_TEST(last_resort_takes_what_fits_nowhere)
{
    usage_memory_t memory = small_memory();
    usage_key_t view = view_key("a.example", "/new", midnight);
    usage_key_t event = event_key("a.example", "outcome", "bot", midnight);
    usage_key_t view_resort = view_key("*", "/*", 0);
    usage_key_t event_resort = event_key("*", "outcome", "view", 0);
    usage_values_t one = views(1);
    memory.header->heads[1].state = USAGE_TABLE_IN_USE;
    memory.header->heads[0].used = SLOTS;
    count_key(&memory, &view, &one, midnight);
    count_key(&memory, &event, &one, midnight);
    apr_hash_t *expected = apr_hash_make(unit_pool);
    sum_into(expected, key_string(&view_resort), &one);
    sum_into(expected, key_string(&event_resort), &one);
    assert_same_sums(read_sums(&memory, 0), expected);
}
END_TEST

START_TEST(every_outcome_has_a_last_resort)
{
    usage_memory_t memory = small_memory();
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        usage_key_t key = event_key("*", "outcome",
                                    usage_outcome_word((usage_outcome_e)i), 0);
        apr_uint32_t at = SLOTS + (apr_uint32_t)USAGE_RESORT_OUTCOME(i);
        ck_assert_str_eq(name_at(&memory.tables[_i], at), key_string(&key));
    }
}
END_TEST

START_TEST(every_kind_of_bots_has_a_last_resort)
{
    usage_memory_t memory = small_memory();
    for (int i = 1; i < USAGE_BOT_KINDS; i++) {
        usage_key_t key = event_key("*", usage_bot_category(i), "*", 0);
        apr_uint32_t at = SLOTS + (apr_uint32_t)USAGE_RESORT_BOT(i);
        ck_assert_str_eq(name_at(&memory.tables[_i], at), key_string(&key));
    }
}
END_TEST

/* Nine times what both tables hold, long names and short ones. */
START_TEST(sum_of_all_counts_is_what_was_added)
{
    random_t random = random_make(_i);
    usage_memory_t memory = small_memory();
    usage_values_t sum = { { 0 } };
    for (int i = 0; i < 20000; i++) {
        int number = random_below(&random, 20000);
        int width = random_chance(&random, 20) ? 200 : 1;
        char path[256];
        apr_snprintf(path, sizeof path, "/%0*d", width, number);
        usage_key_t key = random_chance(&random, 10)
                              ? event_key("a", "outcome", path, midnight)
                              : view_key("a", path, midnight);
        usage_values_t values = random_values(&random);
        count_key(&memory, &key, &values, midnight);
        usage_values_add(&sum, &values);
    }
    usage_values_t all = sum_of_all(&memory);
    ck_assert_mem_eq(&all, &sum, sizeof sum);
    ck_assert_uint_eq(usage_memory_active(&memory), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = unit_case(suite, "memory");

    tcase_add_test(tcase, writers_move_over_when_the_table_is_full);
    tcase_add_test(tcase, known_key_stays_in_a_full_table);
    tcase_add_test(tcase, names_that_find_no_room_share_one_slot);
    tcase_add_loop_test(tcase, nobody_moves_to_a_table_that_is_not_ready, 0, 2);
    tcase_add_test(tcase, writer_that_believes_in_the_old_table_moves_nothing);
    tcase_add_test(tcase, view_without_room_counts_under_its_overflow);
    tcase_add_test(tcase, event_without_room_has_the_reserve);
    tcase_add_test(tcase, last_resort_takes_what_fits_nowhere);
    tcase_add_loop_test(tcase, every_outcome_has_a_last_resort, 0, 2);
    tcase_add_loop_test(tcase, every_kind_of_bots_has_a_last_resort, 0, 2);
    tcase_add_loop_test(tcase, sum_of_all_counts_is_what_was_added, 0, 5);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
