/* SPDX-License-Identifier: Apache-2.0 */
/* Borders, and the steps that delete. Runs in the flusher. */
#include "retention.h"

#include <string.h>

#include <apr_strings.h>

#include "outcome.h"

#define HOUR 3600
#define DAY  86400

/* How far zones are from UTC, in the west and in the east. */
#define WEST (12 * HOUR)
#define EAST (14 * HOUR)

#define STANDARD(id, word, unit, standard, most)                               \
    [USAGE_RETAIN_##id] = (standard),

usage_retain_t usage_retain_standard(void)
{
    return (usage_retain_t){ .of = { USAGE_RETAIN_LIST(STANDARD) } };
}

apr_int64_t usage_retain_border(const usage_retain_t *retain,
                                usage_retain_e kind, apr_int64_t now)
{
    apr_int64_t count = retain->of[kind];
    apr_int64_t last = now - WEST;
    bool is_months = kind == USAGE_RETAIN_MONTH || kind == USAGE_RETAIN_EVENTS;
    return is_months ? usage_calendar_month_add(last, -(int)count)
                     : usage_calendar_day(last - count * DAY);
}

apr_int64_t usage_retain_first(apr_int64_t border, usage_grain_e grain)
{
    return grain == USAGE_GRAIN_BASE ? border - EAST : border;
}

apr_int64_t usage_retain_open(apr_int64_t now, apr_int64_t window)
{
    return usage_calendar_day(now - WEST - window);
}

/* Events. */

static apr_status_t keep_event(void *baton, const usage_row_t *row)
{
    apr_array_header_t *rows = baton;
    usage_row_t *kept = apr_array_push(rows);
    *kept = *row;
    kept->site = apr_pstrdup(rows->pool, row->site);
    kept->category = apr_pstrdup(rows->pool, row->category);
    kept->name = apr_pstrdup(rows->pool, row->name);
    return APR_SUCCESS;
}

/* Rows come by start, site and category: one total for each. */
static apr_array_header_t *totals_of(const apr_array_header_t *rows)
{
    apr_array_header_t *totals =
        apr_array_make(rows->pool, rows->nelts, sizeof(usage_row_t));
    usage_row_t *last = NULL;
    for (int i = 0; i < rows->nelts; i++) {
        const usage_row_t *row = &APR_ARRAY_IDX(rows, i, usage_row_t);
        if (last != NULL && last->start == row->start
            && strcmp(last->site, row->site) == 0
            && strcmp(last->category, row->category) == 0) {
            usage_values_add(&last->values, &row->values);
        }
        else {
            last = apr_array_push(totals);
            *last = *row;
            last->name = "";
        }
    }
    return totals;
}

static apr_status_t fold_rows(usage_store_t *store,
                              const apr_array_header_t *rows)
{
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < rows->nelts; i++) {
        int taken = 0;
        rv = store->keeper->event_take(
            store, &APR_ARRAY_IDX(rows, i, usage_row_t), &taken);
        if (rv == APR_SUCCESS && taken != 1) {
            rv = APR_EAGAIN;
        }
    }
    if (rv == APR_SUCCESS) {
        const apr_array_header_t *totals = totals_of(rows);
        rv = store->add(store, USAGE_FACT_EVENT,
                        (const usage_row_t *)(const void *)totals->elts,
                        totals->nelts);
    }
    return rv;
}

apr_status_t usage_retain_fold(usage_work_t *work, bool *has_more)
{
    const usage_keep_t *keep = work->keep;
    usage_store_t *store = keep->store;
    apr_array_header_t *rows =
        apr_array_make(work->pool, 64, sizeof(usage_row_t));
    apr_int64_t border =
        usage_retain_border(keep->retain, USAGE_RETAIN_EVENTS, keep->now);
    usage_scope_t scope = { .grain = work->grain,
                            .to = usage_retain_first(border, work->grain),
                            .category = USAGE_OUTCOME_CATEGORY,
                            .limit = keep->rows };
    apr_status_t rv =
        store->keeper->events_before(store, &scope, keep_event, rows);
    *has_more = rows->nelts >= keep->rows;
    if (rv != APR_SUCCESS || rows->nelts == 0) {
        return rv;
    }
    rv = usage_piece_begin(work);
    if (rv == APR_SUCCESS) {
        rv = usage_piece_end(work, fold_rows(store, rows));
    }
    work->report->folded += rv == APR_SUCCESS ? rows->nelts : 0;
    return rv;
}

/* What is old. */

static usage_retain_e retain_of(const usage_work_t *work)
{
    switch (work->what) {
    case USAGE_DROP_SEEN:
        return USAGE_RETAIN_DAY;
    case USAGE_DROP_AVERAGE:
        return USAGE_RETAIN_MONTH;
    default:
        return (usage_retain_e)work->grain;
    }
}

/* Users' names last as long as their day is open; all else as it is told. */
static apr_int64_t border_of(const usage_work_t *work)
{
    const usage_keep_t *keep = work->keep;
    if (work->what == USAGE_DROP_USER) {
        return usage_retain_open(keep->now, keep->window);
    }
    return usage_retain_first(
        usage_retain_border(keep->retain, retain_of(work), keep->now),
        work->grain);
}

apr_status_t usage_retain_drop(usage_work_t *work, bool *has_more)
{
    const usage_keep_t *keep = work->keep;
    int dropped = 0;
    usage_scope_t scope = { .grain = work->grain,
                            .to = border_of(work),
                            .limit = keep->rows };
    apr_status_t rv = usage_piece_begin(work);
    if (rv == APR_SUCCESS) {
        rv = usage_piece_end(work,
                             keep->store->keeper->drop(keep->store, work->what,
                                                       &scope, &dropped));
    }
    *has_more = dropped >= keep->rows;
    work->report->dropped += rv == APR_SUCCESS ? dropped : 0;
    return rv;
}

/* Newest views. */

typedef struct crowded_t {
    const usage_keep_t *keep;
    apr_array_header_t *sites; /* of const char * */
    apr_int64_t rows; /* to delete of them */
} crowded_t;

static apr_status_t keep_site(void *baton, const usage_answer_t *row)
{
    crowded_t *crowded = baton;
    if (crowded->rows < crowded->keep->rows) {
        apr_array_header_t *sites = crowded->sites;
        APR_ARRAY_PUSH(sites, const char *) =
            apr_pstrdup(sites->pool, row->name);
        crowded->rows += row->values.of[0] - crowded->keep->recent;
    }
    return APR_SUCCESS;
}

static apr_status_t trim_sites(const crowded_t *crowded)
{
    usage_store_t *store = crowded->keep->store;
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < crowded->sites->nelts; i++) {
        rv = store->recent_trim(store,
                                APR_ARRAY_IDX(crowded->sites, i, const char *),
                                crowded->keep->recent, crowded->keep->now);
    }
    return rv;
}

apr_status_t usage_retain_recent(usage_work_t *work, bool *has_more)
{
    const usage_keep_t *keep = work->keep;
    crowded_t crowded = { .keep = keep,
                          .sites = apr_array_make(work->pool, 16,
                                                  sizeof(const char *)) };
    apr_status_t rv = keep->store->keeper->recent_over(
        keep->store, keep->recent, keep->rows, keep_site, &crowded);
    *has_more = crowded.sites->nelts > 0;
    if (rv != APR_SUCCESS || !*has_more) {
        return rv;
    }
    rv = usage_piece_begin(work);
    if (rv == APR_SUCCESS) {
        rv = usage_piece_end(work, trim_sites(&crowded));
    }
    work->report->trimmed += rv == APR_SUCCESS ? crowded.sites->nelts : 0;
    return rv;
}
