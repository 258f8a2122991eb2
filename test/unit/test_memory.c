/* SPDX-License-Identifier: Apache-2.0 */
/* The segment: what is taken for one, and where additions go in it. */
#include "counting.h"

enum { SLOTS = USAGE_SLOTS_MIN };

static usage_memory_t small_memory(void)
{
    return memory_make(SLOTS, midnight);
}

/* The sum of every slot of both tables. */
static usage_values_t sum_of_all(const usage_memory_t *memory)
{
    usage_values_t sum = { { 0 } };
    for (int i = 0; i < 2; i++) {
        const usage_table_t *table = &memory->tables[i];
        for (apr_uint32_t j = 0; j < usage_table_length(table); j++) {
            for (int k = 0; k < USAGE_COUNTERS; k++) {
                sum.of[k] += table->slots[j].total[k];
            }
        }
    }
    return sum;
}

static void fill_with_views(const usage_memory_t *memory, int count)
{
    for (int i = 0; i < count; i++) {
        count_view(memory, apr_psprintf(unit_pool, "/%d", i), midnight);
    }
}

START_TEST(new_segment_is_opened)
{
    apr_uint32_t slots = (apr_uint32_t)SLOTS << _i;
    usage_memory_t memory = memory_make(slots, midnight);
    usage_memory_t opened;
    apr_size_t size = memory_size(slots);
    ck_assert_int_eq(usage_memory_open(&opened, memory.header, size),
                     APR_SUCCESS);
    for (int i = 0; i < 2; i++) {
        ck_assert_mem_eq(&opened.tables[i], &memory.tables[i],
                         sizeof memory.tables[i]);
        ck_assert_ptr_eq(opened.sessions.members[i],
                         memory.sessions.members[i]);
        ck_assert_ptr_eq(opened.seen.members[i], memory.seen.members[i]);
    }
    ck_assert_ptr_eq(opened.header, memory.header);
    ck_assert_ptr_eq(opened.sites.all, memory.sites.all);
    ck_assert_ptr_eq(opened.agents, memory.agents);
    ck_assert_uint_eq(opened.sessions.capacity, memory.sessions.capacity);
    ck_assert_uint_eq(usage_memory_active(&opened), 0);
    ck_assert_int_eq(memory.header->opened, midnight);
    ck_assert_uint_eq(memory.header->heads[0].state, USAGE_TABLE_IN_USE);
    ck_assert_uint_eq(memory.header->heads[1].state, USAGE_TABLE_READY);
}
END_TEST

static void assert_not_before(const void *part, const void *end)
{
    ck_assert((const char *)part >= (const char *)end);
}

START_TEST(parts_end_where_the_segment_does)
{
    usage_memory_t memory = small_memory();
    const char *base = (const char *)memory.header;
    const char *end = base + memory_size(SLOTS);
    const usage_table_t *one = &memory.tables[0];
    const usage_table_t *two = &memory.tables[1];
    assert_not_before(one->slots, base + sizeof(usage_header_t));
    assert_not_before(one->marks, one->slots + usage_table_length(one));
    assert_not_before(one->arena, one->marks + usage_table_length(one));
    assert_not_before(two->slots, one->arena + one->arena_size);
    assert_not_before(memory.sessions.members[0], two->arena + two->arena_size);
    assert_not_before(end, memory.agents + USAGE_AGENTS);
}
END_TEST

START_TEST(moved_segment_is_opened)
{
    usage_memory_t memory = small_memory();
    usage_memory_t opened;
    apr_size_t size = memory_size(SLOTS);
    fill_with_views(&memory, 10);
    apr_hash_t *before = read_sums(&memory, 0);
    void *copy = shared_make(size);
    memcpy(copy, memory.header, size);
    memset((void *)memory.header, 0xff, size);
    ck_assert_int_eq(usage_memory_open(&opened, copy, size), APR_SUCCESS);
    assert_same_sums(read_sums(&opened, 0), before);
    fill_with_views(&opened, 10);
    ck_assert_int_eq(sum_of_all(&opened).of[USAGE_VIEWS], 20);
    ck_assert_uint_eq(opened.header->heads[0].used, 10);
}
END_TEST

static apr_status_t reopen(const usage_memory_t *memory, apr_size_t size)
{
    usage_memory_t opened;
    return usage_memory_open(&opened, memory->header, size);
}

