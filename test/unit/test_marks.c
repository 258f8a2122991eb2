/* SPDX-License-Identifier: Apache-2.0 */
/* Marks from whoever puts them to the database, once, whatever fails. */
#include "ledger.h"
#include "threads.h"

static usage_mark_ring_t *ring;
static bool displaced;

static void setup_ring(void)
{
    setup();
    ring = &memory.header->marks;
    displaced = false;
}

static apr_status_t put_of(const char *site, const char *name,
                           const char *category, apr_int64_t time)
{
    usage_mark_t mark = { .time = time,
                          .site = text_of(site),
                          .name = text_of(name),
                          .category = text_of(category) };
    return usage_mark_put(ring, &mark, &displaced);
}

static void put(const char *name, apr_int64_t time)
{
    ck_assert_int_eq(put_of("", name, "mark", time), APR_SUCCESS);
}

static void put_many(int from, int to)
{
    for (int i = from; i < to; i++) {
        put(apr_psprintf(unit_pool, "mark %03d", i), now + i);
    }
}

static const apr_array_header_t *waiting(void)
{
    return usage_mark_take(ring, unit_pool);
}

static const usage_mark_row_t *row_at(const apr_array_header_t *taken, int i)
{
    return &APR_ARRAY_IDX(taken, i, usage_mark_taken_t).row;
}

static usage_standing_t standing_of(apr_uint32_t reading)
{
    static usage_mark_row_t rows[] = {
        { .site = "", .name = "goLive", .category = "server" },
        { .site = "a.example", .name = "release", .category = "mark" },
    };
    rows[0].time = now + reading;
    rows[1].time = now + reading;
    return (usage_standing_t){ .reading = reading,
                               .time = now + reading,
                               .version = "2.0",
                               .rows = rows,
                               .count = 2 };
}

static apr_status_t flush_standing(const usage_standing_t *standing)
{
    usage_flush_report_t report;
    usage_flush_t flush = { .memory = &memory,
                            .store = &store.store,
                            .node = node,
                            .zones = zones,
                            .now = now,
                            .standing = standing };
    return usage_flush_run(&flush, &report, unit_pool);
}

START_TEST(mark_is_taken_as_it_was_put_but_clean)
{
    put_of("b.example", "b", "c", now + 1);
    put_of("", " spaced\n", "a\x01\xff", now);
    const apr_array_header_t *taken = waiting();
    ck_assert_int_eq(taken->nelts, 2);
    ck_assert_str_eq(row_at(taken, 0)->site, "");
    ck_assert_str_eq(row_at(taken, 0)->name, "spaced");
    ck_assert_str_eq(row_at(taken, 0)->category, "a%01%FF");
    ck_assert_int_eq(row_at(taken, 1)->time, now + 1);
    ck_assert_str_eq(row_at(taken, 1)->site, "b.example");
    ck_assert(!displaced);
}
END_TEST

START_TEST(longest_names_have_room)
{
    char text[400];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    ck_assert_int_eq(put_of(text, text, text, now), APR_SUCCESS);
    const usage_mark_row_t *row = row_at(waiting(), 0);
    ck_assert_uint_eq(strlen(row->site), USAGE_NAME_MAX);
    ck_assert_uint_eq(strlen(row->name), USAGE_NAME_MAX);
    ck_assert_uint_eq(strlen(row->category), USAGE_NAME_MAX);
}
END_TEST

START_TEST(full_ring_drops_the_oldest)
{
    put_many(0, USAGE_MARKS_WAITING);
    ck_assert(!displaced);
    put_many(100, 103);
    ck_assert(displaced);
    const apr_array_header_t *taken = waiting();
    ck_assert_int_eq(taken->nelts, USAGE_MARKS_WAITING);
    ck_assert_str_eq(row_at(taken, 0)->name, "mark 003");
    ck_assert_str_eq(row_at(taken, USAGE_MARKS_WAITING - 1)->name, "mark 102");
}
END_TEST

/* A mark that took the slot of one that is being flushed stays. */
START_TEST(only_what_was_taken_is_let_go_of)
{
    put_many(0, USAGE_MARKS_WAITING);
    const apr_array_header_t *taken = waiting();
    put_many(100, 102);
    usage_mark_drop(taken);
    taken = waiting();
    ck_assert_int_eq(taken->nelts, 2);
    ck_assert_str_eq(row_at(taken, 0)->name, "mark 100");
}
END_TEST

/* Writers that were killed before they were done. */
START_TEST(abandoned_slots_are_taken_after_a_minute)
{
    for (int i = 0; i < USAGE_MARKS_WAITING; i++) {
        atomic_store(&ring->slots[i].state, (apr_uint64_t)now << 2 | 1);
    }
    ck_assert_int_eq(waiting()->nelts, 0);
    ck_assert_int_eq(put_of("", "a", "b", now + 60), APR_EAGAIN);
    put("b", now + 61);
    ck_assert_int_eq(waiting()->nelts, 1);
    ck_assert_int_eq(put_of("", "a", "b", now - 1), APR_SUCCESS);
}
END_TEST

