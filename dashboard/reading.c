/* SPDX-License-Identifier: Apache-2.0 */
/* Asks a store, then the segment. One page, one thread. */
#include "reading.h"

#include <string.h>

#include "beginning.h"
#include "engine/batch.h"
#include "engine/outcome.h"
#include "engine/text.h"

/* Rows of a ranking that are asked for beyond those shown: one that the
 * database has further down, and that is lifted among those shown by what the
 * segment has, is short of what the database has of it until the next flush: no
 * more than it has of the last one asked for. */
#define ASKED_MORE 500

/* Sites, and days, that are asked for. */
#define ASKED 10000

/* Events of each category that are asked for beyond those shown. */
#define ASKED_EVENTS 90

#define DAY 86400

/* Days, today's among them, that may not be closed yet: one is by noon after
 * its last hour anywhere. */
#define OPEN_DAYS 3

static usage_reading_t reading_make(const usage_source_t *source,
                                    const usage_query_t *query,
                                    apr_pool_t *pool)
{
    usage_range_t period = { .from = query->from, .to = query->to };
    usage_newcomers_t *newcomers = usage_newcomers_read(source->memory, pool);
    usage_events_t *events = usage_events_make(pool);
    return (usage_reading_t){
        .query = query,
        .newcomers = newcomers,
        .meetings = usage_meetings_make(query, newcomers, pool),
        .sites = usage_tally_make(pool),
        .pages = usage_tally_make(pool),
        .clients = usage_clients_make(pool),
        .events = events,
        .before = usage_before_make(query, events, pool),
        .courses = usage_courses_make(query, pool),
        .heating = usage_heating_make(query, pool),
        .chart = usage_chart_make(query, &period, newcomers, pool),
        .compared = usage_chart_make(query, &query->compared, newcomers, pool),
    };
}

