/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visitors of days and months, of all servers together. While a day is open,
 * each server has a sketch of its visitors in the database (seen.h): those are
 * merged with each other and with who came here since the last flush. What is
 * closed is a number (close.h); of a month, the sum of its days' and on how
 * many days the site was visited.
 */
#ifndef USAGE_VISITORS_H
#define USAGE_VISITORS_H

#include <apr_tables.h>

#include "engine/memory.h"
#include "model.h"

typedef struct usage_visitors_t usage_visitors_t;

/**
 * Begin with those that no flush has written, so that none is missed that a
 * flush writes while the database is asked.
 */
usage_visitors_t *usage_visitors_make(const usage_query_t *query,
                                      const usage_memory_t *memory,
                                      apr_pool_t *pool);

/** Add what the database has. */
apr_status_t usage_visitors_ask(usage_visitors_t *visitors,
                                usage_store_t *store);

/** All is there that was asked, and no more comes; once. */
void usage_visitors_end(usage_visitors_t *visitors);

/**
 * Put the numbers into the points of the query.
 * @param days set to the days of all of them, as a point's
 * @return the sum; of intervals within a day, of the days that they are of
 */
apr_int64_t usage_visitors_fill(const usage_visitors_t *visitors,
                                usage_point_t *points, int count,
                                apr_int64_t *days);

/** Of the query's today, and of the day before. */
apr_int64_t usage_visitors_today(const usage_visitors_t *visitors);
apr_int64_t usage_visitors_yesterday(const usage_visitors_t *visitors);

#endif
