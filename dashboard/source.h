/* SPDX-License-Identifier: Apache-2.0 */
/* Where a model's numbers come from, and how they are read. */
#ifndef USAGE_SOURCE_H
#define USAGE_SOURCE_H

#include "engine/memory.h"
#include "model.h"

typedef struct usage_source_t {
    usage_store_t *store; /**< NULL: there is no connection */
    const usage_memory_t *memory; /**< what is counted and not yet flushed */
    const char *node;
    apr_int64_t flush_interval; /**< seconds */
    const char *version;
    unsigned breakdowns; /**< USAGE_BREAKDOWN_BIT of those of the site */
} usage_source_t;

/**
 * Read a model: what the database has and what is still in the segment, as of
 * one moment: a flush in between makes it read again. A database that fails
 * leaves the live numbers and an error in the model's health.
 * @param query  its `from` is set where it was left open (USAGE_PERIOD_ALL)
 */
void usage_model_read(const usage_source_t *source, usage_query_t *query,
                      usage_model_t *model, apr_pool_t *pool);

#endif
