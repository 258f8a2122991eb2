/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight processes add to 10,000 keys and acknowledge each addition. All the
 * while one of them is killed every few milliseconds and started again, as is
 * now and then the flusher, which drains the table into a database in shared
 * memory. In the end the database has of each key what was acknowledged, and
 * at most one more for each kill that came between an addition's announcement
 * and its acknowledgement.
 *
 * Time is the test's own, and passes in steps: before the flusher lets grace
 * pass, it waits until every writer has moved on.
 *
 * USAGE_STRESS_ADDS is how often each process adds: `make stress` has ten
 * million, and a kill every 50 milliseconds.
 */
#include "counting.h"
#include "engine/calendar.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include <apr_time.h>

enum { WRITERS = 8, KEYS = 10000, SLOTS = 65536 };
enum { INTERVAL = 600, STEP = 200 };
enum { FEW = 100000, SHORT_PACE = 3000, LONG_PACE = 50000 }; /* microseconds */
enum { FLUSHER_KILLS = 20 }; /* of a hundred */

/* What a writer tells: it outlives the process. */
typedef struct writer_t {
    pid_t pid;
    _Atomic apr_int64_t announced; /* key of the addition under way, or -1 */
    _Atomic apr_int64_t before; /* what of that key was acknowledged then */
    _Atomic apr_int64_t acknowledged[KEYS];
    _Atomic apr_int64_t done;
    _Atomic unsigned starts;
} writer_t;

/* Of two sums, the last digit of the batch says which is the committed one. */
typedef struct database_t {
    _Atomic apr_int64_t batch;
    usage_values_t sums[2][KEYS];
} database_t;

typedef struct stage_t {
    usage_memory_t memory;
    writer_t writers[WRITERS];
    database_t database;
    apr_int64_t in_doubt[KEYS];
    apr_int64_t adds; /* of each writer */
    _Atomic apr_int64_t now;
    _Atomic bool is_over;
    _Atomic int flushes;
    _Atomic int recognised; /* batches of flushers that died */
    _Atomic int moves;
    int kills;
    int flusher_kills;
} stage_t;

static stage_t *stage;

/* Writers. */

static usage_addition_t addition_of(int number, char *path, apr_int64_t now)
{
    apr_int64_t start = usage_calendar_base(now, INTERVAL);
    apr_snprintf(path, 16, "/page/%d", number);
    return (usage_addition_t){ .key = view_key("a.example", path, start),
                               .overflow = USAGE_PATH_OVERFLOW,
                               .resort = USAGE_RESORT_VIEW };
}

static usage_values_t values_of(int number)
{
    return (usage_values_t){
        .of = { [USAGE_VIEWS] = 1, [USAGE_BYTES] = number + 1 }
    };
}

static void add_one(writer_t *writer, int number)
{
    char path[16];
    apr_int64_t now = stage->now;
    usage_addition_t addition = addition_of(number, path, now);
    usage_values_t values = values_of(number);
    writer->before = writer->acknowledged[number];
    writer->announced = number;
    usage_memory_add(&stage->memory, &addition, &values, now);
    writer->acknowledged[number]++;
    writer->announced = -1;
}

static void write_on(writer_t *writer, int seed)
{
    random_t random = random_make(seed);
    while (writer->done < stage->adds) {
        add_one(writer, random_below(&random, KEYS));
        writer->done++;
    }
    _exit(0);
}

static void start_writer(int index)
{
    writer_t *writer = &stage->writers[index];
    unsigned seed = ++writer->starts * WRITERS + (unsigned)index;
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        write_on(writer, (int)seed);
    }
    writer->pid = pid;
}

/* The flusher. */

static bool is_done(const writer_t *writer)
{
    return writer->done >= stage->adds;
}

static void await_writers(void)
{
    apr_int64_t done[WRITERS];
    unsigned starts[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        starts[i] = stage->writers[i].starts;
        done[i] = stage->writers[i].done;
    }
    for (int i = 0; i < WRITERS; i++) {
        const writer_t *writer = &stage->writers[i];
        while (!is_done(writer) && writer->starts == starts[i]
               && writer->done < done[i] + 2) {
            usleep(50);
        }
    }
}

/* One transaction: there is nothing of it until the last store. */
static void write_batch(const apr_array_header_t *counts, apr_int64_t number)
{
    database_t *database = &stage->database;
    usage_values_t *sums = database->sums[number % 2];
    memcpy(sums, database->sums[(number + 1) % 2], sizeof database->sums[0]);
    for (int i = 0; i < counts->nelts; i++) {
        const usage_count_t *count = &APR_ARRAY_IDX(counts, i, usage_count_t);
        int page = -1;
        must(sscanf(count->key.name.data, "/page/%d", &page) == 1);
        must(page >= 0 && page < KEYS);
        usage_values_add(&sums[page], &count->values);
    }
    database->batch = number;
}

static void settle(void)
{
    const usage_header_t *header = stage->memory.header;
    if (header->layout.batch_state == USAGE_BATCH_PENDING
        && header->batch_number == stage->database.batch) {
        usage_batch_mark(&stage->memory);
        stage->recognised++;
    }
}

