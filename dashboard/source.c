/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a model of what was read. One page, one thread. */
#include "source.h"

#include <string.h>

#include <apr_strings.h>

#include "catalog.h"
#include "health.h"
#include "marks.h"
#include "nodes.h"
#include "now.h"
#include "reading.h"

/* Times to read anew when a flush comes in between. */
#define TRIES 3

static bool is_page_alone(const usage_query_t *query)
{
    return *query->filters[USAGE_FILTER_PAGE] != '\0';
}

/* Of a page alone: what the charts have. */
static usage_ranking_t page_alone(const usage_reading_t *reading,
                                  const usage_charted_t *charted,
                                  const usage_charted_t *compared)
{
    apr_pool_t *pool = apr_hash_pool_get(reading->pages.by_name);
    usage_ranked_t *row = apr_pcalloc(pool, sizeof *row);
    bool is_there = charted->sum.of[USAGE_VIEWS] > 0;
    apr_int64_t *course =
        apr_palloc(pool, ((apr_size_t)charted->count + 1) * sizeof *course);
    for (int i = 0; i < charted->count; i++) {
        course[i] = charted->points[i].values.of[USAGE_VIEWS];
    }
    *row = (usage_ranked_t){
        .name = reading->query->filters[USAGE_FILTER_PAGE],
        .values = charted->sum,
        .was = { .of = { [USAGE_VIEWS] = compared->sum.of[USAGE_VIEWS] } },
        .has_was = reading->before.is_known,
        .course = course,
    };
    return (usage_ranking_t){ .rows = row,
                              .count = is_there,
                              .distinct = is_there,
                              .sum = charted->sum.of[USAGE_VIEWS] };
}

/* What rows were, where the database told. */
static void know_before(usage_reading_t *reading)
{
    const usage_before_t *before = &reading->before;
    if (!before->is_known) {
        return;
    }
    usage_clients_know(&reading->clients, &before->clients);
    usage_events_know(reading->events);
}

static usage_ranking_t rank(const usage_tally_t *tally,
                            const usage_query_t *query)
{
    return usage_tally_rank(tally, USAGE_SORT_VIEWS,
                            (query->page - 1) * query->limit, query->limit);
}

/* By change, pages of either time are listed; which these are, each answer
 * tells of both. */
static void know_pages(usage_reading_t *reading)
{
    const usage_query_t *query = reading->query;
    const usage_before_t *before = &reading->before;
    bool is_sorted = query->sort != USAGE_SORT_VIEWS;
    if (!before->is_known || (!is_sorted && query->limit <= USAGE_ROWS_ALONE)) {
        return;
    }
    if (is_sorted) {
        usage_tally_join(&reading->pages, &before->pages);
    }
    usage_tally_know(&reading->pages, &before->pages,
                     before->pages_unnamed <= 0);
}

static usage_ranking_t rank_pages(usage_reading_t *reading,
                                  const usage_charted_t *charted)
{
    const usage_query_t *query = reading->query;
    know_pages(reading);
    usage_ranking_t pages =
        usage_tally_rank(&reading->pages, query->sort,
                         (query->page - 1) * query->limit, query->limit);
    if (reading->pages_unnamed > 0 && *query->counted == '\0') {
        pages.distinct += (int)reading->pages_unnamed;
        pages.sum = charted->sum.of[USAGE_VIEWS];
    }
    usage_courses_fill(reading->courses, &pages, charted,
                       reading->before.is_known);
    return pages;
}

static void fill_charts(usage_model_t *model, usage_reading_t *reading,
                        usage_query_t *query)
{
    usage_charted_t charted = usage_chart_sum(reading->chart);
    usage_charted_t compared = usage_chart_sum(reading->compared);
    if (query->from == 0 && charted.count > 0) {
        query->from = charted.points[0].start;
    }
    model->period = charted.sum;
    model->days = charted.days;
    model->points = charted.points;
    model->points_count = charted.count;
    model->compared = compared.sum;
    model->compared_days = compared.days;
    model->compared_points = compared.points;
    model->compared_count = compared.count;
    model->pages = is_page_alone(query)
                       ? page_alone(reading, &charted, &compared)
                       : rank_pages(reading, &charted);
    model->today.of[USAGE_VISITORS] =
        usage_chart_visitors_today(reading->chart);
    model->yesterday.of[USAGE_VISITORS] =
        usage_chart_visitors_yesterday(reading->chart);
}

/* Counts of a filter's clients come to many pages' visitors each. */
static void fill_known(usage_model_t *model, const usage_query_t *query)
{
    bool is_filtered = usage_query_is_filtered(query);
    bool has_page = *query->filters[USAGE_FILTER_PAGE] != '\0';
    bool is_count = *query->counted != '\0';
    model->has_visitors = !is_count && (!is_filtered || has_page);
    model->has_visits = !is_count;
    model->has_names = !is_filtered;
    model->has_days = !is_filtered && !is_count;
}

/* Every form shows what is in the model: what isn't known is in none. */
static void forget_unknown(usage_model_t *model, apr_pool_t *pool)
{
    const usage_ranking_t *rows = &model->pages;
    if (!model->has_names) {
        model->outcomes = (usage_ranking_t){ .count = 0 };
        model->events = apr_pcalloc(pool, (apr_size_t)usage_catalog_count
                                              * sizeof *model->events);
    }
    if (!model->has_visitors) {
        usage_ranked_t *known = apr_pmemdup(
            pool, rows->rows, (apr_size_t)rows->count * sizeof *known);
        for (int i = 0; i < rows->count; i++) {
            known[i].values.of[USAGE_VISITORS] = 0;
        }
        model->pages.rows = known;
    }
}

void usage_model_read(const usage_source_t *source, usage_query_t *query,
                      usage_model_t *model, apr_pool_t *pool)
{
    bool is_steady = false;
    usage_reading_t reading;
    apr_status_t status;
    for (int i = 0; i < TRIES && !is_steady; i++) {
        reading = usage_reading_take(source, query, pool, &is_steady, &status);
    }
    know_before(&reading);
    *model = (usage_model_t){
        .query = query,
        .today = reading.today,
        .yesterday = reading.yesterday,
        .outcomes = usage_events_outcomes(reading.events),
        .events = usage_events_rank(reading.events, query),
        .breakdowns = source->breakdowns,
    };
    model->hits = model->outcomes.sum;
    fill_known(model, query);
    fill_charts(model, &reading, query);
    forget_unknown(model, pool);
    usage_heating_fill(reading.heating, &model->heat);
    model->devices = rank(&reading.clients.devices, query);
    model->browsers = rank(&reading.clients.browsers, query);
    model->systems = rank(&reading.clients.systems, query);
    model->sites = usage_tally_names(&reading.sites, &model->sites_count);
    usage_meetings_fill(reading.meetings, model);
    usage_health_t *health = &model->health;
    health->batch = reading.batch;
    health->waiting = reading.waiting;
    usage_health_read(source, query, status, health, pool);
    usage_now_read(source, model, pool);
    usage_nodes_read(source, model, pool);
    usage_marks_read(source, model, pool);
}
