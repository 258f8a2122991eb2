/* SPDX-License-Identifier: Apache-2.0 */
/* Expands, sorts and sums a batch's counts. Runs in the flusher. */
#include "grain.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "batch.h"

/* Which counts a fact table is made of, and which columns are its key. */
static const struct fact_t {
    bool takes[USAGE_KINDS]; /* by usage_kind_e */
    bool has_name;
    bool has_agent;
    bool is_daily; /* of days alone */
} facts[USAGE_FACTS] = {
    [USAGE_FACT_VIEW] = { { [USAGE_KIND_VIEW] = true }, true, true },
    [USAGE_FACT_TOTAL] = { { [USAGE_KIND_VIEW] = true,
                             [USAGE_KIND_SITE] = true },
                           false,
                           false },
    [USAGE_FACT_PAGE] = { { [USAGE_KIND_VIEW] = true }, true, false },
    [USAGE_FACT_CLIENT] = { { [USAGE_KIND_VIEW] = true }, false, true },
    [USAGE_FACT_EVENT] = { { [USAGE_KIND_EVENT] = true }, true, false },
    [USAGE_FACT_USER] = { { [USAGE_KIND_USER] = true }, true, false, true },
};

static usage_row_t row_of(const usage_count_t *count, usage_fact_e fact)
{
    const struct fact_t *shape = &facts[fact];
    const usage_key_t *key = &count->key;
    usage_row_t row = { .site = key->site.data,
                        .name = shape->has_name ? key->name.data : "",
                        .category = key->category.data,
                        .device = "",
                        .browser = "",
                        .system = "",
                        .values = count->values };
    if (!shape->has_name && key->kind == USAGE_KIND_VIEW) {
        row.values.of[USAGE_VISITORS] = 0; /* a page's: a site has its own */
    }
    if (shape->has_agent) {
        row.device = usage_device_word(key->device);
        row.browser = usage_browser_word(key->browser);
        row.system = usage_system_word(key->system);
    }
    return row;
}

static bool is_taken(usage_fact_e fact, usage_kind_e kind)
{
    return kind < USAGE_KINDS && facts[fact].takes[kind];
}

static int compare_numbers(apr_int64_t a, apr_int64_t b)
{
    return (a > b) - (a < b);
}

/* The order of the tables' primary keys. */
static int compare(const void *left, const void *right)
{
    const usage_row_t *a = left;
    const usage_row_t *b = right;
    const char *const pairs[][2] = {
        { a->site, b->site },       { a->category, b->category },
        { a->name, b->name },       { a->device, b->device },
        { a->browser, b->browser }, { a->system, b->system },
    };
    int order = compare_numbers(a->start, b->start);
    for (apr_size_t i = 0; order == 0 && i < sizeof pairs / sizeof *pairs;
         i++) {
        order = strcmp(pairs[i][0], pairs[i][1]);
    }
    return order;
}

static void merge(apr_array_header_t *rows)
{
    usage_row_t *row = (usage_row_t *)(void *)rows->elts;
    int kept = 0;
    for (int i = 0; i < rows->nelts; i++) {
        if (kept > 0 && compare(&row[kept - 1], &row[i]) == 0) {
            usage_values_add(&row[kept - 1].values, &row[i].values);
        }
        else {
            row[kept++] = row[i];
        }
    }
    rows->nelts = kept;
}

/* A base interval's start was told when it was counted, and holds. */
static apr_int64_t start_of(const usage_key_t *key, usage_grain_e grain,
                            const usage_zones_t *zones, apr_int64_t now)
{
    apr_int64_t time = key->start != 0 ? key->start : now;
    if (grain == USAGE_GRAIN_BASE && key->start != 0) {
        return key->start;
    }
    return usage_zone_start(usage_zones_of(zones, key->site), time, grain,
                            zones->interval);
}

apr_array_header_t *usage_grain_rows(const apr_array_header_t *counts,
                                     usage_fact_e fact, usage_grain_e grain,
                                     const usage_zones_t *zones,
                                     apr_int64_t now, apr_pool_t *pool)
{
    apr_array_header_t *rows =
        apr_array_make(pool, counts->nelts + 1, sizeof(usage_row_t));
    for (int i = 0; i < counts->nelts; i++) {
        const usage_count_t *count = &APR_ARRAY_IDX(counts, i, usage_count_t);
        if (!is_taken(fact, count->key.kind)
            || (facts[fact].is_daily && grain != USAGE_GRAIN_DAY)) {
            continue;
        }
        usage_row_t *row = apr_array_push(rows);
        *row = row_of(count, fact);
        row->grain = grain;
        row->start = start_of(&count->key, grain, zones, now);
    }
    qsort(rows->elts, (size_t)rows->nelts, sizeof(usage_row_t), compare);
    merge(rows);
    return rows;
}
