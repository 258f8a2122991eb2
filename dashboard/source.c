/* SPDX-License-Identifier: Apache-2.0 */
/* Sums what store and segment tell into a model. One page, one thread. */
#include "source.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/agent.h"
#include "engine/batch.h"
#include "engine/outcome.h"
#include "events.h"
#include "health.h"
#include "marks.h"
#include "nodes.h"
#include "now.h"
#include "tally.h"
#include "visitors.h"

/* Times to read anew when a flush comes in between. */
#define TRIES 3

/* Rows of a ranking that are shown, and that are asked for: what the segment
 * still has can lift a row that the database alone would not show. */
#define SHOWN 10
#define ASKED 10000

/* Events of each category that are asked for. One that is beyond, and is lifted
 * among those shown by what the segment has, is short of what the database has
 * of it until the next flush: no more than it has of the last one asked for. */
#define ASKED_EVENTS 100

#define DAY 86400

/* A reading: sums by name, and of two days and the period. */
typedef struct reading_t {
    const usage_query_t *query;
    usage_tally_t sites;
    usage_tally_t pages;
    usage_tally_t devices;
    usage_tally_t browsers;
    usage_tally_t systems;
    usage_events_t *events;
    usage_visitors_t *visitors;
    apr_hash_t *points; /* start -> usage_point_t */
    usage_values_t today;
    usage_values_t yesterday;
    usage_values_t period;
    apr_int64_t waiting;
    apr_int64_t first; /* start of the earliest point */
    apr_int64_t batch;
} reading_t;

static reading_t reading_make(const usage_source_t *source,
                              const usage_query_t *query, apr_pool_t *pool)
{
    return (reading_t){
        .query = query,
        .sites = usage_tally_make(pool),
        .pages = usage_tally_make(pool),
        .devices = usage_tally_make(pool),
        .browsers = usage_tally_make(pool),
        .systems = usage_tally_make(pool),
        .events = usage_events_make(pool),
        .visitors = usage_visitors_make(query, source->memory, pool),
        .points = apr_hash_make(pool),
        .first = query->to,
    };
}

/* A base interval stands where it begins, whatever zone it is of. */
static void add_point(reading_t *reading, apr_int64_t start,
                      const usage_values_t *values)
{
    const usage_query_t *query = reading->query;
    if (query->grain == USAGE_GRAIN_BASE) {
        start = usage_zone_base(query->zone, start, query->interval);
    }
    usage_point_t *point = apr_hash_get(reading->points, &start, sizeof start);
    if (point == NULL) {
        point = apr_pcalloc(apr_hash_pool_get(reading->points), sizeof *point);
        point->start = start;
        apr_hash_set(reading->points, &point->start, sizeof start, point);
    }
    usage_values_add(&point->values, values);
    usage_values_add(&reading->period, values);
    reading->first = start < reading->first ? start : reading->first;
}

static void add_day(reading_t *reading, apr_int64_t day,
                    const usage_values_t *values)
{
    apr_int64_t today = reading->query->today;
    if (day == today) {
        usage_values_add(&reading->today, values);
    }
    else if (day == today - DAY) {
        usage_values_add(&reading->yesterday, values);
    }
}

/* What the database answers. */

static apr_status_t answer_point(void *baton, const usage_answer_t *row)
{
    add_point(baton, row->start, &row->values);
    return APR_SUCCESS;
}

static apr_status_t answer_day(void *baton, const usage_answer_t *row)
{
    add_day(baton, row->start, &row->values);
    return APR_SUCCESS;
}

static apr_status_t answer_name(void *baton, const usage_answer_t *row)
{
    usage_tally_add(baton, row->name, strlen(row->name), &row->values);
    return APR_SUCCESS;
}

static apr_status_t ask_days(usage_store_t *store, reading_t *reading)
{
    apr_int64_t today = reading->query->today;
    usage_scope_t scope = { .site = reading->query->site,
                            .grain = USAGE_GRAIN_DAY,
                            .from = today - DAY,
                            .to = today + DAY,
                            .limit = ASKED };
    return store->ask(store, USAGE_ASK_SERIES, &scope, answer_day, reading);
}

