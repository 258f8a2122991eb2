/* SPDX-License-Identifier: Apache-2.0 */
/* The store's functions for salts that servers share; the flusher's. */
#include "dbd.h"

typedef struct asking_t {
    usage_salt_fn *fn;
    void *baton;
} asking_t;

apr_status_t usage_dbd_salt_trim(usage_store_t *store, apr_int64_t now,
                                 apr_int64_t last)
{
    int affected;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_NOW] = &now, [USAGE_PARAMETER_TO] = &last }
    };
    return usage_dbd_run(usage_dbd_of(store), "salt_trim", &binding, &affected);
}

apr_status_t usage_dbd_salt_put(usage_store_t *store,
                                const usage_salt_row_t *rows, int count)
{
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < count; i++) {
        int affected;
        usage_binding_t binding = {
            .of = { [USAGE_PARAMETER_DAY] = &rows[i].day,
                    [USAGE_PARAMETER_EXPIRES] = &rows[i].expires,
                    [USAGE_PARAMETER_SALT] = rows[i].salt }
        };
        rv =
            usage_dbd_run(usage_dbd_of(store), "salt_put", &binding, &affected);
    }
    return rv;
}

static apr_status_t take_salt(void *baton, const usage_answer_t *answer)
{
    const asking_t *asking = baton;
    usage_salt_row_t row = { .day = answer->start,
                             .expires = answer->values.of[0],
                             .salt = answer->name };
    return asking->fn(asking->baton, &row);
}

apr_status_t usage_dbd_salt_ask(usage_store_t *store, usage_salt_fn *fn,
                                void *baton)
{
    asking_t asking = { .fn = fn, .baton = baton };
    usage_binding_t nothing = { { NULL } };
    return usage_dbd_select(usage_dbd_of(store), "salts", &nothing, take_salt,
                            &asking);
}