static void add_day(usage_reading_t *reading, apr_int64_t day,
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

static apr_status_t answer_day(void *baton, const usage_answer_t *row)
{
    add_day(baton, row->start, &row->values);
    return APR_SUCCESS;
}

static apr_status_t answer_site(void *baton, const usage_answer_t *row)
{
    usage_tally_add(baton, row->name, strlen(row->name), &row->values);
    return APR_SUCCESS;
}

/* Each row tells how many there are. */
static apr_status_t answer_page(void *baton, const usage_answer_t *row)
{
    usage_reading_t *reading = baton;
    usage_tally_add(&reading->pages, row->name, strlen(row->name),
                    &row->values);
    reading->pages_unnamed =
        row->start - (apr_int64_t)apr_hash_count(reading->pages.by_name);
    return APR_SUCCESS;
}

/* A page of either time is one of both. */
static apr_status_t answer_change(void *baton, const usage_answer_t *row)
{
    usage_reading_t *reading = baton;
    usage_values_t was = { .of = { [USAGE_VIEWS] = row->was } };
    usage_tally_add(&reading->before.pages, row->name, strlen(row->name), &was);
    return answer_page(baton, row);
}

static apr_status_t ask_days(usage_store_t *store, usage_reading_t *reading)
{
    apr_int64_t today = reading->query->today;
    usage_scope_t scope = { .site = reading->query->site,
                            .grain = USAGE_GRAIN_DAY,
                            .from = today - DAY,
                            .to = today + DAY,
                            .limit = ASKED };
    apr_status_t rv =
        store->ask(store, USAGE_ASK_SERIES, &scope, answer_day, reading);
    scope.from = today - (OPEN_DAYS - 1) * DAY;
    return rv == APR_SUCCESS ? store->ask(store, USAGE_ASK_SITES, &scope,
                                          answer_site, &reading->sites)
                             : rv;
}

/* Pages in the order of what they gained or lost, with what they were. */
static apr_status_t ask_changes(usage_store_t *store, usage_reading_t *reading,
                                const usage_scope_t *scope)
{
    const usage_query_t *query = reading->query;
    usage_scope_t both = *scope;
    both.was_from = query->compared.from;
    both.was_to = query->compared.to;
    both.way = query->sort == USAGE_SORT_GAIN ? 1 : -1;
    apr_status_t rv =
        store->ask(store,
                   usage_query_is_filtered(query) ? USAGE_ASK_CLIENT_CHANGES
                                                  : USAGE_ASK_CHANGES,
                   &both, answer_change, reading);
    reading->before.pages_unnamed = reading->pages_unnamed;
    usage_tally_know(&reading->pages, &reading->before.pages, true);
    return rv;
}

/* Of a page alone the chart tells all; what each of hundreds was, no course
 * does. */
static apr_status_t ask_pages(usage_store_t *store, usage_reading_t *reading,
                              const usage_scope_t *scope)
{
    const usage_query_t *query = reading->query;
    usage_question_e question = usage_query_is_filtered(query)
                                    ? USAGE_ASK_CLIENT_PAGES
                                    : USAGE_ASK_PAGES;
    if (*query->filters[USAGE_FILTER_PAGE] != '\0') {
        return APR_SUCCESS;
    }
    if (query->sort != USAGE_SORT_VIEWS) {
        return ask_changes(store, reading, scope);
    }
    apr_status_t rv = store->ask(store, question, scope, answer_page, reading);
    return rv == APR_SUCCESS && query->limit > USAGE_ROWS_ALONE
               ? usage_before_ask_pages(&reading->before, store, question,
                                        scope)
               : rv;
}

static apr_status_t ask_period(usage_store_t *store, usage_reading_t *reading)
{
    usage_query_t query = *reading->query;
    usage_range_t period = { .from = query.from, .to = query.to };
    query.counted = "";
    usage_scope_t scope = usage_chart_scope(&query, &period);
    apr_int64_t last = (apr_int64_t)query.page * query.limit;
    scope.limit = last + ASKED_MORE;
    scope.depth = last + ASKED_EVENTS;
    apr_status_t rv = ask_pages(store, reading, &scope);
    if (rv == APR_SUCCESS) {
        rv = usage_courses_ask(reading->courses, &reading->pages,
                               reading->pages_unnamed > 0, store);
    }
    scope.limit = ASKED;
    if (rv == APR_SUCCESS) {
        rv = store->clients_ask(store, &scope, usage_clients_answer,
                                &reading->clients);
    }
    if (rv == APR_SUCCESS) {
        rv = store->events_ask(store, &scope, usage_events_answer,
                               reading->events);
    }
    return rv == APR_SUCCESS ? usage_before_ask(&reading->before, store, &scope)
                             : rv;
}

/* What the segment has that the database has not. */

static bool is_site(const usage_query_t *query, usage_text_t site)
{
    return *query->site == '\0' || usage_text_is(site, query->site);
}

static void add_view(usage_reading_t *reading, const usage_count_t *count)
{
    const usage_key_t *key = &count->key;
    const usage_values_t *values = &count->values;
    if (!usage_chart_passes(reading->query, key)) {
        return;
    }
    usage_tally_add(&reading->pages, key->name.data, key->name.length, values);
    usage_clients_add(&reading->clients, count);
}

static bool is_outcome(const usage_key_t *key)
{
    static const char category[] = USAGE_OUTCOME_CATEGORY;
    return key->kind == USAGE_KIND_EVENT
           && key->category.length == sizeof category - 1
           && memcmp(key->category.data, category, sizeof category - 1) == 0;
}

/* A count of the query's site. */
static void add_site_live(usage_reading_t *reading, const usage_count_t *count)
{
    const usage_query_t *query = reading->query;
    const usage_key_t *key = &count->key;
    apr_int64_t start = usage_chart_start(query, key, query->grain);
    bool is_within = start >= query->from && start < query->to;
    if (key->kind == USAGE_KIND_SEEN) {
        usage_meetings_add(reading->meetings, key->category);
        return;
    }
    if (key->kind != USAGE_KIND_EVENT) {
        add_day(reading, usage_chart_start(query, key, USAGE_GRAIN_DAY),
                &count->values);
    }
    usage_chart_add(reading->chart, count);
    usage_chart_add(reading->compared, count);
    if (key->kind == USAGE_KIND_VIEW) {
        usage_courses_add(reading->courses, count);
        usage_heating_add(reading->heating, count);
    }
    if (is_within && key->kind == USAGE_KIND_VIEW) {
        add_view(reading, count);
    }
    if (is_within) {
        usage_events_add(reading->events, USAGE_NOW, key, &count->values);
    }
    if (start >= query->compared.from && start < query->compared.to) {
        usage_before_add(&reading->before, count);
    }
}

static void add_live(void *baton, const usage_count_t *count)
{
    usage_reading_t *reading = baton;
    const usage_key_t *key = &count->key;
    if (is_outcome(key)) {
        usage_tally_add(&reading->sites, key->site.data, key->site.length,
                        &count->values);
    }
    if (key->kind == USAGE_KIND_VIEW) {
        reading->waiting += count->values.of[USAGE_VIEWS];
    }
    if (key->kind == USAGE_KIND_SEEN) {
        usage_newcomers_know(reading->newcomers, key);
    }
    if (is_site(reading->query, key->site)) {
        add_site_live(reading, count);
    }
}

static apr_status_t ask_charts(usage_store_t *store, usage_reading_t *reading)
{
    const usage_query_t *query = reading->query;
    apr_status_t rv = usage_chart_ask(reading->chart, store);
    if (rv == APR_SUCCESS && usage_query_is_compared(query)) {
        rv = usage_chart_ask(reading->compared, store);
    }
    return rv == APR_SUCCESS ? usage_heating_ask(reading->heating, store) : rv;
}

/* Ask the database between two looks at the number of its last batch. */
static apr_status_t ask_all(const usage_source_t *source,
                            usage_reading_t *reading, bool *is_steady)
{
    usage_store_t *store = source->store;
    apr_int64_t before = 0;
    apr_status_t rv = store->batch_get(store, source->node, &before);
    if (rv == APR_SUCCESS) {
        rv = ask_days(store, reading);
    }
    if (rv == APR_SUCCESS) {
        rv = ask_charts(store, reading);
    }
    if (rv == APR_SUCCESS) {
        rv = ask_period(store, reading);
    }
    if (rv == APR_SUCCESS) {
        rv = usage_meetings_ask(reading->meetings, store);
    }
    if (rv == APR_SUCCESS) {
        rv = store->batch_get(store, source->node, &reading->batch);
    }
    *is_steady = rv != APR_SUCCESS || reading->batch == before;
    return rv;
}

/* APR_NOTFOUND: there are no tables yet. To ask those before would do harm: a
 * driver may go on to believe that they are not there. */
static apr_status_t find_beginning(usage_store_t *store, usage_query_t *query)
{
    apr_int64_t made = 0;
    apr_status_t rv =
        store == NULL ? APR_ENOTIMPL : store->is_made(store, &made);
    if (rv == APR_SUCCESS) {
        rv = made == 0 ? APR_NOTFOUND : usage_beginning_ask(query, store);
    }
    return rv;
}

usage_reading_t usage_reading_take(const usage_source_t *source,
                                   usage_query_t *query, apr_pool_t *pool,
                                   bool *is_steady, apr_status_t *status)
{
    apr_uint32_t revision = usage_batch_revision(source->memory);
    *is_steady = true;
    *status = find_beginning(source->store, query);
    usage_reading_t reading = reading_make(source, query, pool);
    if (*status == APR_SUCCESS) {
        *status = ask_all(source, &reading, is_steady);
    }
    if (*status != APR_SUCCESS) {
        usage_beginning_forgo(query, *status == APR_NOTFOUND);
        reading = reading_make(source, query, pool);
    }
    if (!usage_batch_read(source->memory, reading.batch, revision, add_live,
                          &reading)) {
        *is_steady = false;
    }
    return reading;
}
