/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real processes over shared memory: writers that count as fast as they can
 * and are killed every few milliseconds, and a flusher that is killed now and
 * then, draining into a store in shared memory. In the end the store has what
 * the writers know they added; of each kill, one addition may be in doubt.
 *
 * Time is the test's own, and passes in steps: before the flusher lets grace
 * pass, it waits until every writer has moved on.
 *
 * USAGE_STRESS=seconds makes it run for longer.
 */
#include "counting.h"
#include "engine/calendar.h"
#include "engine/flush.h"
#include "memory_store.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include <apr_time.h>

enum { WRITERS = 3, KEYS = 2000, ROWS = 100000, PACE = 3000 };
enum { INTERVAL = 600, STEP = 400, FLUSHER_KILLS = 5 };

/* What a writer tells: it outlives the process. */
typedef struct writer_t {
    pid_t pid;
    _Atomic apr_int64_t added[USAGE_COUNTERS];
    _Atomic apr_int64_t of_key[KEYS]; /* views */
    _Atomic unsigned progress;
} writer_t;

typedef struct stage_t {
    usage_memory_t memory;
    memory_state_t *state;
    writer_t writers[WRITERS];
    _Atomic bool is_over;
    _Atomic apr_int64_t now;
    _Atomic int flushes;
    _Atomic int moves;
    int kills;
} stage_t;

static stage_t *stage;

static void set_stage(apr_uint32_t slots)
{
    stage = shared_make((sizeof *stage + 7) / 8 * 8);
    stage->memory = memory_make(slots, midnight);
    stage->state = memory_state_make(ROWS);
    stage->now = midnight;
}

/* Writers. */

static usage_values_t values_of(int number)
{
    return (usage_values_t){ .of = { [USAGE_VIEWS] = 1,
                                     [USAGE_BOUNCES] = number % 3 - 1,
                                     [USAGE_BYTES] = number } };
}

/* A few intervals again and again, so that the store does not fill. */
static apr_int64_t start_at(apr_int64_t now)
{
    apr_int64_t since = usage_calendar_base(now, INTERVAL) - midnight;
    return midnight + since % (8 * INTERVAL);
}

static void add_one(writer_t *writer, int number)
{
    char path[32];
    usage_values_t values = values_of(number);
    apr_int64_t now = stage->now;
    snprintf(path, sizeof path, "/page/%d", number);
    usage_key_t key = view_key("a.example", path, start_at(now));
    count_key(&stage->memory, &key, &values, now);
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        writer->added[i] += values.of[i];
    }
    writer->of_key[number]++;
    writer->progress++;
}

static void write_on(writer_t *writer, int seed)
{
    random_t random = random_make(seed);
    while (!stage->is_over) {
        int number = random_below(&random, KEYS);
        add_one(writer, random_chance(&random, 50) ? number % 50 : number);
    }
    _exit(0);
}

static void start_writer(int index, int seed)
{
    writer_t *writer = &stage->writers[index];
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        write_on(writer, seed);
    }
    writer->pid = pid;
    writer->progress++;
}

/* The flusher. */

static void await_writers(void)
{
    unsigned before[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        before[i] = stage->writers[i].progress;
    }
    for (int i = 0; i < WRITERS; i++) {
        while (stage->writers[i].progress == before[i] && !stage->is_over) {
            usleep(100);
        }
    }
}

static void flush_once(apr_pool_t *pool)
{
    memory_store_t store;
    usage_flush_report_t report;
    usage_flush_t flush = { .memory = &stage->memory,
                            .store = &store.store,
                            .node = "node.example",
                            .zones = all_utc(INTERVAL, unit_pool),
                            .now = stage->now };
    memory_store_open(&store, stage->state, pool);
    must(usage_flush_run(&flush, &report, pool) == APR_SUCCESS);
    must(report.lost == 0);
    stage->flushes++;
}

static void flush_on(void)
{
    while (!stage->is_over) {
        apr_pool_t *pool;
        unsigned active = usage_memory_active(&stage->memory);
        apr_pool_create(&pool, NULL);
        flush_once(pool);
        stage->moves += usage_memory_active(&stage->memory) != active;
        apr_pool_destroy(pool);
        await_writers();
        stage->now += stage->is_over ? 0 : STEP;
    }
    _exit(0);
}

static pid_t start_flusher(void)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        flush_on();
    }
    return pid;
}

/* The director: kills, and starts again. */

static void reap(pid_t pid, int allowed)
{
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) || WTERMSIG(status) == allowed);
    ck_assert(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
}

static void kill_now(pid_t pid)
{
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    reap(pid, SIGKILL);
}

