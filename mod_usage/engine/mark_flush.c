/* SPDX-License-Identifier: Apache-2.0 */
/* Leads marks through a flush. */
#include "mark_flush.h"

#include <string.h>

#include <apr_strings.h>

#include "clean.h"

static const char *clean(const char *text, apr_pool_t *pool)
{
    usage_clean_buffer_t buffer;
    usage_text_t made =
        usage_clean_name((usage_text_t){ text, strlen(text) }, &buffer);
    return apr_pstrmemdup(pool, made.data, made.length);
}

static apr_status_t take_version(usage_mark_batch_t *batch,
                                 usage_store_t *store, const char *node,
                                 apr_pool_t *pool)
{
    const char *ours = batch->standing->version;
    const char *last = "";
    apr_status_t rv = store->node_version(store, node, &last, pool);
    if (rv == APR_SUCCESS && *last != '\0' && strcmp(last, ours) != 0) {
        batch->version =
            clean(apr_pstrcat(pool, "version ", ours, " ", node, NULL), pool);
    }
    return rv;
}

apr_status_t usage_mark_batch_take(usage_mark_ring_t *ring,
                                   const usage_standing_t *standing,
                                   usage_store_t *store, const char *node,
                                   usage_mark_batch_t *batch, apr_pool_t *pool)
{
    *batch = (usage_mark_batch_t){ .ring = ring,
                                   .taken = usage_mark_take(ring, pool) };
    if (standing == NULL || atomic_load(&ring->written) == standing->reading) {
        return APR_SUCCESS;
    }
    batch->standing = standing;
    return take_version(batch, store, node, pool);
}

static apr_status_t write_standing(const usage_mark_batch_t *batch,
                                   usage_store_t *store)
{
    const usage_standing_t *standing = batch->standing;
    apr_status_t rv = store->mark_lock(store);
    for (int i = 0; rv == APR_SUCCESS && i < standing->count; i++) {
        rv = store->mark_put_once(store, &standing->rows[i]);
    }
    if (rv == APR_SUCCESS && batch->version != NULL) {
        usage_mark_row_t row = { .time = standing->time,
                                 .site = "",
                                 .name = batch->version,
                                 .category = USAGE_MARK_SERVER };
        rv = store->mark_put(store, &row);
    }
    return rv;
}

apr_status_t usage_mark_batch_write(const usage_mark_batch_t *batch,
                                    usage_store_t *store)
{
    apr_status_t rv = APR_SUCCESS;
    if (batch->standing != NULL) {
        rv = write_standing(batch, store);
    }
    for (int i = 0; rv == APR_SUCCESS && i < batch->taken->nelts; i++) {
        rv = store->mark_put(
            store, &APR_ARRAY_IDX(batch->taken, i, usage_mark_taken_t).row);
    }
    return rv;
}

void usage_mark_batch_mark(const usage_mark_batch_t *batch)
{
    usage_mark_drop(batch->taken);
    if (batch->standing != NULL) {
        atomic_store(&batch->ring->written, batch->standing->reading);
    }
}
