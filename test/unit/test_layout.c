/* SPDX-License-Identifier: Apache-2.0 */
/* The segment's parts: where they lie, and what is taken for a segment. */
#include "counting.h"

enum { SLOTS = USAGE_SLOTS_MIN };

static usage_memory_t small_memory(void)
{
    return memory_make(SLOTS, midnight);
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
    assert_not_before(one->tags, base + sizeof(usage_header_t));
    assert_not_before(one->slots, one->tags + usage_table_length(one));
    assert_not_before(one->marks, one->slots + usage_table_length(one));
    assert_not_before(one->arena, one->marks + usage_table_length(one));
    assert_not_before(two->tags, one->arena + one->arena_size);
    assert_not_before(memory.sessions.members[0], two->arena + two->arena_size);
    assert_not_before(end, memory.agents + USAGE_AGENTS);
}
END_TEST

/* Memory for a segment that begins @a shift bytes after a pair of cache lines
 * does. What one byte more would touch is not there. */
static void *shifted_make(apr_size_t size, apr_size_t shift)
{
    apr_size_t over = (size + shift) % USAGE_APART;
    apr_size_t rest = over == 0 ? 0 : USAGE_APART - over;
    return (char *)shared_make(size + shift + rest) + shift;
}

START_TEST(slots_share_no_cache_line)
{
    apr_size_t size = memory_size(SLOTS);
    for (apr_size_t shift = 0; shift < USAGE_APART; shift += 8) {
        usage_memory_t memory;
        memory_create(&memory, shifted_make(size, shift), SLOTS, 1, midnight);
        for (int i = 0; i < 2; i++) {
            uintptr_t first = (uintptr_t)memory.tables[i].slots;
            ck_assert_uint_eq(first % USAGE_APART, 0);
        }
        ck_assert_int_eq(sizeof *memory.tables[0].slots % USAGE_APART, 0);
    }
}
END_TEST

static void assert_apart(const void *one, const void *other)
{
    ck_assert_int_ge(labs((const char *)one - (const char *)other), 128);
}

/* What every hit reads, and what new keys and visitors write. */
START_TEST(fields_that_are_read_lie_apart_from_those_that_are_written)
{
    const usage_memory_t memory = small_memory();
    usage_header_t *header = memory.header;
    const void *read[] = { &header->active,
                           &header->heads[0].epoch,
                           &header->heads[1].epoch,
                           &header->sessions.current,
                           &header->seen.current,
                           &header->salts,
                           &header->salts.of[USAGE_SALTS - 1].key[15],
                           memory.tables[0].tags };
    const void *written[] = {
        &header->heads[0].used, &header->heads[0].arena_used,
        &header->heads[1].used, &header->heads[1].arena_used,
        header->sessions.used,  header->seen.used
    };
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        for (size_t j = 0; j < sizeof written / sizeof *written; j++) {
            assert_apart(read[i], written[j]);
        }
    }
}
END_TEST

START_TEST(default_segment_stays_within_64_megabytes)
{
    const usage_geometry_t usual = { .slots = 65536, .visitors = 131072 };
    ck_assert_uint_le(usage_memory_size(&usual), 64 * 1000 * 1000);
}
END_TEST

START_TEST(moved_segment_is_opened)
{
    usage_memory_t memory = small_memory();
    usage_memory_t opened;
    apr_size_t size = memory_size(SLOTS);
    fill_with_views(&memory, 10);
    apr_hash_t *before = read_sums(&memory, 0);
    void *copy = shifted_make(size, (apr_size_t)_i * 8);
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
    header->layout.magic ^= 1;
    ck_assert_int_eq(reopen(&memory, header->layout.size), APR_EMISMATCH);
    *header = good;
    header->layout.version++;
    ck_assert_int_eq(reopen(&memory, header->layout.size), APR_EMISMATCH);
    *header = good;
    header->layout.size += 64;
    ck_assert_int_eq(reopen(&memory, good.layout.size), APR_EMISMATCH);
    ck_assert_int_eq(reopen(&memory, header->layout.size), APR_EMISMATCH);
    *header = good;
    header->gap = USAGE_APART;
    ck_assert_int_eq(reopen(&memory, header->layout.size), APR_EMISMATCH);
    header->gap = 4;
    ck_assert_int_eq(reopen(&memory, header->layout.size), APR_EMISMATCH);
    *header = good;
    for (size_t i = 0; i < sizeof bad_slots / sizeof *bad_slots; i++) {
        header->geometry.slots = bad_slots[i];
        ck_assert_int_eq(reopen(&memory, good.layout.size), APR_EMISMATCH);
    }
    *header = good;
    ck_assert_int_eq(reopen(&memory, good.layout.size), APR_SUCCESS);
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
    header->layout.size = size;
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
    ck_assert_int_eq(usage_memory_open(&opened, header, header->layout.size),
                     APR_SUCCESS);
    ck_assert_uint_le(usage_memory_active(&opened), 1);
    fill_with_views(&opened, 3000);
    ck_assert_int_eq(sum_of_all(&opened).of[USAGE_VIEWS], 3000);
    int fill = usage_table_fill(&opened.tables[0]);
    ck_assert_int_ge(fill, 0);
    ck_assert_int_le(fill, 1000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layout");
    TCase *tcase = unit_case(suite, "layout");

    tcase_add_loop_test(tcase, new_segment_is_opened, 0, 4);
    tcase_add_test(tcase, parts_end_where_the_segment_does);
    tcase_add_test(tcase, slots_share_no_cache_line);
    tcase_add_test(tcase,
                   fields_that_are_read_lie_apart_from_those_that_are_written);
    tcase_add_test(tcase, default_segment_stays_within_64_megabytes);
    tcase_add_loop_test(tcase, moved_segment_is_opened, 0, 16);
    tcase_add_test(tcase, damaged_header_is_refused);
    tcase_add_loop_test(tcase, slots_are_a_power_of_two_in_their_range, 0, 4);
    tcase_add_test(tcase, segment_of_another_size_is_refused);
    tcase_add_loop_test(tcase, random_damage_of_numbers_stays_inside, 0, 10);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