/* Whatever a process writes over them. */
START_TEST(damaged_slots_are_read_within_bounds)
{
    random_t numbers = { 1 };
    for (int i = 0; i < 2000; i++) {
        unsigned char *bytes = (unsigned char *)ring->slots;
        for (apr_size_t j = 0; j < sizeof ring->slots; j += 7) {
            bytes[j] = (unsigned char)random_below(&numbers, 256);
        }
        memset(ring->slots[3].name, 'x', sizeof ring->slots[3].name);
        atomic_store(&ring->slots[3].state, 4 << 2 | 2);
        const apr_array_header_t *taken = waiting();
        for (int j = 0; j < taken->nelts; j++) {
            must(strlen(row_at(taken, j)->name) <= USAGE_NAME_MAX);
            must(*row_at(taken, j)->name != '\0');
        }
        put_of("", "a", "b", now);
        apr_pool_clear(unit_pool);
    }
}
END_TEST

static void put_from_thread(int number)
{
    for (int i = 0; i < 4; i++) {
        char name[32];
        bool is_full;
        usage_mark_t mark = { .time = now,
                              .category = { "c", 1 },
                              .name = { name, 0 } };
        mark.name.length =
            (apr_size_t)apr_snprintf(name, sizeof name, "%d-%d", number, i);
        must(usage_mark_put(ring, &mark, &is_full) == APR_SUCCESS && !is_full);
    }
}

START_TEST(threads_get_slots_of_their_own)
{
    ck_assert_int_le(THREADS * 4, USAGE_MARKS_WAITING);
    threads_run(put_from_thread);
    const apr_array_header_t *taken = waiting();
    ck_assert_int_eq(taken->nelts, THREADS * 4);
    for (int i = 1; i < taken->nelts; i++) {
        ck_assert_str_ne(row_at(taken, i - 1)->name, row_at(taken, i)->name);
    }
}
END_TEST

START_TEST(flush_writes_marks_without_any_count)
{
    put("a", now);
    flush_well();
    ck_assert_int_eq(state->marks_count, 1);
    ck_assert_int_eq(waiting()->nelts, 0);
    put("b", now);
    count_some(10);
    flush_well();
    ck_assert_int_eq(state->marks_count, 2);
}
END_TEST

START_TEST(mark_of_one_second_and_name_is_one)
{
    put("a", now);
    put("a", now);
    flush_well();
    put("a", now);
    put("a", now + 1);
    flush_well();
    ck_assert_int_eq(state->marks_count, 2);
}
END_TEST

static const memory_step_e steps[] = { MEMORY_PREPARE,   MEMORY_BEGIN,
                                       MEMORY_BATCH_GET, MEMORY_ADD,
                                       MEMORY_MARK,      MEMORY_COMMIT };
enum { STEPS = sizeof steps / sizeof *steps };

/* A step fails, seems to, or the flusher dies before or after it. */
static void flush_in_trouble(memory_trouble_e trouble, memory_step_e step)
{
    usage_standing_t standing = standing_of(1);
    jmp_buf death;
    store.death = &death;
    memory_store_order(&store, trouble, step, 0);
    if (setjmp(death) == 0) {
        ck_assert_int_eq(flush_standing(&standing), APR_EGENERAL);
    }
    memory_state_recover(state);
    memory_store_order(&store, MEMORY_NO_TROUBLE, 0, 0);
}

START_TEST(each_mark_is_written_once_whatever_fails)
{
    int trouble = MEMORY_FAILS + _i % (MEMORY_TROUBLES - MEMORY_FAILS);
    memory_step_e step = steps[_i / (MEMORY_TROUBLES - MEMORY_FAILS)];
    bool is_done = step == MEMORY_COMMIT && trouble != MEMORY_FAILS
                   && trouble != MEMORY_DIES_BEFORE;
    usage_standing_t standing = standing_of(1);
    state->version = "1.0";
    put("a", now);
    put("b", now);
    count_some(20);
    flush_in_trouble((memory_trouble_e)trouble, step);
    ck_assert_int_eq(state->marks_count, is_done ? 5 : 0);
    ck_assert_int_eq(waiting()->nelts, 2);
    state->version = is_done ? "2.0" : "1.0";
    put("c", now + 1);
    ck_assert_int_eq(flush_standing(&standing), APR_SUCCESS);
    ck_assert_int_eq(state->marks_count, 6);
    ck_assert_int_eq(waiting()->nelts, 0);
}
END_TEST