static apr_status_t ask_period(usage_store_t *store, reading_t *reading)
{
    const usage_query_t *query = reading->query;
    usage_scope_t scope = { .site = query->site,
                            .grain = query->grain,
                            .from = query->from,
                            .to = query->to,
                            .limit = ASKED,
                            .depth = ASKED_EVENTS };
    const struct {
        usage_question_e question;
        usage_answer_fn *fn;
        void *baton;
    } asked[] = {
        { USAGE_ASK_SITES, answer_name, &reading->sites },
        { USAGE_ASK_SERIES, answer_point, reading },
        { USAGE_ASK_PAGES, answer_name, &reading->pages },
        { USAGE_ASK_DEVICES, answer_name, &reading->devices },
        { USAGE_ASK_BROWSERS, answer_name, &reading->browsers },
        { USAGE_ASK_SYSTEMS, answer_name, &reading->systems },
    };
    apr_status_t rv = APR_SUCCESS;
    for (apr_size_t i = 0;
         rv == APR_SUCCESS && i < sizeof asked / sizeof *asked; i++) {
        rv = store->ask(store, asked[i].question, &scope, asked[i].fn,
                        asked[i].baton);
    }
    return rv == APR_SUCCESS ? store->events_ask(
               store, &scope, usage_events_answer, reading->events)
                             : rv;
}

/* What the segment has that the database has not. */

static bool is_site(const usage_query_t *query, usage_text_t site)
{
    return *query->site == '\0'
           || (strlen(query->site) == site.length
               && memcmp(query->site, site.data, site.length) == 0);
}

static void add_word(usage_tally_t *tally, const char *word,
                     const usage_values_t *values)
{
    usage_tally_add(tally, word, strlen(word), values);
}

static void add_view(reading_t *reading, const usage_count_t *count)
{
    const usage_key_t *key = &count->key;
    const usage_values_t *values = &count->values;
    usage_tally_add(&reading->pages, key->name.data, key->name.length, values);
    add_word(&reading->devices, usage_device_word(key->device), values);
    add_word(&reading->browsers, usage_browser_word(key->browser), values);
    add_word(&reading->systems, usage_system_word(key->system), values);
}

static bool is_outcome(const usage_key_t *key)
{
    static const char category[] = USAGE_OUTCOME_CATEGORY;
    return key->kind == USAGE_KIND_EVENT
           && key->category.length == sizeof category - 1
           && memcmp(key->category.data, category, sizeof category - 1) == 0;
}

/* A view's share of its site: a page's visitors are not the site's. */
static usage_values_t site_values(const usage_count_t *count)
{
    usage_values_t values = count->values;
    if (count->key.kind == USAGE_KIND_VIEW) {
        values.of[USAGE_VISITORS] = 0;
    }
    return values;
}

/* The start by which the database will know a count's interval. */
static apr_int64_t start_of(const reading_t *reading, const usage_key_t *key,
                            usage_grain_e grain)
{
    const usage_query_t *query = reading->query;
    apr_int64_t time = key->start != 0 ? key->start : query->now;
    return grain == USAGE_GRAIN_BASE
               ? time
               : usage_zone_start(usage_zones_of(query->zones, key->site), time,
                                  grain, query->interval);
}

/* A count of the query's site. */
static void add_site_live(reading_t *reading, const usage_count_t *count)
{
    const usage_query_t *query = reading->query;
    const usage_key_t *key = &count->key;
    apr_int64_t start = start_of(reading, key, query->grain);
    bool is_within = start >= query->from && start < query->to;
    usage_values_t values = site_values(count);
    if (key->kind != USAGE_KIND_EVENT) {
        add_day(reading, start_of(reading, key, USAGE_GRAIN_DAY), &values);
    }
    if (is_within && key->kind != USAGE_KIND_EVENT) {
        add_point(reading, start, &values);
    }
    if (is_within && key->kind == USAGE_KIND_VIEW) {
        add_view(reading, count);
    }
    if (is_within) {
        usage_events_add(reading->events, key, &count->values);
    }
}

static void add_live(void *baton, const usage_count_t *count)
{
    reading_t *reading = baton;
    const usage_key_t *key = &count->key;
    if (is_outcome(key)) {
        usage_tally_add(&reading->sites, key->site.data, key->site.length,
                        &count->values);
    }
    if (key->kind == USAGE_KIND_VIEW) {
        reading->waiting += count->values.of[USAGE_VIEWS];
    }
    if (is_site(reading->query, key->site)) {
        add_site_live(reading, count);
    }
}

