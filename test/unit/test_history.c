/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exactly once: random histories of counts, flushes and everything that can
 * befall them, after which the database has what was counted, to the unit.
 *
 * The model is a log of additions. A batch takes all that was counted since
 * the one before, so what a database has is a list of ranges of the log.
 */
#include "engine/flush.h"
#include "standing.h"

enum { ROWS = 30000, LOG = 4000, RANGES = 100, DATABASES = 3 };

static const char node[] = "node.example";

typedef struct range_t {
    int from, to;
} range_t;

/* A database, and what the model says is in it. */
typedef struct database_t {
    memory_state_t *state;
    range_t ranges[RANGES];
    int count;
} database_t;

/* One history. Databases: the one in use, then the copies of it. */
typedef struct history_t {
    random_t random;
    usage_memory_t memory;
    memory_store_t store;
    database_t databases[DATABASES];
    addition_t log[LOG];
    int length;
    int flushed; /* of the log, as the segment knows */
    int pending; /* of the log, when the batch was taken; 0: none is */
    apr_int64_t pending_number;
    apr_int64_t now;
    int sites, paths;
} history_t;

static history_t *history;

static void setup(void)
{
    history = shared_make(sizeof *history / 8 * 8 + 8);
    history->memory = memory_make(USAGE_SLOTS_MIN, midnight);
    for (int i = 0; i < DATABASES; i++) {
        history->databases[i].state = memory_state_make(ROWS);
    }
}

static void begin(int seed)
{
    random_t random = random_make(seed);
    history->random = random;
    history->length = history->flushed = history->pending = 0;
    history->now = midnight;
    memory_create(&history->memory, history->memory.header, USAGE_SLOTS_MIN,
                  random_next(&random), midnight);
    for (int i = 0; i < DATABASES; i++) {
        history->databases[i].count = 0;
        memset(history->databases[i].state->nodes, 0,
               sizeof history->databases[i].state->nodes);
        history->databases[i].state->count = 0;
        memory_state_copy(history->databases[i].state,
                          history->databases[i].state);
    }
    memory_store_open(&history->store, history->databases[0].state, unit_pool);
}

static usage_key_t random_key(random_t *random)
{
    const char *site =
        apr_psprintf(unit_pool, "s%d", random_below(random, history->sites));
    const char *path =
        apr_psprintf(unit_pool, "/%d", random_below(random, history->paths));
    apr_int64_t start = usage_calendar_base(history->now, HOUR);
    if (random_chance(random, 20)) {
        start -= (apr_int64_t)random_below(random, 40 * 24) * HOUR;
    }
    if (random_chance(random, 30)) {
        return event_key(site, "outcome", path, start);
    }
    usage_key_t key = view_key(site, path, start);
    key.device = random_below(random, 4);
    key.browser = random_below(random, 2);
    return key;
}

static void count_some(int times)
{
    for (int i = 0; i < times && history->length < LOG; i++) {
        addition_t *addition = &history->log[history->length++];
        addition->key = random_key(&history->random);
        addition->values = random_values(&history->random);
        count_key(&history->memory, &addition->key, &addition->values,
                  history->now);
    }
}

/* Whether the flusher came to its end. */
static bool survives_flush(usage_flush_report_t *report)
{
    jmp_buf death;
    usage_flush_t flush = { .memory = &history->memory,
                            .store = &history->store.store,
                            .node = node,
                            .zones = all_utc(HOUR, unit_pool),
                            .now = history->now };
    history->store.death = &death;
    history->store.is_open = false;
    if (setjmp(death) != 0) {
        return false;
    }
    usage_flush_run(&flush, report, unit_pool);
    return true;
}

static void add_range(int to)
{
    database_t *database = &history->databases[0];
    ck_assert_int_lt(database->count, RANGES);
    database->ranges[database->count++] = (range_t){ history->flushed, to };
}

static bool is_batch_pending(void)
{
    return history->memory.header->layout.batch_state == USAGE_BATCH_PENDING;
}

