/* SPDX-License-Identifier: Apache-2.0 */
/* What a query's choices are called, and which intervals it has. */
#include "query.h"

#include <string.h>

enum { DAY = 24 * 60 * 60 };

#define WORD(id, argument, label)  (argument),
#define LABEL(id, argument, label) (label),
static const char *const period_words[] = { USAGE_PERIOD_LIST(WORD) };
static const char *const period_labels[] = { USAGE_PERIOD_LIST(LABEL) };
static const char *const metric_words[] = { USAGE_METRIC_LIST(WORD) };
static const char *const metric_labels[] = { USAGE_METRIC_LIST(LABEL) };
static const char *const compare_words[] = { USAGE_COMPARE_LIST(WORD) };
static const char *const compare_labels[] = { USAGE_COMPARE_LIST(LABEL) };
static const char *const sort_words[] = { USAGE_SORT_LIST(WORD) };
static const char *const sort_labels[] = { USAGE_SORT_LIST(LABEL) };
static const char *const filter_words[] = { USAGE_FILTER_LIST(WORD) };
static const char *const filter_panels[] = { USAGE_FILTER_LIST(LABEL) };

/* Of dates there is no word: they are arguments of their own. */
const char *usage_period_word(usage_period_e period)
{
    return period < USAGE_PERIODS ? period_words[period] : "";
}

const char *usage_period_label(usage_period_e period)
{
    return period < USAGE_PERIODS ? period_labels[period] : "Dates";
}

const char *usage_metric_word(usage_metric_e metric)
{
    return metric_words[metric];
}

const char *usage_metric_label(usage_metric_e metric)
{
    return metric_labels[metric];
}

const char *usage_compare_word(usage_compare_e compare)
{
    return compare_words[compare];
}

const char *usage_compare_label(usage_compare_e compare)
{
    return compare_labels[compare];
}

const char *usage_sort_word(usage_sort_e sort)
{
    return sort_words[sort];
}

const char *usage_sort_label(usage_sort_e sort)
{
    return sort_labels[sort];
}

const char *usage_filter_word(usage_filter_e filter)
{
    return filter_words[filter];
}

usage_filter_e usage_filter_of_panel(const char *id)
{
    int filter = 0;

    while (filter < USAGE_FILTERS && strcmp(id, filter_panels[filter]) != 0) {
        filter++;
    }
    return (usage_filter_e)filter;
}

bool usage_query_is_filtered(const usage_query_t *query)
{
    for (int i = 0; i < USAGE_FILTERS; i++) {
        if (*query->filters[i]) {
            return true;
        }
    }
    return false;
}

bool usage_query_is_compared(const usage_query_t *query)
{
    return query->compared.from < query->compared.to;
}

apr_int64_t usage_query_next(const usage_query_t *query, apr_int64_t start)
{
    return usage_zone_next(query->zone, start, query->grain, query->interval);
}

/* Starts of days and months are dates, and so measured by one: of all sites by
 * that of the zone where it is the latest. */

bool usage_query_is_ahead(const usage_query_t *query, apr_int64_t start)
{
    apr_int64_t last =
        *query->site ? query->today
                     : usage_zones_last_date(query->zones, query->now) * DAY;

    return start > (query->grain == USAGE_GRAIN_BASE ? query->now : last);
}

bool usage_query_is_running(const usage_query_t *query, apr_int64_t start)
{
    apr_int64_t present =
        query->grain == USAGE_GRAIN_BASE ? query->now : query->today;

    return !usage_query_is_ahead(query, start)
           && usage_query_next(query, start) > present;
}
