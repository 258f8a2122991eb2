/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arguments of a dashboard's URL, parsed and checked once: everything
 * behind this header works with a valid query and never sees the URL.
 */
#ifndef USAGE_QUERY_H
#define USAGE_QUERY_H

#include <apr_pools.h>

#include "engine/calendar.h"

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

/** A valid query. Times are Unix seconds, [from, to) whole intervals. */
typedef struct usage_query_t {
    const char *site; /**< "" for all sites */
    usage_period_e period;
    usage_grain_e grain; /**< of the chart's points: base, day or month */
    apr_int64_t interval; /**< length of a base interval in seconds */
    apr_int64_t from; /**< of "all": 0 until the model knows better */
    apr_int64_t to; /**< end of the day, or month, that holds now */
    apr_int64_t now;
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
 * @param args     what follows the `?`, or NULL
 * @param now      Unix time in seconds
 * @param interval length of a base interval in seconds
 * @param query    the result, with strings in @a pool
 * @param problem  set to a sentence for the reader when APR_EINVAL is returned
 * @return APR_SUCCESS, or APR_EINVAL for a known argument with a bad value
 *         (an unknown period; a site name over 255 bytes, with bytes that
 *         are no UTF-8, or with control bytes)
 */
apr_status_t usage_query_parse(const char *args, apr_int64_t now,
                               apr_int64_t interval, usage_query_t *query,
                               const char **problem, apr_pool_t *pool);

#endif
