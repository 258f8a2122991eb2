/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a flush takes out of the segment, so that each count reaches the
 * database exactly once however and whenever a flusher dies:
 *
 *   take    until = total, in every slot; then: state = pending, number = n
 *   write   one transaction adds (until - flushed) and moves the node to n
 *   mark    flushed = until, in every slot; then: state = none
 *
 * A flusher that finds a pending batch asks the database for the node's
 * number: n means it was written, so mark. n - 1 means that it was not, or that
 * its commit is still on its way: the same batch is written again, so that n is
 * the same whichever comes first. Anything else is of a database put back, so
 * take anew. A batch that was taken and never committed is dropped.
 *
 * Only one flusher at a time calls what changes anything; anyone may read.
 */
#ifndef USAGE_BATCH_H
#define USAGE_BATCH_H

#include <apr_pools.h>
#include <apr_tables.h>

#include "memory.h"

/** What was counted under one key since the last flush. */
typedef struct usage_count_t {
    usage_key_t key;
    usage_values_t values;
} usage_count_t;

typedef void usage_count_fn(void *baton, const usage_count_t *count);

/**
 * Take everything counted and not yet flushed as batch @a number of @a node.
 * @param lost set to the slots whose names were damaged and can't be written
 * @return array of usage_count_t in @a pool, texts included; it may be empty,
 *         and then nothing is pending
 */
apr_array_header_t *usage_batch_take(const usage_memory_t *memory,
                                     const char *node, apr_int64_t number,
                                     int *lost, apr_pool_t *pool);

/** Read the batch that is pending once more; arguments as for taking it. */
apr_array_header_t *usage_batch_again(const usage_memory_t *memory, int *lost,
                                      apr_pool_t *pool);

/** No commit of the batch that was taken is on its way, nor will be. */
void usage_batch_drop(const usage_memory_t *memory);

/** The batch that was taken is in the database. */
void usage_batch_mark(const usage_memory_t *memory);

/** When tables are recycled; in seconds. */
typedef struct usage_recycle_t {
    apr_int64_t interval; /**< of a base interval */
    apr_int64_t window; /**< the longest UsageSessionWindow */
    apr_int64_t now; /**< Unix seconds */
} usage_recycle_t;

/**
 * Clear a table that was retired and is drained, once no visit can reach back
 * into it, or at once if the active one is filling; move on at an interval.
 */
void usage_batch_recycle(const usage_memory_t *memory,
                         const usage_recycle_t *recycle);

/** The marks' revision: it moves when a flush begins and when it ends, and when
 * a table is about to be cleared. */
apr_uint32_t usage_batch_revision(const usage_memory_t *memory);

/**
 * Read what a database does not have yet, while it is being counted. Take the
 * revision first, then ask the database, then read.
 * @param at       the number of the node's last batch in that database
 * @param revision as it was before the database was asked
 * @param fn       called for each key; its texts are valid during the call
 * @return whether no flush moved the marks meanwhile: if not, ask the database
 *         anew and read again
 */
bool usage_batch_read(const usage_memory_t *memory, apr_int64_t at,
                      apr_uint32_t revision, usage_count_fn *fn, void *baton);

#endif
