/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows a second that several flushers write at once, each a process with a
 * segment and a node's name of its own, as servers have. They begin together,
 * which servers don't, and flush one batch after the other.
 *
 *   flush_many DRIVER FLUSHERS FLUSHES KEYS same|own PARAMS...
 *
 * Each flush is of KEYS keys that the database has: pages of the same sites for
 * all flushers, as behind a balancer, or of own ones. PARAMS as DBDParams; the
 * flushers are dealt out to them. Prints rows a second, and how many times a
 * flush was tried again.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <apr_dbd.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "engine/flush.h"
#include "retry.h"
#include "statement.h"
#include "store_dbd.h"
#include "views.h"

enum { FLUSHERS = 64, PATIENCE = 300 };

/* 2026-07-14 00:00 */
static const apr_int64_t midnight = 1783987200;

static struct job_t {
    const char *driver;
    int flushers;
    int flushes;
    int keys;
    bool is_own;
    char **params;
    int databases;
} job;

/* What the flushers share. */
static struct common_t {
    atomic_int ready;
    atomic_bool has_begun;
    atomic_long rows;
    atomic_long again;
} * common;

static apr_pool_t *all;

static void fail(const char *doing, const char *problem)
{
    fprintf(stderr, "%s: %s\n", doing, problem);
    exit(EXIT_FAILURE);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static apr_status_t (*add)(usage_store_t *store, usage_fact_e fact,
                           const usage_row_t *rows, int count);

static long added;

static apr_status_t add_and_note(usage_store_t *store, usage_fact_e fact,
                                 const usage_row_t *rows, int count)
{
    added += count;
    return add(store, fact, rows, count);
}

/* One try, on a connection of its own. */
static apr_status_t flush_once(const usage_memory_t *memory, int number,
                               usage_trouble_e *trouble, apr_pool_t *pool)
{
    usage_flush_report_t report;
    const apr_dbd_driver_t *driver;
    apr_dbd_t *handle;
    const char *params = job.params[number % job.databases];
    if (apr_dbd_get_driver(pool, job.driver, &driver) != APR_SUCCESS
        || apr_dbd_open(driver, pool, params, &handle) != APR_SUCCESS) {
        fail("can't open a database of", job.driver);
    }
    usage_flush_t flush = {
        .memory = memory,
        .store = usage_store_dbd_make(
            usage_connection_make(driver, handle, NULL, pool), "0"),
        .node = apr_psprintf(pool, "node%d", number),
        .zones = usage_zones_make(3600, &usage_zone_utc, pool),
        .now = midnight + 60,
    };
    add = flush.store->add;
    flush.store->add = add_and_note;
    added = 0;
    apr_status_t rv = usage_flush_run(&flush, &report, pool);
    *trouble = usage_store_dbd_trouble(flush.store);
    if (rv != APR_SUCCESS && usage_trouble_attempts(*trouble) == 1) {
        fail("flushing", report.problem);
    }
    apr_dbd_close(driver, handle);
    return rv;
}

/* Until it is written, as the flusher does. */
static void flush(const usage_memory_t *memory, int number)
{
    usage_retry_t retry = usage_retry_start(apr_time_now(), PATIENCE);
    apr_status_t rv = APR_EGENERAL;
    while (rv != APR_SUCCESS) {
        apr_pool_t *pool;
        usage_trouble_e trouble;
        apr_pool_create(&pool, all);
        rv = flush_once(memory, number, &trouble, pool);
        apr_pool_destroy(pool);
        if (rv != APR_SUCCESS) {
            apr_interval_time_t pause = usage_retry_pause(
                &retry, 0, apr_time_now(), (apr_uint32_t)rand());
            if (pause < 0) {
                fail("flushing", "it takes too long");
            }
            apr_sleep(pause);
            atomic_fetch_add(&common->again, 1);
        }
    }
}

static void count(const usage_memory_t *memory, int number)
{
    char host[32];
    snprintf(host, sizeof host, job.is_own ? "node%d-www" : "www", number);
    views_count(memory, job.keys, host, midnight);
}

/* The first flush makes the keys and is not measured. */
static void run_flusher(int number)
{
    usage_memory_t memory = views_memory(job.keys, midnight);
    srand((unsigned)number);
    count(&memory, number);
    flush(&memory, number);
    atomic_store(&common->again, 0);
    atomic_fetch_add(&common->ready, 1);
    while (!atomic_load(&common->has_begun)) {
        usleep(1000);
    }
    for (int i = 0; i < job.flushes; i++) {
        count(&memory, number);
        flush(&memory, number);
        atomic_fetch_add(&common->rows, added);
    }
    exit(EXIT_SUCCESS);
}

/* The first one makes the tables before the others come. */
static void start_flushers(void)
{
    for (int i = 0; i < job.flushers; i++) {
        pid_t child = fork();
        if (child == 0) {
            run_flusher(i);
        }
        if (child < 0) {
            fail("flush_many", "can't fork");
        }
        while (atomic_load(&common->ready) <= i
               && waitpid(-1, NULL, WNOHANG) == 0) {
            usleep(1000);
        }
    }
}

static bool wait_for_flushers(void)
{
    bool is_good = true;
    int status;
    while (wait(&status) > 0) {
        is_good = is_good && status == 0;
    }
    return is_good;
}

static void read_job(int argc, char **argv)
{
    if (argc < 7) {
        fail("flush_many", "DRIVER FLUSHERS FLUSHES KEYS same|own PARAMS...");
    }
    job = (struct job_t){ .driver = argv[1],
                          .flushers = atoi(argv[2]),
                          .flushes = atoi(argv[3]),
                          .keys = atoi(argv[4]),
                          .is_own = strcmp(argv[5], "own") == 0,
                          .params = argv + 6,
                          .databases = argc - 6 };
    if (job.flushers < 1 || job.flushers > FLUSHERS || job.flushes < 1
        || job.keys < 1 || job.keys > USAGE_SLOTS_MAX / 2) {
        fail("flush_many", "an argument can't be");
    }
}

int main(int argc, char **argv)
{
    read_job(argc, argv);
    apr_initialize();
    apr_pool_create(&all, NULL);
    apr_dbd_init(all);
    common = mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (common == MAP_FAILED) {
        fail("flush_many", "no memory");
    }
    start_flushers();
    double begun = now();
    atomic_store(&common->has_begun, true);
    if (!wait_for_flushers()) {
        return EXIT_FAILURE;
    }
    printf("%.0f %ld\n", (double)atomic_load(&common->rows) / (now() - begun),
           atomic_load(&common->again));
    return EXIT_SUCCESS;
}
