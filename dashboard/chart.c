/* SPDX-License-Identifier: Apache-2.0 */
/* Sums points. One page, one thread. */
#include "chart.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "engine/agent.h"
#include "visitors.h"

/* Points that are asked for, at most. */
#define ASKED 10000

struct usage_chart_t {
    usage_query_t query; /* of its own range */
    usage_visitors_t *visitors;
    apr_hash_t *points; /* start -> usage_point_t */
    apr_int64_t first; /* start of the earliest point */
    usage_values_t sum;
    apr_pool_t *pool;
};

usage_chart_t *usage_chart_make(const usage_query_t *query,
                                const usage_range_t *range,
                                const usage_newcomers_t *newcomers,
                                apr_pool_t *pool)
{
    usage_chart_t *chart = apr_pcalloc(pool, sizeof *chart);
    chart->query = *query;
    chart->query.from = range->from;
    chart->query.to = range->to;
    chart->points = apr_hash_make(pool);
    chart->first = range->to;
    chart->pool = pool;
    chart->visitors =
        usage_visitors_make(&chart->query, USAGE_SEEN_VISITOR,
                            usage_newcomers_copy(newcomers, pool), pool);
    return chart;
}

/* A base interval stands where it begins, whatever zone it is of. */
static void add_point(usage_chart_t *chart, apr_int64_t start,
                      const usage_values_t *values)
{
    const usage_query_t *query = &chart->query;
    if (query->grain == USAGE_GRAIN_BASE) {
        start = usage_zone_base(query->zone, start, query->interval);
    }
    usage_point_t *point = apr_hash_get(chart->points, &start, sizeof start);
    if (point == NULL) {
        point = apr_pcalloc(chart->pool, sizeof *point);
        point->start = start;
        apr_hash_set(chart->points, &point->start, sizeof start, point);
    }
    usage_values_add(&point->values, values);
    usage_values_add(&chart->sum, values);
    chart->first = start < chart->first ? start : chart->first;
}

/* What the database has. */

static apr_status_t answer(void *baton, const usage_answer_t *row)
{
    add_point(baton, row->start, &row->values);
    return APR_SUCCESS;
}

/* A count knows nothing of pages, and all views nothing of clients. */
static usage_question_e question_of(const usage_query_t *query)
{
    if (*query->counted != '\0') {
        return USAGE_ASK_COUNT_SERIES;
    }
    if (*query->filters[USAGE_FILTER_PAGE] != '\0') {
        return USAGE_ASK_PAGE_SERIES;
    }
    return usage_query_is_filtered(query) ? USAGE_ASK_CLIENT_SERIES
                                          : USAGE_ASK_SERIES;
}

usage_scope_t usage_chart_scope(const usage_query_t *query,
                                const usage_range_t *range)
{
    bool is_count = *query->counted != '\0';
    return (usage_scope_t){
        .site = query->site,
        .grain = query->grain,
        .from = range->from,
        .to = range->to,
        .category = query->counted,
        .name = is_count ? query->name : query->filters[USAGE_FILTER_PAGE],
        .device = query->filters[USAGE_FILTER_DEVICE],
        .browser = query->filters[USAGE_FILTER_BROWSER],
        .system = query->filters[USAGE_FILTER_SYSTEM],
        .limit = ASKED,
    };
}

static bool has_all_visitors(const usage_query_t *query)
{
    return *query->counted == '\0' && !usage_query_is_filtered(query);
}

apr_status_t usage_chart_ask(usage_chart_t *chart, usage_store_t *store)
{
    const usage_query_t *query = &chart->query;
    usage_range_t range = { .from = query->from, .to = query->to };
    usage_scope_t scope = usage_chart_scope(query, &range);
    apr_status_t rv =
        store->ask(store, question_of(query), &scope, answer, chart);
    return rv == APR_SUCCESS ? usage_visitors_ask(chart->visitors, store) : rv;
}

/* What the segment has. */

apr_int64_t usage_chart_start(const usage_query_t *query,
                              const usage_key_t *key, usage_grain_e grain)
{
    apr_int64_t time = key->start != 0 ? key->start : query->now;
    return grain == USAGE_GRAIN_BASE
               ? time
               : usage_zone_start(usage_zones_of(query->zones, key->site), time,
                                  grain, query->interval);
}

static bool is_same(const char *wanted, usage_text_t text)
{
    return strlen(wanted) == text.length
           && memcmp(wanted, text.data, text.length) == 0;
}

