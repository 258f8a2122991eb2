/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping: closes days that are over, deletes what is old, gives room back.
 * One node does it for all that write to a database, each half hour and from
 * where it was left off, for a short time after a flush.
 */
#ifndef USAGE_KEEP_H
#define USAGE_KEEP_H

#include <stdbool.h>

#include <apr_time.h>

#include "store.h"

struct usage_retain_t;

/** Rows that a piece deletes at most, unless a test says otherwise. */
#define USAGE_KEEP_ROWS 500

typedef struct usage_keep_t {
    usage_store_t *store;
    const char *node;
    const struct usage_retain_t *retain; /**< retention.h */
    apr_int64_t window; /**< seconds: the longest UsageSessionWindow */
    apr_int64_t recent; /**< views of a site to keep: UsageRecent */
    apr_int64_t now; /**< Unix seconds */
    int rows; /**< that a piece deletes at most */
    apr_time_t until; /**< by the clock: when to stop; something is done all the
                           same */
    apr_time_t (*clock)(void); /**< microseconds; never goes back */
    void (*rest)(apr_interval_time_t length); /**< between pieces, or NULL */
} usage_keep_t;

/** What a run did. */
typedef struct usage_keep_report_t {
    bool is_mine; /**< it was due, and this node had the lease */
    bool is_doubted; /**< it waits until the clock can be believed */
    bool is_complete; /**< nothing is left to do */
    bool needs_vacuum; /**< the file has much room that it can't give back */
    int closed; /**< rows of visitors, by node, merged into numbers */
    int observed; /**< days of sites closed without visitors */
    int folded; /**< rows of events summed by category */
    int dropped; /**< rows deleted by their age */
    int trimmed; /**< sites with too many newest views */
    int freed; /**< pages given back */
    int pieces;
    apr_interval_time_t longest; /**< that a piece held its transaction */
    apr_int64_t done; /**< the time of the last complete run, 0: none */
    const char *problem; /**< what failed, in words, or NULL */
} usage_keep_report_t;

/**
 * Keep, as far as the time goes. There is no harm in a run that is killed, nor
 * in two at once.
 * @return APR_SUCCESS, also when another node does it; else the store's error,
 *         and what is left to do is there for the next run
 */
apr_status_t usage_keep_run(const usage_keep_t *keep,
                            usage_keep_report_t *report, apr_pool_t *pool);

#endif
