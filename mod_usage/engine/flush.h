/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One flush: settle the batch before, take a batch, write it in one
 * transaction, mark it. Runs in the flusher, which may be killed anywhere.
 */
#ifndef USAGE_FLUSH_H
#define USAGE_FLUSH_H

#include <apr_pools.h>

#include "mark_flush.h"
#include "memory.h"
#include "store.h"
#include "zones.h"

typedef struct usage_flush_t {
    const usage_memory_t *memory;
    usage_store_t *store;
    const char *node;
    const usage_zones_t *zones;
    apr_int64_t window; /**< seconds: the longest UsageSessionWindow */
    apr_int64_t recent; /**< views of a site to keep: UsageRecent */
    apr_int64_t now; /**< Unix seconds */
    usage_random_fn *random; /**< of salts that are shared */
    const usage_standing_t *standing; /**< marks, or NULL */
} usage_flush_t;

/** What a flush did. */
typedef struct usage_flush_report_t {
    int counts; /**< keys written */
    int lost; /**< slots whose damaged names can't be written */
    bool was_settled; /**< the batch before was found to be written */
    bool is_stray; /**< a pending batch met a number it can't place */
    int salts; /**< shared salts that are new here */
    apr_int64_t batch; /**< the number written, 0 if nothing was */
    const char *problem; /**< what failed, in words, or NULL */
} usage_flush_report_t;

/**
 * Flush once. The segment's health tells of it either way.
 * @param pool for everything that the flush needs
 * @return APR_SUCCESS, also when there was nothing to write; else the store's
 *         error, and all counts are still there for the next flush
 */
apr_status_t usage_flush_run(const usage_flush_t *flush,
                             usage_flush_report_t *report, apr_pool_t *pool);

/** Note that flushing fails, and why. */
void usage_flush_failed(usage_header_t *header, const char *problem,
                        apr_int64_t now);

#endif
