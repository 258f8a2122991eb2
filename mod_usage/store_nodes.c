/* SPDX-License-Identifier: Apache-2.0 */
/* The store's functions for the servers that write, and how far each has. */
#include "dbd.h"

apr_status_t usage_dbd_batch_get(usage_store_t *store, const char *node,
                                 apr_int64_t *number)
{
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_NODE] = node } };
    *number = 0;
    return usage_dbd_select(usage_dbd_of(store), "batch_get", &binding,
                            usage_dbd_take_number, number);
}

apr_status_t usage_dbd_batch_move(usage_store_t *store, const char *node,
                                  apr_int64_t number, apr_int64_t now)
{
    int affected = 0;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_NODE] = node,
                [USAGE_PARAMETER_NUMBER] = &number,
                [USAGE_PARAMETER_NOW] = &now,
                [USAGE_PARAMETER_VERSION] = usage_dbd_of(store)->version },
    };
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_status_t rv = usage_dbd_run(dbd, "node_add", &binding, &affected);
    if (rv == APR_SUCCESS) {
        rv = usage_dbd_run(dbd, "batch_move", &binding, &affected);
    }
    if (rv == APR_SUCCESS && affected == 0) {
        dbd->trouble = USAGE_TROUBLE_BUSY;
        dbd->error = "another server writes under the same node name: "
                     "give each its own with UsageNode";
        return APR_EEXIST;
    }
    return rv;
}

apr_status_t usage_dbd_node_touch(usage_store_t *store, const char *node,
                                  apr_int64_t now)
{
    int affected;
    usage_dbd_t *dbd = usage_dbd_of(store);
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_NODE] = node,
                [USAGE_PARAMETER_NOW] = &now,
                [USAGE_PARAMETER_VERSION] = dbd->version },
    };
    return usage_dbd_run(dbd, "node_touch", &binding, &affected);
}

apr_status_t usage_dbd_nodes_ask(usage_store_t *store, apr_int64_t limit,
                                 usage_node_fn *fn, void *baton)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_LIMIT] = &limit } };
    apr_dbd_results_t *results;
    apr_dbd_row_t *row = NULL;
    apr_status_t rv = usage_dbd_open(dbd, "nodes", &binding, &results);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    while (usage_dbd_next(dbd, results, &row)) {
        usage_node_row_t node = {
            .node = usage_dbd_text(dbd, row, 0),
            .last_flush = usage_dbd_number(dbd, row, 1),
            .batch = usage_dbd_number(dbd, row, 2),
            .version = usage_dbd_text(dbd, row, 3),
        };
        if (rv == APR_SUCCESS) {
            rv = fn(baton, &node);
        }
    }
    return rv;
}
