/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arguments of a dashboard's URL, parsed and checked once: everything
 * behind this header works with a valid query and never sees the URL. link.h
 * makes a URL of one again.
 */
#ifndef USAGE_QUERY_H
#define USAGE_QUERY_H

#include <stdbool.h>

#include <apr_pools.h>

#include "engine/retention.h"
#include "engine/zones.h"

/** X(id, argument, label): the periods one can ask for; the last is that of
 * the arguments `from` and `to`, and has no word. */
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
    USAGE_PERIOD_LIST(USAGE_PERIOD_ENUM) USAGE_PERIODS,
    USAGE_PERIOD_DATES = USAGE_PERIODS /**< `from` and `to` */
} usage_period_e;
#undef USAGE_PERIOD_ENUM

/** X(id, argument, label): what the chart shows. */
#define USAGE_METRIC_LIST(X)                                                   \
    X(VISITORS, "visitors", "Visitors")                                        \
    X(VISITS, "visits", "Visits")                                              \
    X(VIEWS, "views", "Views")                                                 \
    X(DEPTH, "depth", "Views a visit")                                         \
    X(BOUNCE, "bounce", "Bounce rate")                                         \
    X(DURATION, "duration", "Visit duration")

#define USAGE_METRIC_ENUM(id, argument, label) USAGE_METRIC_##id,
typedef enum usage_metric_e {
    USAGE_METRIC_LIST(USAGE_METRIC_ENUM) USAGE_METRICS
} usage_metric_e;
#undef USAGE_METRIC_ENUM

/** X(id, argument, label): what a period is compared with. */
#define USAGE_COMPARE_LIST(X)                                                  \
    X(PREVIOUS, "previous", "the period before")                               \
    X(YEAR, "year", "the year before")                                         \
    X(NONE, "none", "nothing")

#define USAGE_COMPARE_ENUM(id, argument, label) USAGE_COMPARE_##id,
typedef enum usage_compare_e {
    USAGE_COMPARE_LIST(USAGE_COMPARE_ENUM) USAGE_COMPARES
} usage_compare_e;
#undef USAGE_COMPARE_ENUM

/** X(id, argument, label): the order of pages. */
#define USAGE_SORT_LIST(X)                                                     \
    X(VIEWS, "views", "Most viewed")                                           \
    X(LOSS, "loss", "Lost most")                                               \
    X(GAIN, "gain", "Gained most")

#define USAGE_SORT_ENUM(id, argument, label) USAGE_SORT_##id,
typedef enum usage_sort_e {
    USAGE_SORT_LIST(USAGE_SORT_ENUM) USAGE_SORTS
} usage_sort_e;
#undef USAGE_SORT_ENUM

/** X(id, argument, panel): what views can be filtered by, all at once, and the
 * panel in the catalog whose rows lead there. */
#define USAGE_FILTER_LIST(X)                                                   \
    X(PAGE, "page", "pages")                                                   \
    X(DEVICE, "device", "devices")                                             \
    X(BROWSER, "browser", "browsers")                                          \
    X(SYSTEM, "system", "systems")

#define USAGE_FILTER_ENUM(id, argument, panel) USAGE_FILTER_##id,
typedef enum usage_filter_e {
    USAGE_FILTER_LIST(USAGE_FILTER_ENUM) USAGE_FILTERS
} usage_filter_e;
#undef USAGE_FILTER_ENUM

/** Rows of a ranking: on the page, of one panel alone, and at most. */
#define USAGE_ROWS       10
#define USAGE_ROWS_ALONE 100
#define USAGE_ROWS_MAX   10000

/** The page that is asked. */
typedef struct usage_page_t {
    const usage_zones_t *zones; /**< of the sites */
    const usage_zone_t *zone; /**< in which it shows all sites together */
    const usage_retain_t *retain; /**< how long rows are kept; NULL: for ever */
    apr_int64_t now; /**< Unix seconds */
} usage_page_t;

/** Whole intervals of a query's grain, [from, to), by their starts in the
 * database (usage_zone_start); from == to: none. */
