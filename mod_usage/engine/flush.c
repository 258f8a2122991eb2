/* SPDX-License-Identifier: Apache-2.0 */
/* Drives a batch through a store, exactly once (batch.h). */
#include "flush.h"

#include <apr_strings.h>

#include "batch.h"
#include "fault.h"
#include "grain.h"
#include "intern.h"
#include "recent.h"
#include "salt_share.h"
#include "seen.h"

/* A transaction, and what it writes. */
typedef struct writing_t {
    const usage_flush_t *flush;
    bool is_again; /* a batch whose commit may yet arrive */
    const char *node; /* under which it is written */
    apr_int64_t number;
    apr_array_header_t *counts; /* NULL until it is taken */
    usage_seen_batch_t seen;
    usage_recent_batch_t recent;
    usage_mark_batch_t marks;
} writing_t;

/*
 * What became of the batch that an earlier flusher left pending. The database
 * knows: a node that stands at its number has it. One before, it may have been
 * looked at too early: an earlier commit is on its way, or, in a cluster, on
 * another server.
 */
static apr_status_t settle(writing_t *writing, usage_flush_report_t *report)
{
    const usage_flush_t *flush = writing->flush;
    usage_header_t *header = flush->memory->header;
    apr_int64_t number = atomic_load(&header->batch_number);
    apr_int64_t at = 0;
    if (atomic_load(&header->layout.batch_state) != USAGE_BATCH_PENDING) {
        return APR_SUCCESS;
    }
    header->node[USAGE_NAME_MAX] = '\0';
    apr_status_t rv = flush->store->batch_get(flush->store, header->node, &at);
    if (rv == APR_SUCCESS && at == number) {
        USAGE_FAULT("settling");
        usage_batch_mark(flush->memory);
        report->was_settled = true;
    }
    writing->is_again = rv == APR_SUCCESS && at == number - 1;
    report->is_stray = rv == APR_SUCCESS && at != number && at != number - 1;
    return rv;
}

static apr_status_t write_fact(const usage_flush_t *flush,
                               const apr_array_header_t *counts,
                               usage_fact_e fact, usage_grain_e grain,
                               apr_pool_t *pool)
{
    apr_array_header_t *rows =
        usage_grain_rows(counts, fact, grain, flush->zones, flush->now, pool);
    if (rows->nelts == 0) {
        return APR_SUCCESS;
    }
    return flush->store->add(flush->store, fact,
                             (const usage_row_t *)(void *)rows->elts,
                             rows->nelts);
}

static apr_status_t write_counts(const usage_flush_t *flush,
                                 apr_array_header_t *counts, apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
    usage_intern(counts, pool);
    for (int fact = 0; rv == APR_SUCCESS && fact < USAGE_FACTS; fact++) {
        for (int grain = 0; rv == APR_SUCCESS && grain < USAGE_GRAINS;
             grain++) {
            USAGE_FAULT("rows");
            rv = write_fact(flush, counts, (usage_fact_e)fact,
                            (usage_grain_e)grain, pool);
        }
    }
    return rv;
}

static apr_status_t write_all(const writing_t *writing, apr_pool_t *pool)
{
    const usage_flush_t *flush = writing->flush;
    usage_store_t *store = flush->store;
    apr_status_t rv =
        store->batch_move(store, writing->node, writing->number, flush->now);
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("moved");
        rv = write_counts(flush, writing->counts, pool);
        USAGE_FAULT("counts-written");
    }
    if (rv == APR_SUCCESS) {
        rv = usage_seen_write(&writing->seen, store, flush->node, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = usage_salt_trim(store, flush->now);
    }
    if (rv == APR_SUCCESS) {
        rv = usage_recent_write(&writing->recent, store, flush->recent,
                                flush->now);
    }
    return rv;
}

static apr_status_t take_anew(writing_t *writing, usage_flush_report_t *report,
                              apr_pool_t *pool)
{
    const usage_flush_t *flush = writing->flush;
    apr_int64_t at = 0;
    apr_status_t rv = flush->store->batch_get(flush->store, flush->node, &at);
    if (rv == APR_SUCCESS) {
        writing->node = flush->node;
        writing->number = at + 1;
        writing->counts = usage_batch_take(
            flush->memory, writing->node, writing->number, &report->lost, pool);
    }
    return rv;
}

static void take_again(writing_t *writing, usage_flush_report_t *report,
                       apr_pool_t *pool)
{
    usage_header_t *header = writing->flush->memory->header;
    writing->node = apr_pstrdup(pool, header->node);
    writing->number = atomic_load(&header->batch_number);
    writing->counts =
        usage_batch_again(writing->flush->memory, &report->lost, pool);
}

