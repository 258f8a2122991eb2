/* SPDX-License-Identifier: Apache-2.0 */
/* Merges sketches, adds numbers. One page, one thread. */
#include "visitors.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "engine/seen_merge.h"

#define DAY 86400

/* Days or months that are asked for, at most. */
#define ASKED 10000

/* Visitors of so many days, each day's added up. */
typedef struct crowd_t {
    apr_int64_t visitors;
    apr_int64_t days;
} crowd_t;

/* The site's day whose rows come in. */
typedef struct open_day_t {
    apr_int64_t day;
    const char *site; /* NULL: there is none yet */
    usage_seen_merge_t merge;
    apr_pool_t *pool; /* cleared for the next */
} open_day_t;

struct usage_visitors_t {
    const usage_query_t *query;
    const char *category;
    usage_newcomers_t *newcomers;
    open_day_t open;
    apr_hash_t *points; /* start -> crowd_t */
    apr_hash_t *days; /* that are among a point's: start -> itself */
    usage_range_t range; /* the days of its intervals, by their starts */
    crowd_t whole; /* of these days */
    crowd_t today;
    crowd_t yesterday;
    apr_pool_t *pool;
};

static usage_range_t range_of(const usage_query_t *query)
{
    usage_range_t range = { .from = query->from, .to = query->to };
    if (query->grain == USAGE_GRAIN_BASE && query->from < query->to) {
        range.from = usage_zone_date(query->zone, query->from) * DAY;
        range.to = usage_zone_date(query->zone, query->to - 1) * DAY + DAY;
    }
    return range;
}

usage_visitors_t *usage_visitors_make(const usage_query_t *query,
                                      const char *category,
                                      usage_newcomers_t *newcomers,
                                      apr_pool_t *pool)
{
    usage_visitors_t *visitors = apr_pcalloc(pool, sizeof *visitors);
    *visitors = (usage_visitors_t){
        .query = query,
        .category = category,
        .range = range_of(query),
        .newcomers = newcomers,
        .points = apr_hash_make(pool),
        .days = apr_hash_make(pool),
        .pool = pool,
    };
    apr_pool_create(&visitors->open.pool, pool);
    return visitors;
}

/* Numbers of days and months. */

static crowd_t *point_of(usage_visitors_t *visitors, apr_int64_t start)
{
    crowd_t *point = apr_hash_get(visitors->points, &start, sizeof start);
    if (point == NULL) {
        apr_int64_t *key = apr_pmemdup(visitors->pool, &start, sizeof start);
        point = apr_pcalloc(visitors->pool, sizeof *point);
        apr_hash_set(visitors->points, key, sizeof *key, point);
    }
    return point;
}

/* Whether a day comes for the first time, of whatever site. */
static bool is_another_day(usage_visitors_t *visitors, apr_int64_t day)
{
    if (apr_hash_get(visitors->days, &day, sizeof day) != NULL) {
        return false;
    }
    apr_int64_t *key = apr_pmemdup(visitors->pool, &day, sizeof day);
    apr_hash_set(visitors->days, key, sizeof *key, key);
    return true;
}

static void add_to(usage_visitors_t *visitors, crowd_t *crowd, apr_int64_t day,
                   apr_int64_t count)
{
    crowd->visitors += count;
    crowd->days += is_another_day(visitors, day);
}

static void add_near(crowd_t *crowd, apr_int64_t count)
{
    crowd->visitors += count;
    crowd->days = 1;
}

