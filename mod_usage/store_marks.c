/* SPDX-License-Identifier: Apache-2.0 */
/* The store's functions for marks: the flusher writes, the dashboard asks. */
#include <apr_strings.h>

#include "dbd.h"

static usage_binding_t bind_mark(const usage_mark_row_t *row)
{
    return (usage_binding_t){ .of = { [USAGE_PARAMETER_TIME] = &row->time,
                                      [USAGE_PARAMETER_SITE] = row->site,
                                      [USAGE_PARAMETER_NAME] = row->name,
                                      [USAGE_PARAMETER_CATEGORY] =
                                          row->category } };
}

apr_status_t usage_dbd_mark_put(usage_store_t *store,
                                const usage_mark_row_t *row)
{
    int affected;
    usage_binding_t binding = bind_mark(row);
    return usage_dbd_run(usage_dbd_of(store), "mark_put", &binding, &affected);
}

apr_status_t usage_dbd_mark_lock(usage_store_t *store)
{
    int affected;
    usage_binding_t nothing = { { NULL } };
    apr_status_t rv =
        usage_dbd_run(usage_dbd_of(store), "mark_lock", &nothing, &affected);
    return rv == APR_SUCCESS ? usage_dbd_run(usage_dbd_of(store), "mark_lock",
                                             &nothing, &affected)
                             : rv;
}

apr_status_t usage_dbd_mark_put_once(usage_store_t *store,
                                     const usage_mark_row_t *row)
{
    int affected;
    usage_binding_t binding = bind_mark(row);
    return usage_dbd_run(usage_dbd_of(store), "mark_put_once", &binding,
                         &affected);
}

apr_status_t usage_dbd_marks_ask(usage_store_t *store,
                                 const usage_scope_t *scope, usage_mark_fn *fn,
                                 void *baton)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_FROM] = &scope->from,
                [USAGE_PARAMETER_TO] = &scope->to,
                [USAGE_PARAMETER_SITE] = scope->site,
                [USAGE_PARAMETER_LIMIT] = &scope->limit },
    };
    apr_dbd_results_t *results;
    apr_dbd_row_t *row = NULL;
    apr_status_t rv = usage_dbd_open(dbd, "marks", &binding, &results);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    while (usage_dbd_next(dbd, results, &row)) {
        usage_mark_row_t mark = { .time = usage_dbd_number(dbd, row, 0),
                                  .site = usage_dbd_text(dbd, row, 1),
                                  .name = usage_dbd_text(dbd, row, 2),
                                  .category = usage_dbd_text(dbd, row, 3) };
        if (rv == APR_SUCCESS) {
            rv = fn(baton, &mark);
        }
    }
    return rv;
}

typedef struct taking_t {
    const char **text;
    apr_pool_t *pool;
} taking_t;

static apr_status_t take_text(void *baton, const usage_answer_t *row)
{
    const taking_t *taking = baton;
    *taking->text = apr_pstrdup(taking->pool, row->name);
    return APR_SUCCESS;
}

apr_status_t usage_dbd_node_version(usage_store_t *store, const char *node,
                                    const char **version, apr_pool_t *pool)
{
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_NODE] = node } };
    taking_t taking = { .text = version, .pool = pool };
    *version = "";
    return usage_dbd_select(usage_dbd_of(store), "node_version", &binding,
                            take_text, &taking);
}
