/* SPDX-License-Identifier: Apache-2.0 */
/* Sums base intervals by the clock of the query's zone. One page, one
 * thread. */
#include "heat.h"

#include "chart.h"

enum { HOUR = 60 * 60, DAY = 24 * HOUR };

/* Days that it is made of, at most: four of each weekday. */
#define DAYS 28

/* Intervals that are asked for, at most. */
#define ASKED 10000

/* Weekdays from the first of January 1970, a Thursday, to its Monday. */
#define MONDAY 3

struct usage_heating_t {
    const usage_query_t *query;
    apr_int64_t from; /* Unix seconds */
    apr_int64_t to;
    usage_heat_t heat;
};

/* When the day begins that a start of the query's grain stands for. */
static apr_int64_t time_of(const usage_query_t *query, apr_int64_t start)
{
    return query->grain == USAGE_GRAIN_BASE
               ? start
               : usage_zone_date_start(query->zone, start / DAY);
}

usage_heating_t *usage_heating_make(const usage_query_t *query,
                                    apr_pool_t *pool)
{
    usage_heating_t *heating = apr_pcalloc(pool, sizeof *heating);
    apr_int64_t end = usage_zone_day_next(query->zone, query->now);
    heating->query = query;
    heating->from = time_of(query, query->from);
    heating->to = time_of(query, query->to);
    heating->to = heating->to < end ? heating->to : end;
    if (heating->from < heating->to - DAYS * DAY) {
        heating->from = heating->to - DAYS * DAY;
    }
    if (query->interval > HOUR) {
        heating->to = heating->from;
    }
    return heating;
}

static void heat(usage_heating_t *heating, apr_int64_t time, apr_int64_t views)
{
    usage_heat_t *made = &heating->heat;
    apr_int64_t clock = usage_zone_clock(heating->query->zone, time);
    apr_int64_t day = usage_calendar_day(clock);
    if (time < heating->from || time >= heating->to || views <= 0) {
        return;
    }
    apr_int64_t *cell =
        &made->views[(day / DAY + MONDAY) % 7][(clock - day) / HOUR];
    *cell += views;
    made->from = made->greatest == 0 || day < made->from ? day : made->from;
    made->to = day > made->to ? day : made->to;
    made->greatest = *cell > made->greatest ? *cell : made->greatest;
}

static apr_status_t answer(void *baton, const usage_answer_t *row)
{
    heat(baton, row->start, row->values.of[USAGE_VIEWS]);
    return APR_SUCCESS;
}

apr_status_t usage_heating_ask(usage_heating_t *heating, usage_store_t *store)
{
    usage_scope_t scope = { .site = heating->query->site,
                            .grain = USAGE_GRAIN_BASE,
                            .from = heating->from,
                            .to = heating->to,
                            .limit = ASKED };
    return heating->from < heating->to
               ? store->ask(store, USAGE_ASK_HOURS, &scope, answer, heating)
               : APR_SUCCESS;
}

void usage_heating_add(usage_heating_t *heating, const usage_count_t *count)
{
    heat(heating,
         usage_chart_start(heating->query, &count->key, USAGE_GRAIN_BASE),
         count->values.of[USAGE_VIEWS]);
}

void usage_heating_fill(const usage_heating_t *heating, usage_heat_t *heat)
{
    *heat = heating->heat;
}
