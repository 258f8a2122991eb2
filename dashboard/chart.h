/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums by interval, over one stretch of time: what the query's filters leave
 * of the views, or what is counted. A page has two, its period's and the one
 * that is compared.
 */
#ifndef USAGE_CHART_H
#define USAGE_CHART_H

#include "engine/batch.h"
#include "model.h"
#include "newcomers.h"

typedef struct usage_chart_t usage_chart_t;

/** What a chart comes to. */
typedef struct usage_charted_t {
    usage_point_t *points; /**< every interval, empty ones too */
    int count;
    usage_values_t sum;
    apr_int64_t days; /**< as a point's */
} usage_charted_t;

/**
 * An empty chart of @a range, which it keeps no pointer to.
 * @param range its `from` may be 0: since the first interval there is
 */
usage_chart_t *usage_chart_make(const usage_query_t *query,
                                const usage_range_t *range,
                                const usage_newcomers_t *newcomers,
                                apr_pool_t *pool);

/** Add what the database has. */
apr_status_t usage_chart_ask(usage_chart_t *chart, usage_store_t *store);

/** Add a count of the query's site that no flush has written. */
void usage_chart_add(usage_chart_t *chart, const usage_count_t *count);

/** Put it all together; once. */
usage_charted_t usage_chart_sum(usage_chart_t *chart);

/** Visitors of the query's today, and of the day before; after the sum. */
apr_int64_t usage_chart_visitors_today(const usage_chart_t *chart);
apr_int64_t usage_chart_visitors_yesterday(const usage_chart_t *chart);

/** The start of the interval of @a grain in which a count was made. */
apr_int64_t usage_chart_start(const usage_query_t *query,
                              const usage_key_t *key, usage_grain_e grain);

/** Whether a count of a page and client passes the query's filters. */
bool usage_chart_passes(const usage_query_t *query, const usage_key_t *key);

/** What to ask about @a range: the query's site and filters. */
usage_scope_t usage_chart_scope(const usage_query_t *query,
                                const usage_range_t *range);

#endif
