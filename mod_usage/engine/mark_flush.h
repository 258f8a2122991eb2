/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a flush writes of marks, in its own transaction: those that wait in the
 * ring; and, at the first flush after a configuration was read, those that
 * stand in it, and one if the database knows another version of the module.
 */
#ifndef USAGE_MARK_FLUSH_H
#define USAGE_MARK_FLUSH_H

#include <apr_tables.h>

#include "mark_ring.h"
#include "store.h"

/** Marks that stand in a configuration. */
typedef struct usage_standing_t {
    apr_uint32_t reading; /**< the ring's, as it was read */
    apr_int64_t time; /**< Unix seconds: when it was read */
    const char *version; /**< of the module */
    const usage_mark_row_t *rows; /**< each is in the database once */
    int count;
} usage_standing_t;

/** What a flush takes. */
typedef struct usage_mark_batch_t {
    usage_mark_ring_t *ring;
    const usage_standing_t *standing; /**< NULL: they are written */
    const char *version; /**< name of a mark of it, or NULL */
    apr_array_header_t *taken; /**< of the ring */
} usage_mark_batch_t;

/**
 * Take what is to be written; before the node's row is changed, which tells
 * its last version.
 * @param standing of this process's configuration, or NULL
 */
apr_status_t usage_mark_batch_take(usage_mark_ring_t *ring,
                                   const usage_standing_t *standing,
                                   usage_store_t *store, const char *node,
                                   usage_mark_batch_t *batch, apr_pool_t *pool);

/** Write it; last in a transaction, as nodes wait for one another here. */
apr_status_t usage_mark_batch_write(const usage_mark_batch_t *batch,
                                    usage_store_t *store);

/** It is in the database. */
void usage_mark_batch_mark(const usage_mark_batch_t *batch);

#endif