START_TEST(damaged_header_is_refused)
{
    usage_memory_t memory = small_memory();
    usage_header_t *header = memory.header;
    const usage_header_t good = *header;
    static const apr_uint32_t bad_slots[] = {
        0, 1, 512, 1023, 1025, 2048, 4194304, 8388608, 1u << 31, 0xffffffff
    };
    header->magic ^= 1;
    ck_assert_int_eq(reopen(&memory, header->size), APR_EMISMATCH);
    *header = good;
    header->version++;
    ck_assert_int_eq(reopen(&memory, header->size), APR_EMISMATCH);
    *header = good;
    header->size += 64;
    ck_assert_int_eq(reopen(&memory, good.size), APR_EMISMATCH);
    ck_assert_int_eq(reopen(&memory, header->size), APR_EMISMATCH);
    *header = good;
    for (size_t i = 0; i < sizeof bad_slots / sizeof *bad_slots; i++) {
        header->geometry.slots = bad_slots[i];
        ck_assert_int_eq(reopen(&memory, good.size), APR_EMISMATCH);
    }
    *header = good;
    ck_assert_int_eq(reopen(&memory, good.size), APR_SUCCESS);
}
END_TEST

/* The size is right, the number of slots is none that a table can have. */
START_TEST(slots_are_a_power_of_two_in_their_range)
{
    static const apr_uint32_t bad[] = { 512, 1023, 1536, 3000 };
    apr_size_t size = memory_size(bad[_i]);
    usage_memory_t memory = small_memory();
    usage_memory_t opened;
    usage_header_t *header = shared_make(size);
    *header = *memory.header;
    header->geometry.slots = bad[_i];
    header->size = size;
    ck_assert_int_eq(usage_memory_open(&opened, header, size), APR_EMISMATCH);
}
END_TEST

START_TEST(segment_of_another_size_is_refused)
{
    usage_memory_t memory = small_memory();
    apr_size_t size = memory_size(SLOTS);
    ck_assert_int_eq(reopen(&memory, size - 1), APR_EMISMATCH);
    ck_assert_int_eq(reopen(&memory, size + 1), APR_EMISMATCH);
    ck_assert_int_eq(reopen(&memory, 0), APR_EMISMATCH);
    void *tiny = shared_make(8);
    memory.header = tiny;
    ck_assert_int_eq(reopen(&memory, 8), APR_EMISMATCH);
}
END_TEST

START_TEST(random_damage_of_numbers_stays_inside)
{
    random_t random = random_make(_i);
    usage_memory_t memory = small_memory();
    usage_memory_t opened;
    usage_header_t *header = memory.header;
    header->active = (apr_uint32_t)random_next(&random);
    for (int i = 0; i < 2; i++) {
        header->heads[i].used = (apr_uint32_t)random_next(&random);
        header->heads[i].arena_used = (apr_uint32_t)random_next(&random);
        header->heads[i].state = (apr_uint32_t)random_below(&random, 5);
    }
    ck_assert_int_eq(usage_memory_open(&opened, header, header->size),
                     APR_SUCCESS);
    ck_assert_uint_le(usage_memory_active(&opened), 1);
    fill_with_views(&opened, 3000);
    ck_assert_int_eq(sum_of_all(&opened).of[USAGE_VIEWS], 3000);
    int fill = usage_table_fill(&opened.tables[0]);
    ck_assert_int_ge(fill, 0);
    ck_assert_int_le(fill, 1000);
}
END_TEST

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
        ck_assert_str_eq(
            record_string(usage_table_record(&memory.tables[_i], at)),
            key_string(&key));
    }
}
END_TEST

START_TEST(every_kind_of_bots_has_a_last_resort)
{
    usage_memory_t memory = small_memory();
    for (int i = 1; i < USAGE_BOT_KINDS; i++) {
        usage_key_t key = event_key("*", usage_bot_category(i), "*", 0);
        apr_uint32_t at = SLOTS + (apr_uint32_t)USAGE_RESORT_BOT(i);
        ck_assert_str_eq(
            record_string(usage_table_record(&memory.tables[_i], at)),
            key_string(&key));
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

    tcase_add_loop_test(tcase, new_segment_is_opened, 0, 4);
    tcase_add_test(tcase, parts_end_where_the_segment_does);
    tcase_add_test(tcase, moved_segment_is_opened);
    tcase_add_test(tcase, damaged_header_is_refused);
    tcase_add_loop_test(tcase, slots_are_a_power_of_two_in_their_range, 0, 4);
    tcase_add_test(tcase, segment_of_another_size_is_refused);
    tcase_add_loop_test(tcase, random_damage_of_numbers_stays_inside, 0, 10);
    tcase_add_test(tcase, writers_move_over_when_the_table_is_full);
    tcase_add_test(tcase, known_key_stays_in_a_full_table);
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
