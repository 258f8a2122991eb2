/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a model of what was read. One page, one thread. */
#include "source.h"

#include <string.h>

#include "health.h"
#include "marks.h"
#include "nodes.h"
#include "now.h"
#include "reading.h"

/* Times to read anew when a flush comes in between. */
#define TRIES 3

/* Of a page alone: what the chart has. */
static void add_page_alone(usage_reading_t *reading, const usage_values_t *sum)
{
    const char *page = reading->query->filters[USAGE_FILTER_PAGE];
    if (*page != '\0' && sum->of[USAGE_VIEWS] > 0) {
        reading->pages =
            usage_tally_make(apr_hash_pool_get(reading->pages.by_name));
        usage_tally_add(&reading->pages, page, strlen(page), sum);
    }
}

static usage_ranking_t rank(const usage_tally_t *tally,
                            const usage_query_t *query)
{
    return usage_tally_rank(tally, (query->page - 1) * query->limit,
                            query->limit);
}

static usage_ranking_t rank_pages(const usage_reading_t *reading,
                                  const usage_charted_t *charted)
{
    const usage_query_t *query = reading->query;
    usage_ranking_t pages = rank(&reading->pages, query);
    if (reading->pages_unnamed > 0 && *query->counted == '\0') {
        pages.distinct += (int)reading->pages_unnamed;
        pages.sum = charted->sum.of[USAGE_VIEWS];
    }
    usage_courses_fill(reading->courses, &pages, charted);
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
    add_page_alone(reading, &charted.sum);
    model->period = charted.sum;
    model->days = charted.days;
    model->points = charted.points;
    model->points_count = charted.count;
    model->compared = compared.sum;
    model->compared_days = compared.days;
    model->compared_points = compared.points;
    model->compared_count = compared.count;
    model->pages = rank_pages(reading, &charted);
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
    *model = (usage_model_t){
        .query = query,
        .today = reading.today,
        .yesterday = reading.yesterday,
        .outcomes = usage_events_outcomes(reading.events),
        .events = usage_events_rank(reading.events, query),
        .breakdowns = source->breakdowns,
    };
    fill_known(model, query);
    fill_charts(model, &reading, query);
    usage_heating_fill(reading.heating, &model->heat);
    model->devices = rank(&reading.devices, query);
    model->browsers = rank(&reading.browsers, query);
    model->systems = rank(&reading.systems, query);
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