static bool is_left(const char *filter, const char *word)
{
    return *filter == '\0' || strcmp(filter, word) == 0;
}

bool usage_chart_passes(const usage_query_t *query, const usage_key_t *key)
{
    const char *const *filters = query->filters;
    return (*filters[USAGE_FILTER_PAGE] == '\0'
            || is_same(filters[USAGE_FILTER_PAGE], key->name))
           && is_left(filters[USAGE_FILTER_DEVICE],
                      usage_device_word(key->device))
           && is_left(filters[USAGE_FILTER_BROWSER],
                      usage_browser_word(key->browser))
           && is_left(filters[USAGE_FILTER_SYSTEM],
                      usage_system_word(key->system));
}

/* Of counts by name, those that the query wants; of others, what passes. What
 * is counted of a site as a whole is of no page and no client. */
static bool is_charted(const usage_query_t *query, const usage_key_t *key)
{
    if (*query->counted != '\0') {
        return key->kind == USAGE_KIND_EVENT
               && is_same(query->counted, key->category)
               && (*query->name == '\0' || is_same(query->name, key->name));
    }
    return key->kind == USAGE_KIND_VIEW
               ? usage_chart_passes(query, key)
               : key->kind == USAGE_KIND_SITE
                     && !usage_query_is_filtered(query);
}

/* A page's visitors are those of a page alone. */
static bool has_visitors(const usage_query_t *query, const usage_key_t *key)
{
    return key->kind != USAGE_KIND_VIEW
           || *query->filters[USAGE_FILTER_PAGE] != '\0';
}

void usage_chart_add(usage_chart_t *chart, const usage_count_t *count)
{
    const usage_query_t *query = &chart->query;
    apr_int64_t start = usage_chart_start(query, &count->key, query->grain);
    usage_values_t values = count->values;
    if (start < query->from || start >= query->to
        || !is_charted(query, &count->key)) {
        return;
    }
    if (!has_visitors(query, &count->key)) {
        values.of[USAGE_VISITORS] = 0;
    }
    add_point(chart, start, &values);
}

/* All of it. */

static void fill_points(usage_chart_t *chart, usage_charted_t *charted)
{
    const usage_query_t *query = &chart->query;
    apr_array_header_t *points =
        apr_array_make(chart->pool, 64, sizeof(usage_point_t));
    apr_int64_t start = query->from;
    while (start < query->to) {
        const usage_point_t *found =
            apr_hash_get(chart->points, &start, sizeof start);
        usage_point_t *point = apr_array_push(points);
        *point = found != NULL ? *found : (usage_point_t){ .start = start };
        point->is_running = usage_query_is_running(query, start);
        start = usage_query_next(query, start);
    }
    charted->points = (usage_point_t *)(void *)points->elts;
    charted->count = points->nelts;
}

/* The days that a page's visitors are spread over are its site's. */
static void fill_days(const usage_chart_t *chart, usage_charted_t *charted)
{
    usage_point_t *site =
        apr_pmemdup(chart->pool, charted->points,
                    (apr_size_t)charted->count * sizeof *site);
    usage_visitors_fill(chart->visitors, site, charted->count, &charted->days);
    for (int i = 0; i < charted->count; i++) {
        charted->points[i].days = site[i].days;
    }
}

usage_charted_t usage_chart_sum(usage_chart_t *chart)
{
    usage_query_t *query = &chart->query;
    if (query->from == 0 && query->to > 0) {
        query->from = usage_calendar_month(
            chart->first < query->to ? chart->first : query->today);
    }
    usage_charted_t charted = { .sum = chart->sum };
    fill_points(chart, &charted);
    usage_visitors_end(chart->visitors);
    if (has_all_visitors(query)) {
        charted.sum.of[USAGE_VISITORS] = usage_visitors_fill(
            chart->visitors, charted.points, charted.count, &charted.days);
    }
    else if (*query->filters[USAGE_FILTER_PAGE] != '\0') {
        fill_days(chart, &charted);
    }
    return charted;
}

apr_int64_t usage_chart_visitors_today(const usage_chart_t *chart)
{
    return usage_visitors_today(chart->visitors);
}

apr_int64_t usage_chart_visitors_yesterday(const usage_chart_t *chart)
{
    return usage_visitors_yesterday(chart->visitors);
}