/* A batch in doubt was written again; if that was marked, the flush went on. */
static void note_again(apr_int64_t number)
{
    const usage_header_t *header = history->memory.header;
    add_range(history->pending);
    if (!is_batch_pending() || header->batch_number != number) {
        history->flushed = history->pending;
        history->pending = 0;
    }
}

static void note_pending(bool is_done)
{
    if (is_done) {
        history->flushed = history->length;
    }
    if (is_done || !is_batch_pending()) {
        history->pending = 0;
    }
    else if (history->pending == 0) {
        history->pending = history->length;
        history->pending_number = history->memory.header->batch_number;
    }
}

/* What the flush came to, as the database tells. */
static void note_flush(apr_int64_t before, bool is_done)
{
    apr_int64_t at = memory_state_batch(history->databases[0].state, node);
    bool is_known = history->pending > 0 && before == history->pending_number;
    bool is_again =
        history->pending > 0 && before == history->pending_number - 1;
    if (history->store.done[MEMORY_BATCH_GET] == 0) {
        return;
    }
    history->flushed = is_known ? history->pending : history->flushed;
    history->pending = is_again ? history->pending : 0;
    if (is_again && at > before) {
        before++;
        note_again(before);
    }
    if (at > before) {
        add_range(history->length);
    }
    note_pending(is_done);
}

static void flush(memory_trouble_e trouble, memory_step_e step, int nth)
{
    usage_flush_report_t report = { .problem = "died" };
    memory_state_t *state = history->databases[0].state;
    apr_int64_t before = memory_state_batch(state, node);
    memory_store_order(&history->store, trouble, step, nth);
    bool is_done = survives_flush(&report) && report.problem == NULL;
    memory_state_recover(state);
    ck_assert_int_eq(report.lost, 0);
    note_flush(before, is_done);
}

static void flush_somehow(void)
{
    random_t *random = &history->random;
    if (random_chance(random, 40)) {
        flush(MEMORY_NO_TROUBLE, 0, 0);
        return;
    }
    memory_step_e step = (memory_step_e)random_below(random, MEMORY_ASK);
    int most = step == MEMORY_ADD ? USAGE_FACTS * USAGE_GRAINS : 2;
    flush((memory_trouble_e)(1 + random_below(random, MEMORY_TROUBLES - 1)),
          step, random_below(random, most));
}

/* Leave the marks as a flusher does that dies in the middle of them. */
static void break_off(bool is_taking)
{
    usage_header_t *header = history->memory.header;
    for (int i = 0; i < 2; i++) {
        const usage_table_t *table = &history->memory.tables[i];
        apr_uint32_t length = usage_table_length(table);
        apr_uint32_t end =
            (apr_uint32_t)random_below(&history->random, (int)length);
        bool is_used = table->head->state == USAGE_TABLE_IN_USE;
        for (apr_uint32_t j = 0; is_used && j < end; j++) {
            usage_marks_t *marks = &table->marks[j];
            memcpy(is_taking ? marks->until : marks->flushed,
                   is_taking ? (const void *)table->slots[j].total
                             : (const void *)marks->until,
                   sizeof marks->until);
        }
    }
    if (is_taking) {
        header->layout.batch_state = USAGE_BATCH_NONE;
    }
}

/* The flusher dies while it takes a batch, marks one, or clears a table. */
static void die_inside(void)
{
    const usage_memory_t *memory = &history->memory;
    usage_table_head_t *other =
        memory->tables[1 - usage_memory_active(memory)].head;
    if (is_batch_pending()
        && history->pending_number
               == memory_state_batch(history->databases[0].state, node)) {
        break_off(false);
    }
    else if (!is_batch_pending()) {
        break_off(true);
    }
    if (other->state == USAGE_TABLE_READY) {
        other->state = USAGE_TABLE_CLEARING;
    }
}

