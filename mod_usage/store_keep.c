/* SPDX-License-Identifier: Apache-2.0 */
/* The store's functions for keeping (engine/keeper.h). Runs in the flusher. */
#include <stdlib.h>

#include <apr_strings.h>

#include "dbd.h"

#define DROP(id, name) [USAGE_DROP_##id] = #name,
static const char *const drop_statements[USAGE_DROPS] = { USAGE_DROP_LIST(
    DROP) };

/* The lease. */

typedef struct lease_reading_t {
    usage_lease_t *lease;
    apr_pool_t *pool;
} lease_reading_t;

static apr_status_t take_lease(void *baton, const usage_answer_t *row)
{
    lease_reading_t *reading = baton;
    *reading->lease =
        (usage_lease_t){ .node = apr_pstrdup(reading->pool, row->name),
                         .expires = row->start,
                         .done = row->values.of[0],
                         .doubted = row->values.of[1] };
    return APR_SUCCESS;
}

static apr_status_t lease_get(usage_store_t *store, usage_lease_t *lease,
                              apr_pool_t *pool)
{
    lease_reading_t reading = { lease, pool };
    usage_binding_t nothing = { { NULL } };
    *lease = (usage_lease_t){ .node = "" };
    return usage_dbd_select(usage_dbd_of(store), "lease_get", &nothing,
                            take_lease, &reading);
}

static apr_status_t lease_take(usage_store_t *store, const usage_claim_t *claim)
{
    int affected;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_NODE] = claim->node,
                [USAGE_PARAMETER_NOW] = &claim->now,
                [USAGE_PARAMETER_EXPIRES] = &claim->expires,
                [USAGE_PARAMETER_LATEST] = &claim->latest },
    };
    apr_status_t rv =
        usage_dbd_run(usage_dbd_of(store), "lease_take", &binding, &affected);
    if (rv == APR_SUCCESS && affected == 0) {
        rv = usage_dbd_run(usage_dbd_of(store), "lease_make", &binding,
                           &affected);
    }
    return rv;
}

static apr_status_t lease_note(usage_store_t *store, const usage_lease_t *lease)
{
    int affected;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_NODE] = lease->node,
                [USAGE_PARAMETER_DONE] = &lease->done,
                [USAGE_PARAMETER_DOUBTED] = &lease->doubted },
    };
    return usage_dbd_run(usage_dbd_of(store), "lease_note", &binding,
                         &affected);
}

/* Rows by their age. The caller's scope holds what is bound, and grain. */
static usage_binding_t bind_scope(const usage_scope_t *scope,
                                  const apr_int64_t *grain)
{
    return (usage_binding_t){
        .of = { [USAGE_PARAMETER_GRAIN] = grain,
                [USAGE_PARAMETER_FROM] = &scope->from,
                [USAGE_PARAMETER_TO] = &scope->to,
                [USAGE_PARAMETER_LIMIT] = &scope->limit,
                [USAGE_PARAMETER_CATEGORY] = scope->category },
    };
}

static apr_status_t drop(usage_store_t *store, usage_drop_e what,
                         const usage_scope_t *scope, int *dropped)
{
    apr_int64_t grain = scope->grain;
    apr_int64_t part = (apr_int64_t)what - USAGE_DROP_ALL_PAGE;
    usage_binding_t binding = bind_scope(scope, &grain);
    binding.of[USAGE_PARAMETER_PART] = &part; /* to what has parts */
    return usage_dbd_run(usage_dbd_of(store), drop_statements[what], &binding,
                         dropped);
}

/* Rows of more columns than an answer has. */

typedef apr_status_t column_fn(usage_dbd_t *dbd, apr_dbd_row_t *row,
                               void *baton);

static apr_status_t each(usage_store_t *store, apr_dbd_results_t *results,
                         column_fn *fn, void *baton)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_dbd_row_t *row = NULL;
    apr_status_t rv = APR_SUCCESS;
    while (usage_dbd_next(dbd, results, &row)) {
        if (rv == APR_SUCCESS) {
            rv = fn(dbd, row, baton);
        }
    }
    return rv;
}

