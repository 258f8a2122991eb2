/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows a second of a flush, beside a bare loop of the same statements with the
 * driver's own library (bare.h), for keys that are new to the database and for
 * keys that it has. Each side has a database of its own and connects anew each
 * time, as flushers do; they take turns, and the medians are told. Afterwards
 * both databases must hold the same.
 *
 *   flush_rows DRIVER PARAMS PARAMS KEYS ROUNDS
 *
 * PARAMS as DBDParams: the flush's empty database, and the loop's. Ends with an
 * error if the flush has less than 0.6 of the loop's rows a second, or takes
 * 5 s of the processor for 100,000 keys in SQLite; the time that passes is told
 * too, but on a busy machine it is others'.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <apr_dbd.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "bare.h"
#include "engine/flush.h"
#include "statement.h"
#include "store_dbd.h"
#include "views.h"

enum { ROUNDS = 31, LISTS = 20, LIMIT = 5 };

#define SHARE 0.6

/* 2026-07-14 00:00; a round has months of its own, and so new rows. */
static const apr_int64_t midnight = 1783987200;
#define ROUND_LENGTH (62 * APR_INT64_C(86400))

static const char *const fact_statements[USAGE_FACTS] = {
    [USAGE_FACT_VIEW] = "add_view",
    [USAGE_FACT_TOTAL] = "add_total",
    [USAGE_FACT_PAGE] = "add_page",
    [USAGE_FACT_CLIENT] = "add_client",
    [USAGE_FACT_EVENT] = "add_event",
    [USAGE_FACT_ALL] = "add_all",
};

/* What a flush wrote, in its order. */
static struct written_t {
    usage_fact_e fact;
    const usage_row_t *rows;
    int count;
} written[LISTS];
static int lists;

static struct job_t {
    const bare_t *bare;
    const char *flush_params;
    const char *bare_params;
    int keys;
    int rounds;
    apr_pool_t *pool;
} job;

/* One kind of flush: seconds by round. */
typedef struct series_t {
    const char *name;
    double flush[ROUNDS];
    double bare[ROUNDS];
    double ratio[ROUNDS];
    double processor[ROUNDS]; /* the flush's, in this process */
    double bytes; /* a row */
    int rows;
} series_t;

static double now_by(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double now(void)
{
    return now_by(CLOCK_MONOTONIC);
}

/* Databases */

typedef struct opened_t {
    const apr_dbd_driver_t *driver;
    apr_dbd_t *handle;
    usage_store_t *store;
} opened_t;

static opened_t open_store(const char *params, apr_pool_t *pool)
{
    opened_t opened;
    const char *name = job.bare->driver;
    if (apr_dbd_get_driver(pool, name, &opened.driver) != APR_SUCCESS
        || apr_dbd_open(opened.driver, pool, params, &opened.handle)
               != APR_SUCCESS) {
        bare_fail("can't open a database of", name);
    }
    opened.store = usage_store_dbd_make(
        usage_connection_make(opened.driver, opened.handle, NULL, pool), "0");
    return opened;
}

static void make_tables(const char *params)
{
    opened_t opened = open_store(params, job.pool);
    if (opened.store->prepare(opened.store) != APR_SUCCESS) {
        bare_fail("making the tables", opened.store->error(opened.store));
    }
    apr_dbd_close(opened.driver, opened.handle);
}

/* The only number that a question is answered with. */
static double ask(const char *params, const char *question)
{
    opened_t opened = open_store(params, job.pool);
    apr_dbd_results_t *results = NULL;
    apr_dbd_row_t *row = NULL;
    if (apr_dbd_select(opened.driver, job.pool, opened.handle, &results,
                       question, 1)
            != 0
        || apr_dbd_get_row(opened.driver, job.pool, results, &row, 1) != 0) {
        bare_fail("no answer to", question);
    }
    double answer = atof(apr_dbd_get_entry(opened.driver, row, 0));
    apr_dbd_close(opened.driver, opened.handle);
    return answer;
}

/* Of the flush's database, as it is on the disk. */
static double bytes_a_row(void)
{
    bool is_file = strcmp(job.bare->driver, "sqlite3") == 0;
    double bytes =
        ask(job.flush_params,
            is_file ? "SELECT page_count * page_size "
                      "FROM pragma_page_count, pragma_page_size"
                    : "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
                      "WHERE relkind = 'r' AND relname LIKE 'usage_%'");
    return bytes
           / ask(job.flush_params, "SELECT (SELECT count(*) FROM usage_view) "
                                   "+ (SELECT count(*) FROM usage_page) "
                                   "+ (SELECT count(*) FROM usage_total)");
}

/* The two sides */

static apr_status_t (*add)(usage_store_t *store, usage_fact_e fact,
                           const usage_row_t *rows, int count);

/* What is added stays in the flush's pool, for the bare loop. */
static apr_status_t add_and_note(usage_store_t *store, usage_fact_e fact,
                                 const usage_row_t *rows, int count)
{
    if (lists == LISTS) {
        bare_fail("flush_rows", "a flush has more lists than expected");
    }
    written[lists++] = (struct written_t){ fact, rows, count };
    return add(store, fact, rows, count);
}

static double run_flush(const usage_memory_t *memory, apr_int64_t time,
                        apr_pool_t *pool)
{
    usage_flush_report_t report;
    double begun = now();
    opened_t opened = open_store(job.flush_params, pool);
    usage_flush_t flush = {
        .memory = memory,
        .store = opened.store,
        .node = "bench",
        .zones = usage_zones_make(3600, &usage_zone_utc, pool),
        .now = time + 60,
    };
    lists = 0;
    add = opened.store->add;
    opened.store->add = add_and_note;
    if (usage_flush_run(&flush, &report, pool) != APR_SUCCESS) {
        bare_fail("flushing", report.problem);
    }
    begun = now() - begun;
    apr_dbd_close(opened.driver, opened.handle);
    if (report.counts != job.keys) {
        bare_fail("flush_rows", "a flush did not write all keys");
    }
    return begun;
}

static double run_bare(void)
{
    const char *driver = job.bare->driver;
    double begun = now();
    void *link = job.bare->open(job.bare_params);
    const char *text;
    for (int i = 0; (text = usage_statement_text(driver, "session", i)) != NULL;
         i++) {
        job.bare->say(link, text);
    }
    job.bare->say(link, usage_statement_text(driver, "begin", 0));
    for (int i = 0; i < lists; i++) {
        text =
            usage_statement_text(driver, fact_statements[written[i].fact], 0);
        job.bare->add(link, text, written[i].rows, written[i].count);
    }
    job.bare->say(link, usage_statement_text(driver, "commit", 0));
    begun = now() - begun;
    job.bare->close(link);
    return begun;
}

static void run_both(series_t *series, int round, const usage_memory_t *memory,
                     apr_int64_t time)
{
    apr_pool_t *pool;
    apr_pool_create(&pool, job.pool);
    views_count(memory, job.keys, "www", time);
    double spent = now_by(CLOCK_PROCESS_CPUTIME_ID);
    series->flush[round] = run_flush(memory, time, pool);
    series->processor[round] = now_by(CLOCK_PROCESS_CPUTIME_ID) - spent;
    series->bare[round] = run_bare();
    series->ratio[round] = series->bare[round] / series->flush[round];
    series->rows = 0;
    for (int i = 0; i < lists; i++) {
        series->rows += written[i].count;
    }
    apr_pool_destroy(pool);
    series->bytes = bytes_a_row();
}

static void run_round(series_t *fresh, series_t *changed, int round)
{
    apr_int64_t time = midnight + round * ROUND_LENGTH;
    usage_memory_t memory = views_memory(job.keys, time);
    run_both(fresh, round, &memory, time);
    run_both(changed, round, &memory, time);
    views_drop(&memory);
}

/* What came of it */

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values)
{
    qsort(values, (size_t)job.rounds, sizeof *values, compare);
    return values[job.rounds / 2];
}

