/* SPDX-License-Identifier: Apache-2.0 */
/* Merges sketches into numbers. Runs in the flusher. */
#include "close.h"

#include <string.h>

#include <apr_strings.h>

#include "retention.h"
#include "seen.h"
#include "seen_merge.h"

#define DAY 86400

/* A piece has so many days of sites at most, as a share of its rows: a row of
 * a sketch weighs as much as several others. */
#define SHARE 16

/* Bytes of sketches from which on a piece takes no further day. */
#define HEAVY (1024 * 1024)

/* Days before the last run's that are searched for such without visitors: a
 * node that was cut off from the database may bring some. */
#define LOOK_BACK 7

/* One day of a site, with what nodes have of it. */
typedef struct day_t {
    usage_seen_row_t total;
    apr_array_header_t *nodes; /* of usage_seen_row_t */
} day_t;

static apr_status_t keep_row(void *baton, const usage_seen_row_t *row)
{
    apr_array_header_t *rows = baton;
    usage_seen_row_t *kept = apr_array_push(rows);
    *kept = *row;
    kept->site = apr_pstrdup(rows->pool, row->site);
    kept->category = apr_pstrdup(rows->pool, row->category);
    kept->node = apr_pstrdup(rows->pool, row->node);
    kept->sketch = apr_pstrdup(rows->pool, row->sketch);
    return APR_SUCCESS;
}

static apr_array_header_t *rows_make(apr_pool_t *pool)
{
    return apr_array_make(pool, 16, sizeof(usage_seen_row_t));
}

/* The visitors of all nodes together. */
static apr_int64_t merge(const apr_array_header_t *nodes, apr_pool_t *pool)
{
    usage_seen_merge_t all = usage_seen_merge_make(pool);
    for (int i = 0; i < nodes->nelts; i++) {
        usage_seen_merge_row(&all, &APR_ARRAY_IDX(nodes, i, usage_seen_row_t));
    }
    return usage_seen_merge_count(&all);
}

static apr_size_t weight_of(const apr_array_header_t *nodes)
{
    apr_size_t bytes = 0;
    for (int i = 0; i < nodes->nelts; i++) {
        bytes += strlen(APR_ARRAY_IDX(nodes, i, usage_seen_row_t).sketch);
    }
    return bytes;
}

/* Read the nodes' rows of days, until they weigh too much. */
static apr_status_t read_days(usage_work_t *work,
                              const apr_array_header_t *open,
                              apr_array_header_t *days)
{
    usage_store_t *store = work->keep->store;
    apr_status_t rv = APR_SUCCESS;
    apr_size_t bytes = 0;
    for (int i = 0; rv == APR_SUCCESS && i < open->nelts && bytes < HEAVY;
         i++) {
        day_t *day = apr_array_push(days);
        day->total = APR_ARRAY_IDX(open, i, usage_seen_row_t);
        day->nodes = rows_make(work->pool);
        rv =
            store->keeper->seen_nodes(store, &day->total, keep_row, day->nodes);
        day->total.visitors = merge(day->nodes, work->pool);
        bytes += weight_of(day->nodes);
    }
    return rv;
}

/* Days before this one are closed, and their rows may be deleted: that one is
 * missing does not say that its day is not yet counted. */
static apr_int64_t first_day(const usage_work_t *work)
{
    const usage_keep_t *keep = work->keep;
    apr_int64_t closed = usage_retain_open(work->lease.done, keep->window);
    apr_int64_t kept =
        usage_retain_border(keep->retain, USAGE_RETAIN_DAY, keep->now);
    return closed < kept ? closed : kept;
}

/* Add to a closed day, and to its month. */
static apr_status_t add_total(const usage_work_t *work,
                              const usage_seen_row_t *total)
{
    usage_store_t *store = work->keep->store;
    int made = 0;
    bool is_new_day = strcmp(total->category, USAGE_SEEN_VISITOR) == 0
                      && total->day >= first_day(work);
    apr_status_t rv = store->keeper->seen_make(store, total, &made);
    if (rv == APR_SUCCESS && total->visitors != 0) {
        rv = store->keeper->seen_add(store, total);
    }
    if (rv == APR_SUCCESS) {
        rv = store->keeper->average_add(store, usage_calendar_month(total->day),
                                        total, is_new_day ? made : 0);
    }
    return rv;
}

/* Where names are stored, their number is exact: sketches of servers that do
 * not share their salts add up who met several. */