/* Events. */

typedef struct event_reading_t {
    usage_grain_e grain;
    usage_row_fn *fn;
    void *baton;
} event_reading_t;

static apr_status_t take_event(usage_dbd_t *dbd, apr_dbd_row_t *row,
                               void *baton)
{
    const event_reading_t *reading = baton;
    usage_row_t event = {
        .grain = reading->grain,
        .start = usage_dbd_number(dbd, row, 1),
        .site = usage_dbd_text(dbd, row, 0),
        .category = usage_dbd_text(dbd, row, 2),
        .name = usage_dbd_text(dbd, row, 3),
        .device = "",
        .browser = "",
        .system = "",
        .values = { .of = { [USAGE_VIEWS] = usage_dbd_number(dbd, row, 4) } }
    };
    return reading->fn(reading->baton, &event);
}

static apr_status_t events_before(usage_store_t *store,
                                  const usage_scope_t *scope, usage_row_fn *fn,
                                  void *baton)
{
    event_reading_t reading = { scope->grain, fn, baton };
    apr_int64_t grain = scope->grain;
    usage_binding_t binding = bind_scope(scope, &grain);
    apr_dbd_results_t *results;
    apr_status_t rv = usage_dbd_open(usage_dbd_of(store), "events_before",
                                     &binding, &results);
    return rv == APR_SUCCESS ? each(store, results, take_event, &reading) : rv;
}

static apr_status_t event_take(usage_store_t *store, const usage_row_t *row,
                               int *taken)
{
    apr_int64_t grain = row->grain;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_GRAIN] = &grain,
                [USAGE_PARAMETER_START] = &row->start,
                [USAGE_PARAMETER_SITE] = row->site,
                [USAGE_PARAMETER_CATEGORY] = row->category,
                [USAGE_PARAMETER_NAME] = row->name,
                [USAGE_PARAMETER_COUNTERS + USAGE_VIEWS] =
                    &row->values.of[USAGE_VIEWS] },
    };
    return usage_dbd_run(usage_dbd_of(store), "event_take", &binding, taken);
}

/* Visitors by the day. */

static apr_status_t seen_open(usage_store_t *store, const usage_scope_t *scope,
                              usage_seen_fn *fn, void *baton)
{
    apr_int64_t grain = scope->grain;
    usage_binding_t binding = bind_scope(scope, &grain);
    apr_dbd_results_t *results;
    apr_status_t rv =
        usage_dbd_open(usage_dbd_of(store), "seen_open", &binding, &results);
    return rv == APR_SUCCESS ? usage_dbd_each_seen(store, results, fn, baton)
                             : rv;
}

static apr_status_t seen_unclosed(usage_store_t *store,
                                  const usage_scope_t *scope, usage_seen_fn *fn,
                                  void *baton)
{
    apr_int64_t grain = scope->grain;
    usage_binding_t binding = bind_scope(scope, &grain);
    apr_dbd_results_t *results;
    apr_status_t rv = usage_dbd_open(usage_dbd_of(store), "seen_unclosed",
                                     &binding, &results);
    return rv == APR_SUCCESS ? usage_dbd_each_seen(store, results, fn, baton)
                             : rv;
}

static apr_status_t seen_nodes(usage_store_t *store,
                               const usage_seen_row_t *day, usage_seen_fn *fn,
                               void *baton)
{
    usage_binding_t binding = usage_dbd_bind_seen(day);
    apr_dbd_results_t *results;
    apr_status_t rv =
        usage_dbd_open(usage_dbd_of(store), "seen_nodes", &binding, &results);
    return rv == APR_SUCCESS ? usage_dbd_each_seen(store, results, fn, baton)
                             : rv;
}