static bool is_good(series_t *series)
{
    double flush = median(series->flush);
    double ratio = median(series->ratio);
    double spent = median(series->processor);
    printf("  %-13s %10.0f %10.0f %8.2f %8.2f s %8.2f s %12.0f\n", series->name,
           series->rows / flush, series->rows / median(series->bare), ratio,
           flush, spent, series->bytes);
    bool is_timed =
        strcmp(job.bare->driver, "sqlite3") == 0 && job.keys <= 100000;
    return ratio >= SHARE && (!is_timed || spent < LIMIT);
}

static void check_same(const char *question)
{
    if (ask(job.flush_params, question) < 1
        || ask(job.flush_params, question) != ask(job.bare_params, question)) {
        bare_fail("the two databases differ", question);
    }
}

static void read_job(char **argv)
{
    const bare_t *const all[] = { &bare_sqlite, &bare_pgsql };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i]->driver, argv[1]) == 0) {
            job.bare = all[i];
        }
    }
    job.flush_params = argv[2];
    job.bare_params = argv[3];
    job.keys = (int)strtol(argv[4], NULL, 10);
    job.rounds = (int)strtol(argv[5], NULL, 10);
    if (job.bare == NULL || job.keys < 1 || job.keys > USAGE_SLOTS_MAX / 2
        || job.rounds < 1 || job.rounds > ROUNDS) {
        bare_fail("flush_rows", "an argument can't be");
    }
}

int main(int argc, char **argv)
{
    static series_t fresh = { .name = "new keys" };
    static series_t changed = { .name = "known keys" };
    if (argc != 6) {
        bare_fail("flush_rows", "DRIVER PARAMS PARAMS KEYS ROUNDS");
    }
    read_job(argv);
    apr_initialize();
    apr_pool_create(&job.pool, NULL);
    apr_dbd_init(job.pool);
    make_tables(job.flush_params);
    make_tables(job.bare_params);
    for (int i = 0; i < job.rounds; i++) {
        run_round(&fresh, &changed, i);
    }
    printf("%s: %d keys, %d rows\n", job.bare->driver, job.keys, fresh.rows);
    printf("  %-13s %10s %10s %8s %10s %10s %12s\n", "rows a second", "flush",
           "bare", "ratio", "a flush", "processor", "bytes a row");
    bool is_all_good = is_good(&fresh);
    is_all_good = is_good(&changed) && is_all_good;
    check_same("SELECT count(*) FROM usage_view");
    check_same("SELECT sum(views + seconds * bytes) FROM usage_view");
    check_same("SELECT sum(views + seconds * bytes) FROM usage_page");
    check_same("SELECT sum(views + seconds * bytes) FROM usage_total");
    return is_all_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