/* A closed day is in its month's sum already. */
static void add_day(usage_visitors_t *visitors, apr_int64_t day,
                    apr_int64_t count, bool is_closed)
{
    const usage_query_t *query = visitors->query;
    if (day == query->today) {
        add_near(&visitors->today, count);
    }
    else if (day == query->today - DAY) {
        add_near(&visitors->yesterday, count);
    }
    if (query->grain == USAGE_GRAIN_DAY) {
        add_to(visitors, point_of(visitors, day), day, count);
    }
    else if (query->grain == USAGE_GRAIN_MONTH && !is_closed) {
        add_to(visitors, point_of(visitors, usage_calendar_month(day)), day,
               count);
    }
    else if (query->grain == USAGE_GRAIN_BASE && day >= visitors->range.from
             && day < visitors->range.to) {
        add_to(visitors, &visitors->whole, day, count);
    }
}

static apr_status_t answer_day(void *baton, const usage_answer_t *row)
{
    add_day(baton, row->start, row->values.of[USAGE_VISITORS], true);
    return APR_SUCCESS;
}

static apr_status_t answer_month(void *baton, const usage_answer_t *row)
{
    crowd_t *point = point_of(baton, row->start);
    point->visitors += row->values.of[USAGE_VISITORS];
    point->days += row->values.of[USAGE_VIEWS];
    return APR_SUCCESS;
}

/* Days that are open. */

static void add_newcomer(void *baton, const usage_newcomer_t *newcomer)
{
    usage_visitors_t *visitors = baton;
    usage_seen_merge_visitor(&visitors->open.merge, newcomer->visitor);
}

static void begin_day(open_day_t *open, apr_int64_t day, const char *site)
{
    apr_pool_clear(open->pool);
    open->day = day;
    open->site = apr_pstrdup(open->pool, site);
    open->merge = usage_seen_merge_make(open->pool);
}

static void end_day(usage_visitors_t *visitors)
{
    open_day_t *open = &visitors->open;
    if (open->site == NULL) {
        return;
    }
    int at = usage_newcomers_find(
        visitors->newcomers, open->day,
        usage_newcomers_key(open->site, visitors->category));
    if (at >= 0) {
        usage_newcomers_take(visitors->newcomers, at, add_newcomer, visitors);
    }
    add_day(visitors, open->day, usage_seen_merge_count(&open->merge), false);
    open->site = NULL;
}

static apr_status_t answer_seen(void *baton, const usage_seen_row_t *row)
{
    usage_visitors_t *visitors = baton;
    open_day_t *open = &visitors->open;
    if (open->site == NULL || open->day != row->day
        || strcmp(open->site, row->site) != 0) {
        end_day(visitors);
        begin_day(open, row->day, row->site);
    }
    usage_seen_merge_row(&open->merge, row);
    return APR_SUCCESS;
}

/* What is asked. */

/* The days that hold the query's intervals, and today and the day before; of a
 * time since ever, those alone. */
static usage_scope_t days_scope(const usage_visitors_t *visitors)
{
    const usage_query_t *query = visitors->query;
    usage_range_t days = visitors->range;
    apr_int64_t today = query->today;
    return (usage_scope_t){
        .site = query->site,
        .grain = USAGE_GRAIN_DAY,
        .from = days.from < today - DAY ? days.from : today - DAY,
        .to = days.to > today + DAY ? days.to : today + DAY,
        .category = visitors->category,
        .limit = ASKED,
    };
}

/* Closed days of months are summed. */
static usage_scope_t closed_scope(const usage_visitors_t *visitors)
{
    usage_scope_t scope = days_scope(visitors);
    if (visitors->query->grain == USAGE_GRAIN_MONTH) {
        scope.from = visitors->query->today - DAY;
    }
    return scope;
}

static apr_status_t ask_months(usage_visitors_t *visitors, usage_store_t *store)
{
    usage_scope_t scope = { .site = visitors->query->site,
                            .grain = USAGE_GRAIN_MONTH,
                            .from = visitors->query->from,
                            .to = visitors->query->to,
                            .category = visitors->category,
                            .limit = ASKED };
    return store->ask(store, USAGE_ASK_AVERAGES, &scope, answer_month,
                      visitors);
}

