/* SPDX-License-Identifier: Apache-2.0 */
/* The newest views of each site, on their way from the rings to the store. */
#ifndef USAGE_RECENT_H
#define USAGE_RECENT_H

#include <apr_tables.h>

#include "memory.h"
#include "store.h"

/** A site's views that a flush has taken. */
typedef struct usage_recent_mark_t {
    usage_site_t *site;
    apr_uint64_t until; /**< of `next` */
} usage_recent_mark_t;

/** What a flush takes of the rings. */
typedef struct usage_recent_batch_t {
    apr_array_header_t *rows; /**< of usage_recent_row_t */
    apr_array_header_t *marks; /**< of usage_recent_mark_t */
} usage_recent_batch_t;

/**
 * Take the views that no flush has written; what the ring has lost already is
 * passed over.
 * @param now Unix seconds
 */
usage_recent_batch_t usage_recent_take(const usage_memory_t *memory,
                                       apr_int64_t now, apr_pool_t *pool);

/**
 * Write them, and drop all but the newest of each site.
 * @param now Unix seconds: what is later was a clock's that was ahead
 */
apr_status_t usage_recent_write(const usage_recent_batch_t *batch,
                                usage_store_t *store, apr_int64_t keep,
                                apr_int64_t now);

/** They are in the database. */
void usage_recent_mark(const usage_recent_batch_t *batch);

#endif
