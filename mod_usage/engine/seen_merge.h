/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The visitors of a site on a day that several nodes met, put together: one who
 * met two of them counts once, if their salts are shared (salt.h). If they are
 * not, the hashes differ, and the merge is the sum by itself. For the flusher
 * that closes the day, and for the page while it is open.
 */
#ifndef USAGE_SEEN_MERGE_H
#define USAGE_SEEN_MERGE_H

#include "sketch.h"
#include "store.h"

typedef struct usage_seen_merge_t {
    usage_sketch_t sketch;
    apr_int64_t added; /**< numbers without a sketch, which can't be merged */
    apr_pool_t *pool;
} usage_seen_merge_t;

/** Begin a site's day; all that it needs comes from @a pool. */
usage_seen_merge_t usage_seen_merge_make(apr_pool_t *pool);

/** Add what a node has of it. A row without a sketch, or with a damaged one,
 * is a number that can only be added. */
void usage_seen_merge_row(usage_seen_merge_t *merge,
                          const usage_seen_row_t *row);

/** Add a visitor that no row has yet, by the hash. */
void usage_seen_merge_visitor(usage_seen_merge_t *merge, apr_uint64_t hash);

/** How many they are. */
apr_int64_t usage_seen_merge_count(const usage_seen_merge_t *merge);

#endif
