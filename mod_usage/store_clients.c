/* SPDX-License-Identifier: Apache-2.0 */
/* The store's function for clients. Runs in a child's thread, for the
 * dashboard. */
#include "dbd.h"

/* The columns of a row of "clients", in their order. */
static usage_client_row_t row_of(usage_dbd_t *dbd, apr_dbd_row_t *row)
{
    return (usage_client_row_t){ .device = usage_dbd_text(dbd, row, 0),
                                 .browser = usage_dbd_text(dbd, row, 1),
                                 .system = usage_dbd_text(dbd, row, 2),
                                 .views = usage_dbd_number(dbd, row, 3) };
}

/* Of a page and all sites at once there is something of months alone. */
static apr_status_t open_clients(usage_dbd_t *dbd, const usage_scope_t *scope,
                                 const usage_binding_t *binding,
                                 apr_dbd_results_t **results)
{
    bool has_page = scope->name != NULL && *scope->name != '\0';
    bool is_of_all = usage_dbd_is_of_all(scope);
    if (has_page && is_of_all && scope->grain == USAGE_GRAIN_MONTH) {
        return usage_dbd_open(dbd, "all_page_clients", binding, results);
    }
    return has_page    ? usage_dbd_open(dbd, "page_clients", binding, results)
           : is_of_all ? usage_dbd_open(dbd, "all_clients", binding, results)
                       : usage_dbd_open(dbd, "clients", binding, results);
}

apr_status_t usage_dbd_clients_ask(usage_store_t *store,
                                   const usage_scope_t *scope,
                                   usage_client_fn *fn, void *baton)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_int64_t grain = scope->grain;
    apr_dbd_results_t *results;
    apr_dbd_row_t *row = NULL;
    usage_binding_t binding = usage_dbd_scope(scope, &grain);
    apr_status_t rv = open_clients(dbd, scope, &binding, &results);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    while (usage_dbd_next(dbd, results, &row)) {
        usage_client_row_t client = row_of(dbd, row);
        if (rv == APR_SUCCESS) {
            rv = fn(baton, &client);
        }
    }
    return rv;
}
