/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visitors, or other distinct things, of days and months, of all servers
 * together. While a day is open, each server has a sketch of its visitors in
 * the database (seen.h): those are merged with each other and with who came
 * here since the last flush. What is closed is a number (close.h); of a month,
 * the sum of its days' and on how many days the site was visited.
 */
#ifndef USAGE_VISITORS_H
#define USAGE_VISITORS_H

#include <apr_tables.h>

#include "model.h"
#include "newcomers.h"

typedef struct usage_visitors_t usage_visitors_t;

/** Begin to add up those of a category, which visitors are one of. */
usage_visitors_t *usage_visitors_make(const usage_query_t *query,
                                      const char *category,
                                      usage_newcomers_t *newcomers,
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

/** What they come to, when all has come. */
usage_distinct_t usage_visitors_sums(const usage_visitors_t *visitors);

/** Of the query's today, and of the day before. */
apr_int64_t usage_visitors_today(const usage_visitors_t *visitors);
apr_int64_t usage_visitors_yesterday(const usage_visitors_t *visitors);

#endif