typedef struct usage_range_t {
    apr_int64_t from;
    apr_int64_t to;
} usage_range_t;

/** A valid query: [from, to) is a usage_range_t. */
typedef struct usage_query_t {
    const char *site; /**< "" for all sites */
    usage_period_e period;
    usage_metric_e metric;
    usage_compare_e compare;
    usage_sort_e sort; /**< by change only where there is a comparison */
    usage_range_t dates; /**< the first and the last day, by their
                            starts; 0: since ever */
    const char *interval_word; /**< as it was asked for, "" if it was not */
    const char *filters[USAGE_FILTERS]; /**< "": all */
    const char *counted; /**< the category that alone is charted, "": views */
    const char *name; /**< of it, "": all */
    const char *panel; /**< the one that alone is listed, "": all */
    int page; /**< of its rows, from 1 */
    int limit; /**< rows of a ranking */
    bool has_limit; /**< it was asked for */
    const char *lang; /**< the tag that was asked for, "" if none was */
    usage_grain_e grain; /**< of the chart's points: base, day or month */
    const usage_zones_t *zones; /**< of the sites */
    const usage_zone_t *zone; /**< of the query's site, or of the page */
    const usage_retain_t *retain; /**< how long rows are kept; NULL: for ever */
    apr_int64_t interval; /**< length of a base interval in seconds */
    apr_int64_t from; /**< of "all": 0 until the model knows better */
    apr_int64_t to; /**< at most the end of the day, or month, that holds now:
                         of all sites, wherever it is the latest */
    usage_range_t compared; /**< with which the period is compared */
    bool is_forgotten; /**< it is not, as that time's rows are deleted */
    bool is_uncounted; /**< it is not, as that time was not counted, or half */
    apr_int64_t now; /**< Unix seconds */
    apr_int64_t today; /**< start of the day that holds now */
} usage_query_t;

/** The argument's word for a period ("7d"). */
const char *usage_period_word(usage_period_e period);

/** The period's name for people ("7 days"). */
const char *usage_period_label(usage_period_e period);

const char *usage_metric_word(usage_metric_e metric);
const char *usage_metric_label(usage_metric_e metric);
const char *usage_compare_word(usage_compare_e compare);
const char *usage_compare_label(usage_compare_e compare);
const char *usage_sort_word(usage_sort_e sort);
const char *usage_sort_label(usage_sort_e sort);

/** The argument's word for a filter ("page"). */
const char *usage_filter_word(usage_filter_e filter);

/** Of the panel @a id: its filter, or USAGE_FILTERS. */
usage_filter_e usage_filter_of_panel(const char *id);

/** Whether any of the filters of views is set. */
bool usage_query_is_filtered(const usage_query_t *query);

/** Whether its period is compared with another time. */
bool usage_query_is_compared(const usage_query_t *query);

/**
 * Parse a URL's query string. Unknown arguments are ignored, so that a link of
 * a newer version still shows something; of a repeated one the last counts,
 * but of `f`, of which the last of each kind does. `+` and %XX are decoded.
 *
 *   site      a site's name; absent or empty: all
 *   period    one of USAGE_PERIOD_LIST; absent: 30d
 *   from, to  ISO dates, the first and the last day: instead of a period
 *   interval  of the chart: hour, day or month; absent: as fits the period
 *   compare   one of USAGE_COMPARE_LIST; absent: previous
 *   sort      one of USAGE_SORT_LIST; absent, or without a comparison: views
 *   metric    one of USAGE_METRIC_LIST; absent: views
 *   f         page:/docs, device:mobile, browser:…, system:…, or
 *             count:category or count:category/name: a count, instead of views
 *   panel     the id of a panel that is listed alone; page: of its rows
 *   limit     rows of each ranking, 1 to 10,000
 *   lang      a language of the page (translate.h); another one: as without
 *
 * @param args    what follows the `?`, or NULL
 * @param query   the result, with strings in @a pool
 * @param problem set to a sentence for the reader when APR_EINVAL is returned
 * @return APR_SUCCESS, or APR_EINVAL for a known argument with a bad value
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