static void flush_once(void)
{
    int lost;
    apr_pool_t *pool;
    apr_int64_t number = stage->database.batch + 1;
    unsigned active = usage_memory_active(&stage->memory);
    apr_pool_create(&pool, NULL);
    settle();
    apr_array_header_t *counts =
        usage_batch_take(&stage->memory, "node.example", number, &lost, pool);
    must(lost == 0);
    if (counts->nelts > 0) {
        write_batch(counts, number);
        usage_batch_mark(&stage->memory);
    }
    memory_recycle(&stage->memory, INTERVAL, stage->now);
    stage->moves += usage_memory_active(&stage->memory) != active;
    stage->flushes++;
    apr_pool_destroy(pool);
}

static pid_t start_flusher(void)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    while (pid == 0 && !stage->is_over) {
        flush_once();
        await_writers();
        stage->now += STEP;
    }
    if (pid == 0) {
        _exit(0);
    }
    return pid;
}

/* The director: kills, and starts again. */

/* @return whether it was killed, rather than done */
static bool reap(pid_t pid)
{
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) || WTERMSIG(status) == SIGKILL);
    ck_assert(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

/* An addition that was announced, and is not acknowledged, may have been. */
static void note_doubt(writer_t *writer)
{
    apr_int64_t key = writer->announced;
    if (key >= 0 && writer->acknowledged[key] == writer->before) {
        stage->in_doubt[key]++;
    }
    writer->announced = -1;
}

static void kill_writer(int index)
{
    writer_t *writer = &stage->writers[index];
    if (is_done(writer)) {
        return;
    }
    ck_assert_int_eq(kill(writer->pid, SIGKILL), 0);
    if (reap(writer->pid)) {
        stage->kills++;
        note_doubt(writer);
    }
    start_writer(index);
}

static pid_t kill_flusher(pid_t flusher)
{
    ck_assert_int_eq(kill(flusher, SIGKILL), 0);
    ck_assert(reap(flusher));
    stage->flusher_kills++;
    return start_flusher();
}

static bool are_done(void)
{
    int done = 0;
    for (int i = 0; i < WRITERS; i++) {
        done += is_done(&stage->writers[i]);
    }
    return done == WRITERS;
}

static void direct(useconds_t pace)
{
    random_t random = random_make(1);
    pid_t flusher = start_flusher();
    for (int i = 0; i < WRITERS; i++) {
        stage->writers[i].announced = -1;
        start_writer(i);
    }
    while (!are_done()) {
        usleep(pace);
        kill_writer(random_below(&random, WRITERS));
        if (random_chance(&random, FLUSHER_KILLS)) {
            usleep((useconds_t)random_below(&random, 10000));
            flusher = kill_flusher(flusher);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        ck_assert(!reap(stage->writers[i].pid));
    }
    stage->is_over = true;
    ck_assert(!reap(flusher));
}

/* What came of it. */

static apr_int64_t acknowledged(int key)
{
    apr_int64_t sum = 0;
    for (int i = 0; i < WRITERS; i++) {
        sum += stage->writers[i].acknowledged[key];
    }
    return sum;
}

static void assert_between(int key, apr_int64_t found, apr_int64_t least,
                           apr_int64_t most)
{
    if (found < least || found > most) {
        ck_abort_msg("key %d has %ld, should have %ld to %ld", key, (long)found,
                     (long)least, (long)most);
    }
}

static void assert_sums(void)
{
    const database_t *database = &stage->database;
    apr_int64_t all = 0;
    apr_int64_t doubt = 0;
    for (int i = 0; i < KEYS; i++) {
        const apr_int64_t *sum = database->sums[database->batch % 2][i].of;
        apr_int64_t least = acknowledged(i);
        apr_int64_t most = least + stage->in_doubt[i];
        assert_between(i, sum[USAGE_VIEWS], least, most);
        assert_between(i, sum[USAGE_BYTES], least * (i + 1), most * (i + 1));
        all += least;
        doubt += stage->in_doubt[i];
    }
    ck_assert_int_le(doubt, stage->kills);
    ck_assert_int_ge(all, WRITERS * stage->adds);
    printf("%ld additions acknowledged, %ld in doubt, %d kills, %d of "
           "flushers, %d flushes, %d recognised, %d moves\n",
           (long)all, (long)doubt, stage->kills, stage->flusher_kills,
           stage->flushes, stage->recognised, stage->moves);
}

START_TEST(what_was_acknowledged_is_stored_once)
{
    const char *adds = getenv("USAGE_STRESS_ADDS");
    apr_time_t begun = apr_time_now();
    stage = shared_make((sizeof *stage + 7) / 8 * 8);
    stage->memory = memory_make(SLOTS, midnight);
    stage->now = midnight;
    stage->adds = adds != NULL ? strtoll(adds, NULL, 10) : FEW;
    direct(adds != NULL ? LONG_PACE : SHORT_PACE);
    flush_once();
    flush_once();
    assert_sums();
    printf("%.1f seconds\n", (double)(apr_time_now() - begun) / 1e6);
    ck_assert_int_gt(stage->kills, 0);
    ck_assert_int_gt(stage->flushes, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("acknowledged");
    TCase *tcase = unit_case(suite, "acknowledged");

    tcase_set_timeout(tcase, getenv("USAGE_STRESS_ADDS") != NULL ? 3600 : 60);
    tcase_add_test(tcase, what_was_acknowledged_is_stored_once);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
