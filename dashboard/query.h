/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arguments of a dashboard's URL, parsed and checked once: everything
 * behind this header works with a valid query and never sees the URL.
 */
#ifndef USAGE_QUERY_H
#define USAGE_QUERY_H

#include <stdbool.h>

#include <apr_pools.h>

#include "engine/zones.h"

/** X(id, argument, label): the periods one can ask for. */
#define USAGE_PERIOD_LIST(X)                                                   \
    X(DAY, "day", "Today")                                                     \
    X(7D, "7d", "7 days")                                                      \
    X(30D, "30d", "30 days")                                                   \
    X(90D, "90d", "90 days")                                                   \
    X(MONTH, "month", "This month")                                            \
    X(12MO, "12mo", "12 months")                                               \
    X(ALL, "all", "All time")

#define USAGE_PERIOD_ENUM(id, argument, label) USAGE_PERIOD_##id,
typedef enum usage_period_e {
    USAGE_PERIOD_LIST(USAGE_PERIOD_ENUM) USAGE_PERIODS
} usage_period_e;
#undef USAGE_PERIOD_ENUM

/** The page that is asked. */
typedef struct usage_page_t {
    const usage_zones_t *zones; /**< of the sites */
    const usage_zone_t *zone; /**< in which it shows all sites together */
    apr_int64_t now; /**< Unix seconds */
} usage_page_t;

/**
 * A valid query. [from, to) are whole intervals of the grain, by their starts
 * in the database (usage_zone_start).
 */
typedef struct usage_query_t {
    const char *site; /**< "" for all sites */
    usage_period_e period;
    usage_grain_e grain; /**< of the chart's points: base, day or month */
    const usage_zones_t *zones; /**< of the sites */
    const usage_zone_t *zone; /**< of the query's site, or of the page */
    apr_int64_t interval; /**< length of a base interval in seconds */
    apr_int64_t from; /**< of "all": 0 until the model knows better */
    apr_int64_t to; /**< end of the day, or month, that holds now: of all
                         sites, wherever it is the latest */
    apr_int64_t now; /**< Unix seconds */
    apr_int64_t today; /**< start of the day that holds now */
} usage_query_t;

/** The argument's word for a period ("7d"). */
const char *usage_period_word(usage_period_e period);

/** The period's name for people ("7 days"). */
const char *usage_period_label(usage_period_e period);

/**
 * Parse a URL's query string.
 *
 * `site` (a site's name; absent or empty: all) and `period` (one of
 * USAGE_PERIOD_LIST; absent: 30d). Unknown arguments are ignored, so that a
 * link of a newer version still shows something; of a repeated one the last
 * counts. `+` and %XX are decoded.
 *
 * @param args    what follows the `?`, or NULL
 * @param query   the result, with strings in @a pool
 * @param problem set to a sentence for the reader when APR_EINVAL is returned
 * @return APR_SUCCESS, or APR_EINVAL for a known argument with a bad value
 *         (an unknown period; a site name over 255 bytes, with bytes that
 *         are no UTF-8, or with control bytes)
 */
apr_status_t usage_query_parse(const char *args, const usage_page_t *page,
                               usage_query_t *query, const char **problem,
                               apr_pool_t *pool);

/** The start of the interval of the query's grain after the one of @a start. */
apr_int64_t usage_query_next(const usage_query_t *query, apr_int64_t start);

/** Whether the interval of @a start is still to come. */
bool usage_query_is_ahead(const usage_query_t *query, apr_int64_t start);

/** Whether it has begun and is not over. */
bool usage_query_is_running(const usage_query_t *query, apr_int64_t start);

#endif
