/* SPDX-License-Identifier: Apache-2.0 */
/* The store in memory: what it is handed of visitors and newest views. */
#include "memory_store.h"

#include <stdlib.h>

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const memory_store_t *of(const usage_store_t *store)
{
    return (const memory_store_t *)(const void *)store;
}

apr_status_t memory_is_made(usage_store_t *store, apr_int64_t *made)
{
    (void)store;
    *made = 1;
    return APR_SUCCESS;
}

/* Visitors and newest views are not kept: their tests have a database. */
apr_status_t memory_seen_get(usage_store_t *store, usage_seen_row_t *row,
                             apr_pool_t *pool)
{
    (void)store;
    (void)pool;
    row->visitors = 0;
    row->sketch = "";
    return APR_SUCCESS;
}

apr_status_t memory_seen_put(usage_store_t *store, const usage_seen_row_t *row)
{
    must(of(store)->is_open && row->visitors > 0);
    return APR_SUCCESS;
}

apr_status_t memory_recent_put(usage_store_t *store,
                               const usage_recent_row_t *row)
{
    must(of(store)->is_open && row->time > 0);
    return APR_SUCCESS;
}

apr_status_t memory_recent_trim(usage_store_t *store, const char *site,
                                apr_int64_t keep, apr_int64_t now)
{
    must(of(store)->is_open && *site != '\0' && keep >= 0 && now > 0);
    return APR_SUCCESS;
}

apr_status_t memory_recent_ask(usage_store_t *store, const char *site,
                               apr_int64_t limit, usage_recent_fn *fn,
                               void *baton)
{
    (void)store;
    (void)site;
    (void)limit;
    (void)fn;
    (void)baton;
    return APR_SUCCESS;
}