/* APR_NOTFOUND: there are no tables yet. To ask those before would do harm: a
 * driver may go on to believe that they are not there. */
static apr_status_t find_tables(usage_store_t *store)
{
    apr_int64_t made = 0;
    apr_status_t rv = store->is_made(store, &made);
    return rv == APR_SUCCESS && made == 0 ? APR_NOTFOUND : rv;
}

/* Ask the database between two looks at the number of its last batch. */
static apr_status_t ask_all(const usage_source_t *source, reading_t *reading,
                            bool *is_steady)
{
    usage_store_t *store = source->store;
    apr_int64_t before = 0;
    apr_status_t rv = find_tables(store);
    if (rv == APR_SUCCESS) {
        rv = store->batch_get(store, source->node, &before);
    }
    if (rv == APR_SUCCESS) {
        rv = ask_days(store, reading);
    }
    if (rv == APR_SUCCESS) {
        rv = ask_period(store, reading);
    }
    if (rv == APR_SUCCESS) {
        rv = usage_visitors_ask(reading->visitors, store);
    }
    if (rv == APR_SUCCESS) {
        rv = store->batch_get(store, source->node, &reading->batch);
    }
    *is_steady = rv != APR_SUCCESS || reading->batch == before;
    return rv;
}

static reading_t read_once(const usage_source_t *source,
                           const usage_query_t *query, apr_pool_t *pool,
                           bool *is_steady, apr_status_t *status)
{
    reading_t reading = reading_make(source, query, pool);
    apr_uint32_t revision = usage_batch_revision(source->memory);
    *is_steady = true;
    *status = APR_ENOTIMPL;
    if (source->store != NULL) {
        *status = ask_all(source, &reading, is_steady);
    }
    if (source->store != NULL && *status != APR_SUCCESS) {
        reading = reading_make(source, query, pool);
    }
    if (!usage_batch_read(source->memory, reading.batch, revision, add_live,
                          &reading)) {
        *is_steady = false;
    }
    return reading;
}

static void fill_points(usage_model_t *model, const reading_t *reading,
                        apr_pool_t *pool)
{
    const usage_query_t *query = reading->query;
    apr_array_header_t *points =
        apr_array_make(pool, 64, sizeof(usage_point_t));
    apr_int64_t start = query->from;
    while (start < query->to) {
        const usage_point_t *found =
            apr_hash_get(reading->points, &start, sizeof start);
        usage_point_t *point = apr_array_push(points);
        *point = found != NULL ? *found : (usage_point_t){ .start = start };
        point->is_running = usage_query_is_running(query, start);
        start = usage_query_next(query, start);
    }
    model->points = (usage_point_t *)(void *)points->elts;
    model->points_count = points->nelts;
}

void usage_model_read(const usage_source_t *source, usage_query_t *query,
                      usage_model_t *model, apr_pool_t *pool)
{
    bool is_steady = false;
    reading_t reading;
    apr_status_t status;
    for (int i = 0; i < TRIES && !is_steady; i++) {
        reading = read_once(source, query, pool, &is_steady, &status);
    }
    if (query->period == USAGE_PERIOD_ALL) {
        query->from = usage_calendar_month(
            reading.first < query->to ? reading.first : query->today);
    }
    *model = (usage_model_t){
        .query = query,
        .period = reading.period,
        .today = reading.today,
        .yesterday = reading.yesterday,
        .pages = usage_tally_rank(&reading.pages, SHOWN),
        .devices = usage_tally_rank(&reading.devices, SHOWN),
        .browsers = usage_tally_rank(&reading.browsers, SHOWN),
        .systems = usage_tally_rank(&reading.systems, SHOWN),
        .outcomes = usage_events_outcomes(reading.events),
        .events = usage_events_rank(reading.events, SHOWN),
        .breakdowns = source->breakdowns,
        .has_visitors = true,
        .has_visits = true,
        .has_names = true,
    };
    model->sites = usage_tally_names(&reading.sites, &model->sites_count);
    fill_points(model, &reading, pool);
    usage_visitors_fill(reading.visitors, model);
    usage_health_t *health = &model->health;
    health->batch = reading.batch;
    health->waiting = reading.waiting;
    usage_health_read(source, query, status, health, pool);
    usage_now_read(source, model, pool);
    usage_nodes_read(source, model, pool);
    usage_marks_read(source, model, pool);
}
