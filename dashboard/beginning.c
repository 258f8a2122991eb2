/* SPDX-License-Identifier: Apache-2.0 */
#include "beginning.h"

/* Who had no views for so long begins anew. */
enum { MONTHS = 24 };

enum { DAY = 24 * 60 * 60 };

/* Where older views may be: months, and the days of the last two. */
typedef struct past_t {
    usage_range_t months;
    usage_range_t days;
} past_t;

void usage_beginning_forgo(usage_query_t *query, bool is_uncounted)
{
    if (usage_query_is_compared(query)) {
        query->is_uncounted = is_uncounted;
    }
    query->compared = (usage_range_t){ 0, 0 };
    query->sort = USAGE_SORT_VIEWS;
}

/* The day on which the compared time begins. */
static apr_int64_t first_day(const usage_query_t *query)
{
    apr_int64_t from = query->compared.from;

    return query->grain == USAGE_GRAIN_BASE
               ? usage_calendar_day(usage_zone_clock(query->zone, from))
               : from;
}

/* Whether rows of before a start are still there. */
static bool has_past(const usage_query_t *query, usage_retain_e kind,
                     apr_int64_t start)
{
    return !query->retain
           || usage_retain_border(query->retain, kind, query->now) < start;
}

static past_t past_of(const usage_query_t *query)
{
    apr_int64_t day = first_day(query);
    apr_int64_t month = usage_calendar_month(day);
    past_t past = {
        .months = { usage_calendar_month_add(month, -MONTHS), month },
        .days = { usage_calendar_month_add(month, -1), day },
    };

    if (has_past(query, USAGE_RETAIN_MONTH, month)
        || has_past(query, USAGE_RETAIN_DAY, day)) {
        return past;
    }
    if (query->grain == USAGE_GRAIN_MONTH) {
        past.months.to = usage_calendar_month_add(month, 1);
    }
    else {
        past.days.to = day + DAY;
    }
    return past;
}

static apr_status_t answer(void *baton, const usage_answer_t *row)
{
    bool *has_views = baton;

    (void)row;
    *has_views = true;
    return APR_SUCCESS;
}

static apr_status_t ask(const usage_query_t *query, usage_store_t *store,
                        usage_grain_e grain, const usage_range_t *range,
                        bool *has_views)
{
    usage_scope_t scope = { .site = query->site,
                            .grain = grain,
                            .from = range->from,
                            .to = range->to,
                            .limit = 1 };

    return store->ask(store, USAGE_ASK_SERIES, &scope, answer, has_views);
}

apr_status_t usage_beginning_ask(usage_query_t *query, usage_store_t *store)
{
    bool has_views = false;
    past_t past;
    apr_status_t rv;

    if (!usage_query_is_compared(query)) {
        return APR_SUCCESS;
    }
    past = past_of(query);
    rv = ask(query, store, USAGE_GRAIN_MONTH, &past.months, &has_views);
    if (rv == APR_SUCCESS && !has_views) {
        rv = ask(query, store, USAGE_GRAIN_DAY, &past.days, &has_views);
    }
    if (rv == APR_SUCCESS && !has_views) {
        usage_beginning_forgo(query, true);
    }
    return rv;
}