apr_status_t usage_visitors_ask(usage_visitors_t *visitors,
                                usage_store_t *store)
{
    const usage_query_t *query = visitors->query;
    usage_scope_t closed = closed_scope(visitors);
    usage_scope_t open = days_scope(visitors);
    apr_status_t rv =
        store->ask(store, USAGE_ASK_VISITORS, &closed, answer_day, visitors);
    if (rv == APR_SUCCESS && query->grain == USAGE_GRAIN_MONTH) {
        rv = ask_months(visitors, store);
    }
    if (rv == APR_SUCCESS) {
        rv = store->seen_ask(store, &open, answer_seen, visitors);
    }
    return rv;
}

/* Days and sites that the database has nothing of. */
static void take_the_rest(usage_visitors_t *visitors)
{
    const usage_newcomers_t *newcomers = visitors->newcomers;
    int at = 0;
    while (at < newcomers->all->nelts) {
        const usage_newcomer_t *newcomer =
            &APR_ARRAY_IDX(newcomers->all, at, usage_newcomer_t);
        if (newcomer->visitor == 0
            || !usage_newcomers_is_of(newcomers, newcomer,
                                      visitors->query->site,
                                      visitors->category)) {
            at++;
            continue;
        }
        begin_day(&visitors->open, newcomer->day, "");
        at = usage_newcomers_take(visitors->newcomers, at, add_newcomer,
                                  visitors);
        add_day(visitors, visitors->open.day,
                usage_seen_merge_count(&visitors->open.merge), false);
    }
    visitors->open.site = NULL;
}

static void fill_point(const usage_visitors_t *visitors, usage_point_t *point)
{
    const crowd_t *crowd =
        apr_hash_get(visitors->points, &point->start, sizeof point->start);
    point->values.of[USAGE_VISITORS] = crowd != NULL ? crowd->visitors : 0;
    point->days = crowd != NULL ? crowd->days : 0;
}

void usage_visitors_end(usage_visitors_t *visitors)
{
    end_day(visitors);
    take_the_rest(visitors);
}

/* An interval within a day has who was first met then, by each server. */
apr_int64_t usage_visitors_fill(const usage_visitors_t *visitors,
                                usage_point_t *points, int count,
                                apr_int64_t *days)
{
    apr_int64_t sum = 0;
    if (visitors->query->grain == USAGE_GRAIN_BASE) {
        *days = visitors->whole.days;
        return visitors->whole.visitors;
    }
    *days = 0;
    for (int i = 0; i < count; i++) {
        fill_point(visitors, &points[i]);
        sum += points[i].values.of[USAGE_VISITORS];
        *days += points[i].days;
    }
    return sum;
}

apr_int64_t usage_visitors_today(const usage_visitors_t *visitors)
{
    return visitors->today.visitors;
}

apr_int64_t usage_visitors_yesterday(const usage_visitors_t *visitors)
{
    return visitors->yesterday.visitors;
}

static crowd_t within(const usage_visitors_t *visitors)
{
    const usage_query_t *query = visitors->query;
    crowd_t sum = { 0 };
    apr_hash_index_t *at = apr_hash_first(visitors->pool, visitors->points);
    for (; at != NULL; at = apr_hash_next(at)) {
        apr_int64_t start = *(const apr_int64_t *)apr_hash_this_key(at);
        const crowd_t *crowd = apr_hash_this_val(at);
        if (start >= query->from && start < query->to) {
            sum.visitors += crowd->visitors;
            sum.days += crowd->days;
        }
    }
    return sum;
}

usage_distinct_t usage_visitors_sums(const usage_visitors_t *visitors)
{
    crowd_t period = visitors->query->grain == USAGE_GRAIN_BASE
                         ? visitors->whole
                         : within(visitors);
    return (usage_distinct_t){ .category = visitors->category,
                               .today = visitors->today.visitors,
                               .yesterday = visitors->yesterday.visitors,
                               .period = period.visitors,
                               .days = period.days };
}
