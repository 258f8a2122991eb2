/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping is done in pieces, each a transaction of a few rows that takes the
 * lease first. What a step has to do is found anew from the tables for each
 * piece: one that is cut off leaves nothing half done, and to do one again
 * finds nothing left to do.
 */
#ifndef USAGE_PIECE_H
#define USAGE_PIECE_H

#include <stdbool.h>

#include <apr_tables.h>
#include <apr_time.h>

#include "keep.h"
#include "keeper.h"

typedef struct usage_work_t {
    const usage_keep_t *keep;
    usage_keep_report_t *report;
    usage_lease_t lease; /**< as it stood when the run began */
    apr_time_t begun; /**< the run, by keep->clock */
    apr_pool_t *pool; /**< of one piece */
    usage_drop_e what; /**< the step's table, where it has one */
    usage_grain_e grain; /**< the step's grain, where it has one */
    apr_time_t locked; /**< when this piece's transaction began */
} usage_work_t;

/**
 * Do one piece of a step.
 * @param has_more set to whether another one is needed
 * @return APR_SUCCESS; APR_EAGAIN if the lease is lost, or somebody changed
 *         what was read meanwhile; else the store's error
 */
typedef apr_status_t usage_piece_fn(usage_work_t *work, bool *has_more);

/** Begin a piece's transaction, and take the lease. After APR_EAGAIN, or any
 * error, there is none. */
apr_status_t usage_piece_begin(usage_work_t *work);

/**
 * End it, and let others have their turn.
 * @param rv of what was done in it: if it is no success, all of it is undone
 * @return rv, or the error of the commit
 */
apr_status_t usage_piece_end(usage_work_t *work, apr_status_t rv);

#endif
