/* SPDX-License-Identifier: Apache-2.0 */
#include "beginning.h"

/* Who had no views for so long begins anew. */
enum { MONTHS = 24 };

static bool is_compared(const usage_query_t *query)
{
    return query->compared.from < query->compared.to;
}

void usage_beginning_forgo(usage_query_t *query, bool is_uncounted)
{
    if (is_compared(query)) {
        query->is_uncounted = is_uncounted;
    }
    query->compared = (usage_range_t){ 0, 0 };
    query->sort = USAGE_SORT_VIEWS;
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

    return *has_views
               ? APR_SUCCESS
               : store->ask(store, USAGE_ASK_SERIES, &scope, answer, has_views);
}

/* The day on which a range begins. */
static apr_int64_t first_day(const usage_query_t *query)
{
    apr_int64_t from = query->compared.from;

    return query->grain == USAGE_GRAIN_BASE
               ? usage_calendar_day(usage_zone_clock(query->zone, from))
               : from;
}

apr_status_t usage_beginning_ask(usage_query_t *query, usage_store_t *store)
{
    apr_int64_t day = first_day(query);
    apr_int64_t month = usage_calendar_month(day);
    usage_range_t months = { usage_calendar_month_add(month, -MONTHS), month };
    usage_range_t days = { month, day };
    bool has_views = false;
    apr_status_t rv;

    if (!is_compared(query)) {
        return APR_SUCCESS;
    }
    rv = ask(query, store, USAGE_GRAIN_MONTH, &months, &has_views);
    if (rv == APR_SUCCESS && days.from < days.to) {
        rv = ask(query, store, USAGE_GRAIN_DAY, &days, &has_views);
    }
    if (rv == APR_SUCCESS && !has_views) {
        usage_beginning_forgo(query, true);
    }
    return rv;
}
