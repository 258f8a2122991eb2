/* SPDX-License-Identifier: Apache-2.0 */
/* The store in memory: the salts that servers share. */
#include "memory_store.h"

#include <stdlib.h>
#include <string.h>

static memory_state_t *state_of(usage_store_t *store)
{
    memory_store_t *its = (memory_store_t *)(void *)store;
    if (!its->is_open) {
        abort();
    }
    return its->state;
}

apr_status_t memory_salt_trim(usage_store_t *store, apr_int64_t now,
                              apr_int64_t last)
{
    memory_state_t *state = state_of(store);
    int kept = 0;
    for (int i = 0; i < state->salted; i++) {
        memory_salt_t *salt = &state->salts[i];
        if (salt->day == 0 || (salt->expires > now && salt->day <= last)) {
            state->salts[kept++] = *salt;
        }
    }
    state->salted = kept;
    return APR_SUCCESS;
}

static void put(memory_state_t *state, const usage_salt_row_t *row)
{
    int at = 0;
    while (at < state->salted && state->salts[at].day < row->day) {
        at++;
    }
    if (at < state->salted && state->salts[at].day == row->day) {
        return;
    }
    if (state->salted == MEMORY_SALTS || strlen(row->salt) != 32) {
        abort();
    }
    memmove(&state->salts[at + 1], &state->salts[at],
            (size_t)(state->salted - at) * sizeof *state->salts);
    state->salts[at] =
        (memory_salt_t){ .day = row->day, .expires = row->expires };
    memcpy(state->salts[at].salt, row->salt, 32);
    state->salted++;
}

apr_status_t memory_salt_put(usage_store_t *store, const usage_salt_row_t *rows,
                             int count)
{
    memory_state_t *state = state_of(store);
    for (int i = 0; i < count; i++) {
        if (i > 0 && rows[i - 1].day >= rows[i].day) {
            abort();
        }
        put(state, &rows[i]);
    }
    return APR_SUCCESS;
}

apr_status_t memory_salt_ask(usage_store_t *store, usage_salt_fn *fn,
                             void *baton)
{
    const memory_state_t *state = state_of(store);
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < state->salted; i++) {
        usage_salt_row_t row = { .day = state->salts[i].day,
                                 .expires = state->salts[i].expires,
                                 .salt = state->salts[i].salt };
        rv = fn(baton, &row);
    }
    return rv;
}
