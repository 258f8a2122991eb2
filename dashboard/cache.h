/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Models without asking the database each time: what it answered to a query is
 * kept for a few seconds, by each child for all of its threads. What waits in
 * the segment is read anew for each model, so that each hit is on the next
 * page, however many ask.
 */
#ifndef USAGE_CACHE_H
#define USAGE_CACHE_H

#include <apr_time.h>

#include "source.h"

/** Queries whose answers are kept at the same time. */
#define USAGE_CACHE_PLACES 16

/** How long answers are used. */
#define USAGE_CACHE_TIME apr_time_from_sec(3)

typedef struct usage_cache_t usage_cache_t;

/** Connect to the database; NULL where that can't be done. */
typedef usage_store_t *usage_cache_open_fn(void *baton);

/** Who asks a cache. */
typedef struct usage_cache_asker_t {
    usage_source_t *source; /**< its store is set by the cache */
    usage_cache_open_fn *open; /**< called only if the database is asked */
    void *baton;
    apr_time_t now;
} usage_cache_asker_t;

/** An empty cache, as large as it gets. @return NULL without memory */
usage_cache_t *usage_cache_make(apr_pool_t *pool);

/** As usage_model_read, which see; of several threads that ask the same, one
 * asks the database, and the others wait. */
void usage_cache_read(usage_cache_t *cache, const usage_cache_asker_t *asker,
                      usage_query_t *query, usage_model_t *model,
                      apr_pool_t *pool);

#endif
