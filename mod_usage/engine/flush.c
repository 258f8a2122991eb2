/* SPDX-License-Identifier: Apache-2.0 */
/* Drives a batch through a store, exactly once (batch.h). */
#include "flush.h"

#include <apr_strings.h>

#include "batch.h"
#include "fault.h"
#include "grain.h"
#include "recent.h"
#include "salt_share.h"
#include "seen.h"

/*
 * What became of the batch that an earlier flusher left pending. The database
 * knows: a node that stands at its number has it.
 */
static apr_status_t settle(const usage_flush_t *flush,
                           usage_flush_report_t *report)
{
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
                                 const apr_array_header_t *counts,
                                 apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
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

/* All that one transaction writes. */
typedef struct writing_t {
    const usage_flush_t *flush;
    apr_int64_t number;
    const apr_array_header_t *counts;
    usage_seen_batch_t seen;
    usage_recent_batch_t recent;
} writing_t;

static apr_status_t write_all(const writing_t *writing, apr_pool_t *pool)
{
    const usage_flush_t *flush = writing->flush;
    usage_store_t *store = flush->store;
    apr_status_t rv =
        store->batch_move(store, flush->node, writing->number, flush->now);
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

static apr_status_t take_and_write(const usage_flush_t *flush,
                                   writing_t *writing,
                                   usage_flush_report_t *report,
                                   apr_pool_t *pool)
{
    const usage_memory_t *memory = flush->memory;
    apr_int64_t at = 0;
    apr_status_t rv = flush->store->batch_get(flush->store, flush->node, &at);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *writing = (writing_t){ .flush = flush, .number = at + 1 };
    writing->recent = usage_recent_take(memory, flush->now, pool);
    writing->counts = usage_batch_take(memory, flush->node, writing->number,
                                       &report->lost, pool);
    writing->seen = usage_seen_take(memory, writing->counts, pool);
    USAGE_FAULT("taken");
    return writing->counts->nelts > 0
               ? write_all(writing, pool)
               : flush->store->node_touch(flush->store, flush->node,
                                          flush->now);
}

static void mark(const writing_t *writing, usage_flush_report_t *report)
{
    if (writing->counts->nelts == 0) {
        return;
    }
    usage_batch_mark(writing->flush->memory);
    USAGE_FAULT("marked");
    usage_seen_mark(&writing->seen);
    usage_recent_mark(&writing->recent);
    report->counts = writing->counts->nelts;
    report->batch = writing->number;
}

/* An earlier flusher's commit that arrives after the look at the node's number
 * makes batch_move fail; the next try finds that batch written. */
static apr_status_t transact(const usage_flush_t *flush,
                             usage_flush_report_t *report, apr_pool_t *pool)
{
    usage_store_t *store = flush->store;
    writing_t writing;
    apr_status_t rv = store->begin(store);
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("begun");
        rv = settle(flush, report);
    }
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("settled");
        rv = take_and_write(flush, &writing, report, pool);
    }
    if (rv != APR_SUCCESS) {
        store->rollback(store);
        return rv;
    }
    USAGE_FAULT("written");
    rv = store->commit(store);
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("committed");
        mark(&writing, report);
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
        rv = transact(flush, report, pool);
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