static apr_status_t take_marks(writing_t *writing, apr_pool_t *pool)
{
    const usage_flush_t *flush = writing->flush;
    return usage_mark_batch_take(&flush->memory->header->marks, flush->standing,
                                 flush->store, flush->node, &writing->marks,
                                 pool);
}

static apr_status_t take_and_write(writing_t *writing,
                                   usage_flush_report_t *report,
                                   apr_pool_t *pool)
{
    const usage_flush_t *flush = writing->flush;
    apr_status_t rv = APR_SUCCESS;
    writing->recent = usage_recent_take(flush->memory, flush->now, pool);
    if (writing->is_again) {
        take_again(writing, report, pool);
    }
    else {
        rv = take_anew(writing, report, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = take_marks(writing, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    writing->seen = usage_seen_take(flush->memory, writing->counts, pool);
    USAGE_FAULT("taken");
    rv = writing->counts->nelts > 0
             ? write_all(writing, pool)
             : flush->store->node_touch(flush->store, flush->node, flush->now);
    return rv == APR_SUCCESS
               ? usage_mark_batch_write(&writing->marks, flush->store)
               : rv;
}

static void mark(const writing_t *writing, usage_flush_report_t *report)
{
    usage_mark_batch_mark(&writing->marks);
    if (writing->counts->nelts == 0) {
        usage_batch_drop(writing->flush->memory);
        return;
    }
    usage_batch_mark(writing->flush->memory);
    USAGE_FAULT("marked");
    usage_seen_mark(&writing->seen);
    usage_recent_mark(&writing->recent);
    report->counts += writing->counts->nelts;
    report->batch = writing->number;
}

/* Only a commit leaves doubt: what fails before is undone for good. */
static void undo(const writing_t *writing)
{
    usage_store_t *store = writing->flush->store;
    store->rollback(store);
    if (writing->counts != NULL && !writing->is_again) {
        usage_batch_drop(writing->flush->memory);
    }
}

/* An earlier flusher's commit that arrives after the look at the node's number
 * makes this one fail, at batch_move or, in a cluster, at its commit; the next
 * try finds that batch written. */
static apr_status_t transact(writing_t *writing, usage_flush_report_t *report,
                             apr_pool_t *pool)
{
    usage_store_t *store = writing->flush->store;
    apr_status_t rv = store->begin(store);
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("begun");
        rv = settle(writing, report);
    }
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("settled");
        rv = take_and_write(writing, report, pool);
    }
    if (rv != APR_SUCCESS) {
        undo(writing);
        return rv;
    }
    USAGE_FAULT("written");
    rv = store->commit(store);
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("committed");
        mark(writing, report);
    }
    return rv;
}

/* What came since a batch that is written again was taken is one of its own. */
static apr_status_t write_batches(const usage_flush_t *flush,
                                  usage_flush_report_t *report,
                                  apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
    bool has_more = true;
    while (rv == APR_SUCCESS && has_more) {
        writing_t writing = { .flush = flush };
        rv = transact(&writing, report, pool);
        has_more = writing.is_again;
    }
    return rv;
}

static apr_status_t share_salts(const usage_flush_t *flush,
                                usage_flush_report_t *report, apr_pool_t *pool)
{
    const usage_salt_share_t share = {
        .salts = &flush->memory->header->salts,
        .store = flush->store,
        .need = { .zones = flush->zones,
                  .now = flush->now,
                  .window = flush->window },
        .random = flush->random,
    };
    return usage_salt_share(&share, &report->salts, pool);
}

static void succeeded(usage_header_t *header, apr_int64_t now)
{
    atomic_store(&header->health.last, now);
    atomic_store(&header->health.failing, 0);
    header->health.error[0] = '\0';
}

void usage_flush_failed(usage_header_t *header, const char *problem,
                        apr_int64_t now)
{
    apr_int64_t never = 0;
    apr_cpystrn(header->health.error, problem, sizeof header->health.error);
    atomic_compare_exchange_strong(&header->health.failing, &never, now);
    atomic_fetch_add(&header->health.failures, 1);
}

apr_status_t usage_flush_run(const usage_flush_t *flush,
                             usage_flush_report_t *report, apr_pool_t *pool)
{
    usage_header_t *header = flush->memory->header;
    *report = (usage_flush_report_t){ 0 };
    apr_status_t rv = flush->store->prepare(flush->store);
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("prepared");
        rv = share_salts(flush, report, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = write_batches(flush, report, pool);
    }
    if (rv != APR_SUCCESS) {
        report->problem = flush->store->error(flush->store);
        usage_flush_failed(header, report->problem, flush->now);
        return rv;
    }
    succeeded(header, flush->now);
    usage_recycle_t recycle = { .interval = flush->zones->interval,
                                .window = flush->window,
                                .now = flush->now };
    usage_batch_recycle(flush->memory, &recycle);
    return APR_SUCCESS;
}