static void direct(apr_time_t length)
{
    random_t random = random_make(1);
    pid_t flusher = start_flusher();
    apr_time_t end = apr_time_now() + length;
    for (int i = 0; i < WRITERS; i++) {
        start_writer(i, i);
    }
    for (stage->kills = 0; apr_time_now() < end; stage->kills++) {
        int index = random_below(&random, WRITERS);
        usleep((useconds_t)random_below(&random, 2 * PACE));
        kill_now(stage->writers[index].pid);
        start_writer(index, WRITERS + stage->kills);
        if (random_chance(&random, FLUSHER_KILLS)) {
            kill_now(flusher);
            flusher = start_flusher();
        }
    }
    stage->is_over = true;
    for (int i = 0; i < WRITERS; i++) {
        reap(stage->writers[i].pid, 0);
    }
    reap(flusher, 0);
}

/* What came of it. */

static void assert_in_doubt(apr_int64_t found, apr_int64_t added,
                            apr_int64_t doubt)
{
    if (found < added - doubt || found > added + doubt) {
        ck_abort_msg("%ld stored, %ld added, %ld in doubt", (long)found,
                     (long)added, (long)doubt);
    }
}

static apr_int64_t added(int counter)
{
    apr_int64_t sum = 0;
    for (int i = 0; i < WRITERS; i++) {
        sum += stage->writers[i].added[counter];
    }
    return sum;
}

static apr_int64_t stored(usage_fact_e fact, usage_grain_e grain, int counter)
{
    apr_int64_t sum = 0;
    for (int i = 0; i < stage->state->count; i++) {
        const memory_row_t *row = &stage->state->rows[i];
        bool is_meant = row->fact == fact && row->grain == grain;
        sum += is_meant ? row->values.of[counter] : 0;
    }
    return sum;
}

static void assert_sums(void)
{
    static const int greatest[USAGE_COUNTERS] = {
        [USAGE_VIEWS] = 1, [USAGE_BOUNCES] = 1, [USAGE_BYTES] = KEYS
    };
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        apr_int64_t total = stored(USAGE_FACT_VIEW, USAGE_GRAIN_BASE, i);
        assert_in_doubt(total, added(i),
                        (apr_int64_t)stage->kills * greatest[i]);
        for (int j = 0; j < USAGE_FACT_EVENT * USAGE_GRAINS; j++) {
            ck_assert_int_eq(stored((usage_fact_e)(j / USAGE_GRAINS),
                                    (usage_grain_e)(j % USAGE_GRAINS), i),
                             total);
        }
    }
    ck_assert_int_ge(stored(USAGE_FACT_VIEW, USAGE_GRAIN_DAY, USAGE_VIEWS),
                     added(USAGE_VIEWS));
}

static void assert_pages(void)
{
    apr_int64_t doubt = 0;
    apr_int64_t of_page[KEYS] = { 0 };
    for (int i = 0; i < stage->state->count; i++) {
        const memory_row_t *row = &stage->state->rows[i];
        int number = -1;
        if (row->fact == USAGE_FACT_PAGE && row->grain == USAGE_GRAIN_BASE) {
            must(sscanf(row->name, "/page/%d", &number) == 1);
            must(number >= 0 && number < KEYS);
            of_page[number] += row->values.of[USAGE_VIEWS];
        }
    }
    for (int i = 0; i < KEYS; i++) {
        apr_int64_t known = 0;
        for (int j = 0; j < WRITERS; j++) {
            known += stage->writers[j].of_key[i];
        }
        must(of_page[i] >= known);
        doubt += of_page[i] - known;
    }
    ck_assert_int_le(doubt, stage->kills);
}

static apr_time_t stress_time(void)
{
    const char *seconds = getenv("USAGE_STRESS");
    double length = seconds != NULL ? strtod(seconds, NULL) : 2;
    return (apr_time_t)(length / 2 * (double)APR_USEC_PER_SEC);
}

static void perform(apr_uint32_t slots)
{
    set_stage(slots);
    direct(stress_time());
    flush_once(unit_pool);
    flush_once(unit_pool);
    printf("%ld views, %d kills, %d flushes, %d moves\n",
           (long)added(USAGE_VIEWS), stage->kills, stage->flushes,
           stage->moves);
    ck_assert_int_gt(stage->kills, 0);
    ck_assert_int_gt(stage->flushes, 2);
    assert_sums();
}

START_TEST(killed_writers_lose_nothing)
{
    perform(16384);
    assert_pages();
}
END_TEST

START_TEST(killed_writers_lose_nothing_when_tables_overflow)
{
    perform(USAGE_SLOTS_MIN);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stress");
    TCase *tcase = unit_case(suite, "stress");

    tcase_set_timeout(tcase, 60 + (double)stress_time() / APR_USEC_PER_SEC);
    tcase_add_test(tcase, killed_writers_lose_nothing);
    tcase_add_test(tcase, killed_writers_lose_nothing_when_tables_overflow);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
