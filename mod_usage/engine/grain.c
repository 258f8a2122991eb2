/* SPDX-License-Identifier: Apache-2.0 */
/* Expands, sorts and sums a batch's counts. Runs in the flusher. */
#include "grain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "batch.h"

/* What of a count is a row's key. */
enum { SITE = 1, NAME = 2, AGENT = 4 };

/* Grains, as bits. */
enum {
    DAYS = 1 << USAGE_GRAIN_DAY,
    MONTHS = 1 << USAGE_GRAIN_MONTH,
    SUMS = DAYS | MONTHS,
    EVERY = SUMS | 1 << USAGE_GRAIN_BASE,
};

/* clang-format off */
#define VIEWS  { [USAGE_KIND_VIEW] = true }
#define EVENTS { [USAGE_KIND_EVENT] = true }
#define USERS  { [USAGE_KIND_USER] = true }
#define TOTALS { [USAGE_KIND_VIEW] = true, [USAGE_KIND_SITE] = true }
/* clang-format on */

/* What the rows of a fact table are made of; one may have several shapes. */
static const struct shape_t {
    usage_fact_e fact;
    int key;
    int grains;
    bool takes[USAGE_KINDS]; /* by usage_kind_e */
    usage_part_e part; /* of USAGE_FACT_ALL */
} shapes[] = {
    { USAGE_FACT_VIEW, SITE | NAME | AGENT, EVERY, VIEWS },
    { USAGE_FACT_TOTAL, SITE, EVERY, TOTALS },
    { USAGE_FACT_PAGE, SITE | NAME, EVERY, VIEWS },
    { USAGE_FACT_CLIENT, SITE | AGENT, EVERY, VIEWS },
    { USAGE_FACT_EVENT, SITE | NAME, EVERY, EVENTS },
    { USAGE_FACT_USER, SITE | NAME, DAYS, USERS },
    { USAGE_FACT_ALL, NAME, SUMS, VIEWS, USAGE_PART_PAGE },
    { USAGE_FACT_ALL, AGENT, SUMS, VIEWS, USAGE_PART_CLIENT },
    { USAGE_FACT_ALL, NAME | AGENT, MONTHS, VIEWS, USAGE_PART_BOTH },
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static usage_row_t row_of(const usage_count_t *count,
                          const struct shape_t *shape)
{
    const usage_key_t *key = &count->key;
    usage_row_t row = { .part = (apr_int64_t)shape->part,
                        .site = shape->key & SITE ? key->site.data : "",
                        .name = shape->key & NAME ? key->name.data : "",
                        .category = key->category.data,
                        .device = "",
                        .browser = "",
                        .system = "",
                        .values = count->values };
    if (!(shape->key & NAME) && key->kind == USAGE_KIND_VIEW) {
        row.values.of[USAGE_VISITORS] = 0; /* a page's: a site has its own */
    }
    if (shape->key & AGENT) {
        row.device = usage_device_word(key->device);
        row.browser = usage_browser_word(key->browser);
        row.system = usage_system_word(key->system);
    }
    return row;
}

static bool is_taken(const struct shape_t *shape, usage_kind_e kind)
{
    return kind < USAGE_KINDS && shape->takes[kind];
}

static int compare_numbers(apr_int64_t a, apr_int64_t b)
{
    return (a > b) - (a < b);
}

typedef int compare_fn(const void *left, const void *right);

/* Of texts of which one is all that are equal (intern.h). */
static int compare_interned(const char *a, const char *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

/* Of a client's words, of which there are few. */
static int compare_words(const char *a, const char *b)
{
    return a == b ? 0 : strcmp(a, b);
}

static int compare_clients(const usage_row_t *a, const usage_row_t *b)
{
    int order = compare_words(a->device, b->device);
    order = order != 0 ? order : compare_words(a->browser, b->browser);
    return order != 0 ? order : compare_words(a->system, b->system);
}

/* The order of the tables' primary keys. */
static int compare(const void *left, const void *right)
{
    const usage_row_t *a = left;
    const usage_row_t *b = right;
    int order = compare_numbers(a->start, b->start);
    order = order != 0 ? order : compare_interned(a->site, b->site);
    order = order != 0 ? order : compare_interned(a->category, b->category);
    order = order != 0 ? order : compare_interned(a->name, b->name);
    return order != 0 ? order : compare_clients(a, b);
}

/* Of all sites together, the client comes before the name. */
static int compare_all(const void *left, const void *right)
{
    const usage_row_t *a = left;
    const usage_row_t *b = right;
    int order = compare_numbers(a->part, b->part);
    order = order != 0 ? order : compare_numbers(a->start, b->start);
    order = order != 0 ? order : compare_clients(a, b);
    return order != 0 ? order : compare_interned(a->name, b->name);
}

static void merge(apr_array_header_t *rows, compare_fn *order)
{
    usage_row_t *row = (usage_row_t *)(void *)rows->elts;
    int kept = 0;
    qsort(rows->elts, (size_t)rows->nelts, sizeof(usage_row_t), order);
    for (int i = 0; i < rows->nelts; i++) {
        if (kept > 0 && order(&row[kept - 1], &row[i]) == 0) {
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

/* A count of one shape. */
static void add_row(apr_array_header_t *rows, const usage_count_t *count,
                    const struct shape_t *shape, usage_grain_e grain,
                    apr_int64_t start)
{
    usage_row_t *row = apr_array_push(rows);
    *row = row_of(count, shape);
    row->grain = grain;
    row->start = start;
}

apr_array_header_t *usage_grain_rows(const apr_array_header_t *counts,
                                     usage_fact_e fact, usage_grain_e grain,
                                     const usage_zones_t *zones,
                                     apr_int64_t now, apr_pool_t *pool)
{
    apr_array_header_t *rows =
        apr_array_make(pool, counts->nelts + 1, sizeof(usage_row_t));
    for (int at = 0; at < SHAPES; at++) {
        const struct shape_t *shape = &shapes[at];
        if (shape->fact != fact || !(shape->grains & 1 << grain)) {
            continue;
        }
        for (int i = 0; i < counts->nelts; i++) {
            const usage_count_t *count =
                &APR_ARRAY_IDX(counts, i, usage_count_t);
            if (is_taken(shape, count->key.kind)) {
                add_row(rows, count, shape, grain,
                        start_of(&count->key, grain, zones, now));
            }
        }
    }
    merge(rows, fact == USAGE_FACT_ALL ? compare_all : compare);
    return rows;
}