static apr_status_t count_users(const usage_work_t *work,
                                usage_seen_row_t total)
{
    usage_store_t *store = work->keep->store;
    int users = 0;
    apr_status_t rv = store->keeper->users_take(store, &total, &users);
    total.visitors = users > 0 ? users : total.visitors;
    return rv == APR_SUCCESS ? add_total(work, &total) : rv;
}

/* A day of which nothing was left to read was closed by another node, and even
 * its number may be gone. */
static apr_status_t close_day(const usage_work_t *work, const day_t *day)
{
    usage_store_t *store = work->keep->store;
    apr_status_t rv = day->nodes->nelts > 0 ? APR_SUCCESS : APR_EAGAIN;
    for (int i = 0; rv == APR_SUCCESS && i < day->nodes->nelts; i++) {
        int taken = 0;
        rv = store->keeper->seen_take(
            store, &APR_ARRAY_IDX(day->nodes, i, usage_seen_row_t), &taken);
        if (rv == APR_SUCCESS && taken != 1) {
            rv = APR_EAGAIN;
        }
    }
    return rv == APR_SUCCESS ? count_users(work, day->total) : rv;
}

static apr_status_t write_days(usage_work_t *work,
                               const apr_array_header_t *days)
{
    apr_status_t rv = usage_piece_begin(work);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (int i = 0; rv == APR_SUCCESS && i < days->nelts; i++) {
        rv = close_day(work, &APR_ARRAY_IDX(days, i, day_t));
    }
    return usage_piece_end(work, rv);
}

static int count_nodes(const apr_array_header_t *days)
{
    int count = 0;
    for (int i = 0; i < days->nelts; i++) {
        count += APR_ARRAY_IDX(days, i, day_t).nodes->nelts;
    }
    return count;
}

apr_status_t usage_close_days(usage_work_t *work, bool *has_more)
{
    const usage_keep_t *keep = work->keep;
    apr_array_header_t *open = rows_make(work->pool);
    apr_array_header_t *days = apr_array_make(work->pool, 16, sizeof(day_t));
    usage_scope_t scope = { .to = usage_retain_open(keep->now, keep->window),
                            .limit = 1 + keep->rows / SHARE };
    apr_status_t rv =
        keep->store->keeper->seen_open(keep->store, &scope, keep_row, open);
    *has_more = open->nelts > 0;
    if (rv != APR_SUCCESS || !*has_more) {
        return rv;
    }
    rv = read_days(work, open, days);
    if (rv == APR_SUCCESS) {
        rv = write_days(work, days);
    }
    work->report->closed += rv == APR_SUCCESS ? count_nodes(days) : 0;
    return rv;
}

/* A day whose outcomes are gone by now was closed by another node, and even its
 * row may be gone: outcomes are deleted before it. */
static apr_status_t close_observed(const usage_work_t *work,
                                   const usage_seen_row_t *day)
{
    usage_store_t *store = work->keep->store;
    usage_seen_row_t total = { .day = day->day,
                               .site = day->site,
                               .category = USAGE_SEEN_VISITOR,
                               .node = "" };
    apr_int64_t is_observed = 0;
    apr_status_t rv = store->keeper->seen_observed(store, &total, &is_observed);
    return rv == APR_SUCCESS && is_observed ? add_total(work, &total) : rv;
}

static apr_status_t write_observed(usage_work_t *work,
                                   const apr_array_header_t *rows)
{
    apr_status_t rv = usage_piece_begin(work);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (int i = 0; rv == APR_SUCCESS && i < rows->nelts; i++) {
        rv = close_observed(work, &APR_ARRAY_IDX(rows, i, usage_seen_row_t));
    }
    return usage_piece_end(work, rv);
}

apr_status_t usage_close_observed(usage_work_t *work, bool *has_more)
{
    const usage_keep_t *keep = work->keep;
    apr_array_header_t *rows = rows_make(work->pool);
    apr_int64_t looked = work->lease.done - LOOK_BACK * DAY;
    apr_int64_t first = first_day(work);
    usage_scope_t scope = { .grain = USAGE_GRAIN_DAY,
                            .from = looked > first ? looked : first,
                            .to = usage_retain_open(keep->now, keep->window),
                            .category = USAGE_SEEN_VISITOR,
                            .limit = keep->rows };
    apr_status_t rv =
        keep->store->keeper->seen_unclosed(keep->store, &scope, keep_row, rows);
    *has_more = rows->nelts >= keep->rows;
    if (rv != APR_SUCCESS || rows->nelts == 0) {
        return rv;
    }
    rv = write_observed(work, rows);
    work->report->observed += rv == APR_SUCCESS ? rows->nelts : 0;
    return rv;
}
