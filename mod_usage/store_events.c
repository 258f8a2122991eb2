/* SPDX-License-Identifier: Apache-2.0 */
/* The store's function for events. Runs in a child's thread, for the
 * dashboard. */
#include "dbd.h"

/* The columns of a row of "events", in their order. */
static usage_event_row_t row_of(usage_dbd_t *dbd, apr_dbd_row_t *row)
{
    return (usage_event_row_t){ .category = usage_dbd_text(dbd, row, 0),
                                .name = usage_dbd_text(dbd, row, 1),
                                .count = usage_dbd_number(dbd, row, 2),
                                .names = usage_dbd_number(dbd, row, 3) };
}

apr_status_t usage_dbd_events_ask(usage_store_t *store,
                                  const usage_scope_t *scope,
                                  usage_event_fn *fn, void *baton)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_int64_t grain = scope->grain;
    apr_dbd_results_t *results;
    apr_dbd_row_t *row = NULL;
    usage_binding_t binding = usage_dbd_scope(scope, &grain);
    apr_status_t rv = usage_dbd_open(dbd, "events", &binding, &results);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    while (usage_dbd_next(dbd, results, &row)) {
        usage_event_row_t event = row_of(dbd, row);
        if (rv == APR_SUCCESS) {
            rv = fn(baton, &event);
        }
    }
    return rv;
}
