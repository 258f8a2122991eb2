/* SPDX-License-Identifier: Apache-2.0 */
/* Visitors by the day, and the newest views. */
#include <apr_strings.h>

#include "dbd.h"

typedef struct seen_reading_t {
    usage_seen_row_t *row;
    apr_pool_t *pool;
} seen_reading_t;

static apr_status_t take_seen(void *baton, const usage_answer_t *answer)
{
    seen_reading_t *reading = baton;
    reading->row->sketch = apr_pstrdup(reading->pool, answer->name);
    reading->row->visitors = answer->values.of[0];
    return APR_SUCCESS;
}

usage_binding_t usage_dbd_bind_seen(const usage_seen_row_t *row)
{
    return (usage_binding_t){
        .of = { [USAGE_PARAMETER_DAY] = &row->day,
                [USAGE_PARAMETER_SITE] = row->site,
                [USAGE_PARAMETER_CATEGORY] = row->category,
                [USAGE_PARAMETER_NODE] = row->node,
                [USAGE_PARAMETER_SKETCH] = row->sketch,
                [USAGE_PARAMETER_COUNTERS + USAGE_VISITORS] = &row->visitors },
    };
}

apr_status_t usage_dbd_seen_get(usage_store_t *store, usage_seen_row_t *row,
                                apr_pool_t *pool)
{
    seen_reading_t reading = { .row = row, .pool = pool };
    row->sketch = "";
    row->visitors = 0;
    usage_binding_t binding = usage_dbd_bind_seen(row);
    return usage_dbd_select(usage_dbd_of(store), "seen_get", &binding,
                            take_seen, &reading);
}

apr_status_t usage_dbd_seen_put(usage_store_t *store,
                                const usage_seen_row_t *row)
{
    int affected;
    usage_binding_t binding = usage_dbd_bind_seen(row);
    return usage_dbd_run(usage_dbd_of(store), "seen_put", &binding, &affected);
}

apr_status_t usage_dbd_each_seen(usage_store_t *store,
                                 apr_dbd_results_t *results, usage_seen_fn *fn,
                                 void *baton)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_dbd_row_t *row = NULL;
    apr_status_t rv = APR_SUCCESS;
    while (usage_dbd_next(dbd, results, &row)) {
        usage_seen_row_t seen = { .site = usage_dbd_text(dbd, row, 0),
                                  .day = usage_dbd_number(dbd, row, 1),
                                  .category = usage_dbd_text(dbd, row, 2),
                                  .node = usage_dbd_text(dbd, row, 3),
                                  .visitors = usage_dbd_number(dbd, row, 4),
                                  .sketch = usage_dbd_text(dbd, row, 5) };
        if (rv == APR_SUCCESS) {
            rv = fn(baton, &seen);
        }
    }
    return rv;
}

apr_status_t usage_dbd_seen_ask(usage_store_t *store,
                                const usage_scope_t *scope, usage_seen_fn *fn,
                                void *baton)
{
    apr_dbd_results_t *results;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_FROM] = &scope->from,
                [USAGE_PARAMETER_TO] = &scope->to,
                [USAGE_PARAMETER_SITE] = scope->site,
                [USAGE_PARAMETER_CATEGORY] = scope->category },
    };
    apr_status_t rv =
        usage_dbd_open(usage_dbd_of(store), "seen_days", &binding, &results);
    return rv == APR_SUCCESS ? usage_dbd_each_seen(store, results, fn, baton)
                             : rv;
}

apr_status_t usage_dbd_recent_put(usage_store_t *store,
                                  const usage_recent_row_t *row)
{
    int affected;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_SITE] = row->site,
                [USAGE_PARAMETER_TIME] = &row->time,
                [USAGE_PARAMETER_SEQUENCE] = &row->sequence,
                [USAGE_PARAMETER_NAME] = row->path,
                [USAGE_PARAMETER_DEVICE] = row->device,
                [USAGE_PARAMETER_BROWSER] = row->browser,
                [USAGE_PARAMETER_SYSTEM] = row->system,
                [USAGE_PARAMETER_NEW] = &row->is_new },
    };
    return usage_dbd_run(usage_dbd_of(store), "recent_put", &binding,
                         &affected);
}

static apr_status_t take_last(void *baton, const usage_answer_t *answer)
{
    usage_recent_row_t *last = baton;
    last->time = answer->start;
    last->sequence = answer->values.of[0];
    return APR_SUCCESS;
}

apr_status_t usage_dbd_recent_trim(usage_store_t *store, const char *site,
                                   apr_int64_t keep, apr_int64_t now)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    usage_recent_row_t last = { .time = -1 };
    int affected;
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_SITE] = site,
                                        [USAGE_PARAMETER_KEEP] = &keep,
                                        [USAGE_PARAMETER_NOW] = &now,
                                        [USAGE_PARAMETER_TIME] = &last.time,
                                        [USAGE_PARAMETER_SEQUENCE] =
                                            &last.sequence } };
    apr_status_t rv =
        usage_dbd_select(dbd, "recent_last", &binding, take_last, &last);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return usage_dbd_run(dbd, "recent_trim", &binding, &affected);
}

/* The columns of a row of "recent", in their order. */
static usage_recent_row_t recent_of(usage_dbd_t *dbd, apr_dbd_row_t *row)
{
    const apr_dbd_driver_t *driver = dbd->connection->driver;
    return (usage_recent_row_t){
        .site = apr_dbd_get_entry(driver, row, 0),
        .time = usage_dbd_number(dbd, row, 1),
        .sequence = usage_dbd_number(dbd, row, 2),
        .path = apr_dbd_get_entry(driver, row, 3),
        .device = apr_dbd_get_entry(driver, row, 4),
        .browser = apr_dbd_get_entry(driver, row, 5),
        .system = apr_dbd_get_entry(driver, row, 6),
        .is_new = usage_dbd_number(dbd, row, 7),
    };
}

apr_status_t usage_dbd_recent_ask(usage_store_t *store, const char *site,
                                  apr_int64_t limit, usage_recent_fn *fn,
                                  void *baton)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_dbd_results_t *results;
    apr_dbd_row_t *row = NULL;
    apr_status_t rv;
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_SITE] = site,
                                        [USAGE_PARAMETER_LIMIT] = &limit } };
    rv = usage_dbd_open(dbd, "recent", &binding, &results);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    while (usage_dbd_next(dbd, results, &row)) {
        usage_recent_row_t recent = recent_of(dbd, row);
        if (rv == APR_SUCCESS) {
            rv = fn(baton, &recent);
        }
    }
    return rv;
}