START_TEST(standing_marks_are_asked_of_the_database_once_a_reading)
{
    usage_standing_t first = standing_of(1);
    ck_assert_int_eq(flush_standing(&first), APR_SUCCESS);
    ck_assert_int_eq(store.done[MEMORY_MARK], 2);
    ck_assert_int_eq(flush_standing(&first), APR_SUCCESS);
    ck_assert_int_eq(store.done[MEMORY_MARK], 2);
    usage_standing_t second = standing_of(2);
    ck_assert_int_eq(flush_standing(&second), APR_SUCCESS);
    ck_assert_int_eq(store.done[MEMORY_MARK], 4);
    ck_assert_int_eq(state->marks_count, 2);
    ck_assert_int_eq(state->marks[0].time, now + 1);
    ck_assert_str_eq(state->marks[1].name, "release");
}
END_TEST

START_TEST(version_is_marked_where_it_differs)
{
    static const char *const versions[] = { NULL, "2.0", "1.9" };
    usage_standing_t standing = standing_of(7);
    state->version = versions[_i];
    ck_assert_int_eq(flush_standing(&standing), APR_SUCCESS);
    ck_assert_int_eq(state->marks_count, _i == 2 ? 3 : 2);
    if (_i == 2) {
        ck_assert_str_eq(state->marks[2].name, "version 2.0 node.example");
        ck_assert_str_eq(state->marks[2].category, "server");
        ck_assert_int_eq(state->marks[2].time, now + 7);
    }
}
END_TEST

/* What the page has of them. */

static usage_flags_t flags_of(const char *site, int period)
{
    usage_query_t *query = apr_palloc(unit_pool, sizeof *query);
    usage_source_t source = { .store = &store.store,
                              .memory = &memory,
                              .node = node,
                              .flush_interval = 60,
                              .version = "1.2.3" };
    usage_model_t model;
    *query = query_of(site, period);
    usage_model_read(&source, query, &model, unit_pool);
    return model.flags;
}

START_TEST(page_has_the_marks_of_its_period_newest_first)
{
    put("old", now - 40 * DAY);
    put("new", now - 60);
    put("ahead", now + 40 * DAY);
    flush_well();
    put("waits", now);
    usage_flags_t flags = flags_of("", USAGE_PERIOD_30D);
    ck_assert_int_eq(flags.count, 2);
    ck_assert_str_eq(flags.rows[0].mark.name, "waits");
    ck_assert_str_eq(flags.rows[1].mark.name, "new");
    ck_assert_int_eq(flags.rows[1].start, midnight);
    ck_assert_int_eq(flags_of("", USAGE_PERIOD_ALL).count, 2);
    flags = flags_of("", USAGE_PERIOD_DAY);
    ck_assert_int_eq(flags.count, 2);
    ck_assert_int_eq(flags.rows[1].start, midnight + 15 * HOUR);
}
END_TEST

START_TEST(page_of_a_site_has_its_own_and_those_of_all)
{
    put_of("a.example", "a", "mark", now);
    put_of("b.example", "b", "mark", now);
    put_of("", "all", "mark", now);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(flags_of("", USAGE_PERIOD_7D).count, 3);
        usage_flags_t flags = flags_of("b.example", USAGE_PERIOD_7D);
        ck_assert_int_eq(flags.count, 2);
        ck_assert_str_eq(flags.rows[0].mark.name, "b");
        ck_assert_str_eq(flags.rows[1].mark.name, "all");
        flush_well();
    }
}
END_TEST

/* It is in the database, and still in the ring. */
START_TEST(page_has_a_mark_once_whose_flusher_died)
{
    put("a", now);
    count_some(5);
    flush_and_die(MEMORY_DIES_AFTER);
    ck_assert_int_eq(waiting()->nelts, 1);
    ck_assert_int_eq(state->marks_count, 1);
    ck_assert_int_eq(flags_of("", USAGE_PERIOD_7D).count, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("marks");
    TCase *tcase = unit_case(suite, "marks");

    tcase_add_checked_fixture(tcase, setup_ring, NULL);
    tcase_add_test(tcase, mark_is_taken_as_it_was_put_but_clean);
    tcase_add_test(tcase, longest_names_have_room);
    tcase_add_test(tcase, full_ring_drops_the_oldest);
    tcase_add_test(tcase, only_what_was_taken_is_let_go_of);
    tcase_add_test(tcase, abandoned_slots_are_taken_after_a_minute);
    tcase_add_test(tcase, damaged_slots_are_read_within_bounds);
    tcase_add_test(tcase, threads_get_slots_of_their_own);
    tcase_add_test(tcase, flush_writes_marks_without_any_count);
    tcase_add_test(tcase, mark_of_one_second_and_name_is_one);
    tcase_add_loop_test(tcase, each_mark_is_written_once_whatever_fails, 0,
                        STEPS * (MEMORY_TROUBLES - MEMORY_FAILS));
    tcase_add_test(tcase,
                   standing_marks_are_asked_of_the_database_once_a_reading);
    tcase_add_loop_test(tcase, version_is_marked_where_it_differs, 0, 3);
    tcase_add_test(tcase, page_has_the_marks_of_its_period_newest_first);
    tcase_add_test(tcase, page_of_a_site_has_its_own_and_those_of_all);
    tcase_add_test(tcase, page_has_a_mark_once_whose_flusher_died);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