static apr_status_t seen_observed(usage_store_t *store,
                                  const usage_seen_row_t *day,
                                  apr_int64_t *observed)
{
    usage_binding_t binding = usage_dbd_bind_seen(day);
    *observed = 0;
    return usage_dbd_select(usage_dbd_of(store), "seen_observed", &binding,
                            usage_dbd_take_number, observed);
}

static apr_status_t seen_take(usage_store_t *store, const usage_seen_row_t *row,
                              int *taken)
{
    usage_binding_t binding = usage_dbd_bind_seen(row);
    return usage_dbd_run(usage_dbd_of(store), "seen_take", &binding, taken);
}

static apr_status_t users_take(usage_store_t *store,
                               const usage_seen_row_t *day, int *taken)
{
    usage_binding_t binding = usage_dbd_bind_seen(day);
    return usage_dbd_run(usage_dbd_of(store), "users_take", &binding, taken);
}

static apr_status_t seen_make(usage_store_t *store, const usage_seen_row_t *day,
                              int *made)
{
    usage_binding_t binding = usage_dbd_bind_seen(day);
    return usage_dbd_run(usage_dbd_of(store), "seen_make", &binding, made);
}

static apr_status_t seen_add(usage_store_t *store, const usage_seen_row_t *day)
{
    int affected;
    usage_binding_t binding = usage_dbd_bind_seen(day);
    return usage_dbd_run(usage_dbd_of(store), "seen_add", &binding, &affected);
}

static apr_status_t average_add(usage_store_t *store, apr_int64_t month,
                                const usage_seen_row_t *day, apr_int64_t days)
{
    int affected;
    usage_binding_t binding = usage_dbd_bind_seen(day);
    binding.of[USAGE_PARAMETER_START] = &month;
    binding.of[USAGE_PARAMETER_DAYS] = &days;
    return usage_dbd_run(usage_dbd_of(store), "average_add", &binding,
                         &affected);
}

/* Newest views, and the file. */

static apr_status_t recent_over(usage_store_t *store, apr_int64_t keep,
                                apr_int64_t limit, usage_answer_fn *fn,
                                void *baton)
{
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_KEEP] = &keep,
                                        [USAGE_PARAMETER_LIMIT] = &limit } };
    return usage_dbd_select(usage_dbd_of(store), "recent_over", &binding, fn,
                            baton);
}

static apr_status_t take_room(void *baton, const usage_answer_t *row)
{
    *(usage_room_t *)baton =
        (usage_room_t){ .free = apr_atoi64(row->name),
                        .pages = row->start,
                        .is_shrinkable = row->values.of[0] };
    return APR_SUCCESS;
}

static apr_status_t room(usage_store_t *store, usage_room_t *found)
{
    usage_binding_t nothing = { { NULL } };
    *found = (usage_room_t){ 0 };
    return usage_dbd_select(usage_dbd_of(store), "room", &nothing, take_room,
                            found);
}

static apr_status_t ignore_row(void *baton, const usage_answer_t *row)
{
    (void)baton;
    (void)row;
    return APR_SUCCESS;
}

/* SQLite prepares a PRAGMA for one run only. */
static apr_status_t shrink(usage_store_t *store)
{
    usage_binding_t nothing = { { NULL } };
    usage_statement_drop(usage_dbd_of(store)->connection, "shrink");
    return usage_dbd_select(usage_dbd_of(store), "shrink", &nothing, ignore_row,
                            NULL);
}

const usage_keeper_t usage_dbd_keeper = {
    .lease_get = lease_get,
    .lease_take = lease_take,
    .lease_note = lease_note,
    .drop = drop,
    .events_before = events_before,
    .event_take = event_take,
    .seen_open = seen_open,
    .seen_nodes = seen_nodes,
    .seen_take = seen_take,
    .users_take = users_take,
    .seen_unclosed = seen_unclosed,
    .seen_observed = seen_observed,
    .seen_make = seen_make,
    .seen_add = seen_add,
    .average_add = average_add,
    .recent_over = recent_over,
    .room = room,
    .shrink = shrink,
};