static void copy_database(int to, int from)
{
    database_t *target = &history->databases[to];
    const database_t *source = &history->databases[from];
    memory_state_copy(target->state, source->state);
    memcpy(target->ranges, source->ranges, sizeof target->ranges);
    target->count = source->count;
}

/*
 * Put a copy back. A batch that was in the lost database is then written to
 * this one. The number alone tells databases apart, so a copy whose number is
 * by chance that of the batch in question is left where it is.
 */
static void put_back(int copy)
{
    const usage_header_t *header = history->memory.header;
    database_t *database = &history->databases[copy];
    if (is_batch_pending()
        && memory_state_batch(database->state, node) == header->batch_number) {
        return;
    }
    copy_database(0, copy);
}

static void pass_time(void)
{
    static const int spans[] = { 1, 6, 60, HOUR, DAY, 31 * DAY };
    history->now += spans[random_below(&history->random, 6)];
}

static void live(void)
{
    random_t *random = &history->random;
    int chance = random_below(random, 100);
    if (chance < 40) {
        count_some(random_below(random, 40));
    }
    else if (chance < 75) {
        flush_somehow();
    }
    else if (chance < 85) {
        pass_time();
    }
    else if (chance < 90) {
        copy_database(1 + random_below(random, DATABASES - 1), 0);
    }
    else if (chance < 95) {
        put_back(1 + random_below(random, DATABASES - 1));
    }
    else {
        /* Marks half moved are true of the database with the batch alone. */
        die_inside();
        flush(MEMORY_NO_TROUBLE, 0, 0);
    }
}

static apr_hash_t *expected(const database_t *database, bool is_sum)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    for (int i = 0; i < database->count; i++) {
        for (int j = database->ranges[i].from; j < database->ranges[i].to;
             j++) {
            const addition_t *addition = &history->log[j];
            bool is_event = addition->key.kind == USAGE_KIND_EVENT;
            for (int k = 0; k < USAGE_FACT_USER * USAGE_GRAINS; k++) {
                if (is_event == (k / USAGE_GRAINS == USAGE_FACT_EVENT)) {
                    expect(sums, addition, k / USAGE_GRAINS, k % USAGE_GRAINS,
                           is_sum);
                }
            }
            for (int k = USAGE_GRAIN_DAY; k <= USAGE_GRAIN_MONTH; k++) {
                if (!is_event) {
                    expect_of_all(sums, addition, k, is_sum);
                }
            }
        }
    }
    return sums;
}

static apr_hash_t *found(const database_t *database, bool is_sum)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    for (int i = 0; i < database->state->count; i++) {
        const memory_row_t *row = &database->state->rows[i];
        sum_into(sums, row_name(row, is_sum), &row->values);
    }
    return sums;
}

static void live_through(int seed, int steps, bool is_sum)
{
    begin(seed);
    for (int i = 0; i < steps; i++) {
        live();
    }
    flush(MEMORY_NO_TROUBLE, 0, 0);
    ck_assert_int_eq(history->flushed, history->length);
    for (int i = 0; i < DATABASES; i++) {
        const database_t *database = &history->databases[i];
        assert_same_sums(found(database, is_sum), expected(database, is_sum));
    }
    apr_pool_clear(unit_pool);
}

START_TEST(every_count_is_stored_once_whatever_happens)
{
    history->sites = 2;
    history->paths = 8;
    for (int i = 0; i < 30; i++) {
        live_through(_i * 30 + i, 60, false);
    }
}
END_TEST

/* More pages than both tables hold: what overflows has another name. */
START_TEST(every_count_is_stored_once_when_tables_overflow)
{
    history->sites = 40;
    history->paths = 400;
    for (int i = 0; i < 3; i++) {
        live_through(_i * 3 + i, 250, true);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("history");
    TCase *tcase = unit_case(suite, "history");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, every_count_is_stored_once_whatever_happens, 0,
                        10);
    tcase_add_loop_test(tcase, every_count_is_stored_once_when_tables_overflow,
                        0, 5);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
