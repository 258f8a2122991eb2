/* SPDX-License-Identifier: Apache-2.0 */
/* Reads rings and minutes. One page, one thread. */
#include "now.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "engine/recent.h"

static apr_status_t keep(void *baton, const usage_recent_row_t *row)
{
    apr_array_header_t *rows = baton;
    apr_pool_t *pool = rows->pool;
    usage_recent_row_t *kept = apr_array_push(rows);
    *kept = *row;
    kept->site = apr_pstrdup(pool, row->site);
    kept->path = apr_pstrdup(pool, row->path);
    kept->device = apr_pstrdup(pool, row->device);
    kept->browser = apr_pstrdup(pool, row->browser);
    kept->system = apr_pstrdup(pool, row->system);
    return APR_SUCCESS;
}

/* The newest first; the same view stands beside itself. */
static int compare(const void *left, const void *right)
{
    const usage_recent_row_t *a = left;
    const usage_recent_row_t *b = right;
    if (a->time != b->time) {
        return a->time > b->time ? -1 : 1;
    }
    int order = strcmp(a->site, b->site);
    if (order == 0 && a->sequence != b->sequence) {
        order = a->sequence > b->sequence ? -1 : 1;
    }
    return order;
}

/* A view that was flushed meanwhile is in both: keep it once. */
static void settle(apr_array_header_t *rows)
{
    usage_recent_row_t *row = (usage_recent_row_t *)(void *)rows->elts;
    int kept = 0;
    qsort(row, (size_t)rows->nelts, sizeof *row, compare);
    for (int i = 0; i < rows->nelts; i++) {
        if (kept == 0 || compare(&row[kept - 1], &row[i]) != 0) {
            row[kept++] = row[i];
        }
    }
    rows->nelts = kept < USAGE_NEWEST ? kept : USAGE_NEWEST;
}

static void read_newest(const usage_source_t *source, usage_model_t *model,
                        apr_pool_t *pool)
{
    const usage_query_t *query = model->query;
    apr_array_header_t *rows =
        apr_array_make(pool, 64, sizeof(usage_recent_row_t));
    usage_recent_batch_t live =
        usage_recent_take(source->memory, query->now, pool);
    if (source->store != NULL) {
        source->store->recent_ask(source->store, query->site, USAGE_NEWEST,
                                  keep, rows);
    }
    for (int i = 0; i < live.rows->nelts; i++) {
        const usage_recent_row_t *row =
            &APR_ARRAY_IDX(live.rows, i, usage_recent_row_t);
        if (*query->site == '\0' || strcmp(query->site, row->site) == 0) {
            APR_ARRAY_PUSH(rows, usage_recent_row_t) = *row;
        }
    }
    settle(rows);
    model->newest = (const usage_recent_row_t *)(void *)rows->elts;
    model->newest_count = rows->nelts;
}

/* When each of several sites had its busiest minute is not known. */
static void find_peak_of_hour(usage_model_t *model)
{
    model->is_peak_of_hour = true;
    model->peak = 0;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        apr_int64_t views = model->minutes[i];
        model->peak = views > model->peak ? views : model->peak;
    }
}

static void read_minutes(const usage_sites_t *sites, usage_model_t *model)
{
    const char *name = model->query->site;
    usage_text_t text = { name, strlen(name) };
    apr_uint64_t key = usage_site_key(text);
    int places = 0;
    model->shares_hour = *name != '\0' && usage_site_shares(sites, key);
    for (apr_uint32_t i = 0; i < usage_sites_length(sites); i++) {
        const usage_site_t *site = &sites->all[i];
        apr_uint32_t minutes[USAGE_MINUTES];
        if (atomic_load(&site->next) == 0
            || (*name != '\0' && atomic_load(&site->key) != key)) {
            continue;
        }
        usage_site_minutes(site, model->query->now, minutes);
        for (int j = 0; j < USAGE_MINUTES; j++) {
            model->minutes[j] += minutes[j];
        }
        model->peak = atomic_load(&site->peak);
        places++;
    }
    if (places > 1) {
        find_peak_of_hour(model);
    }
}

void usage_now_read(const usage_source_t *source, usage_model_t *model,
                    apr_pool_t *pool)
{
    read_newest(source, model, pool);
    read_minutes(&source->memory->sites, model);
}
