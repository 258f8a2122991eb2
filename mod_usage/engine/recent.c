/* SPDX-License-Identifier: Apache-2.0 */
/* Reads rings. The flusher takes; the dashboard takes too, and never marks. */
#include "recent.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "agent.h"

#define SKEW 300 /* seconds by which nodes' clocks may differ */

static const char *keep(usage_text_t text, apr_pool_t *pool)
{
    return apr_pstrmemdup(pool, text.data, text.length);
}

/* The row of a word of a ring; false if its slot has been cleared since. */
static bool row_of(const usage_memory_t *memory, apr_uint64_t word,
                   usage_recent_row_t *row, apr_pool_t *pool)
{
    usage_place_t place = usage_place_of(word);
    usage_key_t key;
    if (word == 0 || usage_memory_at(memory, place) == NULL
        || usage_table_key(&memory->tables[place.table], place.slot, &key)
               != APR_SUCCESS
        || key.kind != USAGE_KIND_VIEW) {
        return false;
    }
    row->site = keep(key.site, pool);
    row->path = keep(key.name, pool);
    row->device = usage_device_word(key.device);
    row->browser = usage_browser_word(key.browser);
    row->system = usage_system_word(key.system);
    row->is_new = usage_place_flag(word);
    return true;
}

static void take_site(const usage_memory_t *memory, usage_site_t *site,
                      usage_recent_batch_t *batch, apr_int64_t now)
{
    apr_pool_t *pool = batch->rows->pool;
    apr_uint64_t until = atomic_load(&site->next);
    apr_uint64_t from = site->flushed;
    if (from > until || until - from > USAGE_RING) {
        from = until > USAGE_RING ? until - USAGE_RING : 0;
    }
    for (apr_uint64_t i = from; i < until; i++) {
        apr_uint64_t word = atomic_load(&site->ring[i % USAGE_RING]);
        usage_recent_row_t row = { .time = now - usage_place_age(word, now),
                                   .sequence = (apr_int64_t)i };
        if (row_of(memory, word, &row, pool)) {
            APR_ARRAY_PUSH(batch->rows, usage_recent_row_t) = row;
        }
    }
    usage_recent_mark_t mark = { .site = site, .until = until };
    APR_ARRAY_PUSH(batch->marks, usage_recent_mark_t) = mark;
}

static int compare_sites(const void *left, const void *right)
{
    const usage_recent_row_t *a = left;
    const usage_recent_row_t *b = right;
    return strcmp(a->site, b->site);
}

/* Views of one site stand together, those of shared places too. */
static void sort_from(apr_array_header_t *rows, int first)
{
    usage_recent_row_t *row = (usage_recent_row_t *)(void *)rows->elts;
    if (first < rows->nelts) {
        qsort(row + first, (apr_size_t)(rows->nelts - first), sizeof *row,
              compare_sites);
    }
}

usage_recent_batch_t usage_recent_take(const usage_memory_t *memory,
                                       apr_int64_t now, apr_pool_t *pool)
{
    usage_recent_batch_t batch = {
        .rows = apr_array_make(pool, 64, sizeof(usage_recent_row_t)),
        .marks = apr_array_make(pool, 16, sizeof(usage_recent_mark_t))
    };
    const usage_sites_t *sites = &memory->sites;
    int unshared = 0;
    for (apr_uint32_t i = 0; i < usage_sites_length(sites); i++) {
        usage_site_t *site = &sites->all[i];
        if (i == sites->count) {
            unshared = batch.rows->nelts;
        }
        if (atomic_load(&site->next) != site->flushed) {
            take_site(memory, site, &batch, now);
        }
    }
    sort_from(batch.rows, unshared);
    return batch;
}

apr_status_t usage_recent_write(const usage_recent_batch_t *batch,
                                usage_store_t *store, apr_int64_t keep,
                                apr_int64_t now)
{
    const usage_recent_row_t *rows =
        (const usage_recent_row_t *)(const void *)batch->rows->elts;
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < batch->rows->nelts; i++) {
        bool is_last = i + 1 == batch->rows->nelts
                       || strcmp(rows[i].site, rows[i + 1].site) != 0;
        rv = store->recent_put(store, &rows[i]);
        if (rv == APR_SUCCESS && is_last) {
            rv = store->recent_trim(store, rows[i].site, keep, now + SKEW);
        }
    }
    return rv;
}

void usage_recent_mark(const usage_recent_batch_t *batch)
{
    for (int i = 0; i < batch->marks->nelts; i++) {
        const usage_recent_mark_t *mark =
            &APR_ARRAY_IDX(batch->marks, i, usage_recent_mark_t);
        mark->site->flushed = mark->until;
    }
}
