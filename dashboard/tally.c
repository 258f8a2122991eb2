/* SPDX-License-Identifier: Apache-2.0 */
/* Tallies of one page; they live in its pool. */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

usage_tally_t usage_tally_make(apr_pool_t *pool)
{
    return (usage_tally_t){ .by_name = apr_hash_make(pool) };
}

void usage_tally_add(usage_tally_t *tally, const char *name, apr_size_t length,
                     const usage_values_t *values)
{
    usage_ranked_t *row =
        apr_hash_get(tally->by_name, name, (apr_ssize_t)length);
    if (row == NULL) {
        apr_pool_t *pool = apr_hash_pool_get(tally->by_name);
        row = apr_pcalloc(pool, sizeof *row);
        row->name = apr_pstrmemdup(pool, name, length);
        apr_hash_set(tally->by_name, row->name, (apr_ssize_t)length, row);
    }
    usage_values_add(&row->values, values);
}

static int by_views(const void *left, const void *right)
{
    const usage_ranked_t *a = left;
    const usage_ranked_t *b = right;
    apr_int64_t more = a->values.of[USAGE_VIEWS];
    apr_int64_t less = b->values.of[USAGE_VIEWS];
    if (more != less) {
        return more > less ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

/* In the direction of what they gained (1) or lost (-1); of which that is not
 * known, those come last. */
static int by_change(const usage_ranked_t *a, const usage_ranked_t *b, int way)
{
    apr_int64_t gains[2];
    if (!a->has_was || !b->has_was) {
        return a->has_was == b->has_was ? by_views(a, b)
                                        : b->has_was - a->has_was;
    }
    gains[0] = a->values.of[USAGE_VIEWS] - a->was.of[USAGE_VIEWS];
    gains[1] = b->values.of[USAGE_VIEWS] - b->was.of[USAGE_VIEWS];
    if (gains[0] != gains[1]) {
        return gains[0] > gains[1] ? -way : way;
    }
    return strcmp(a->name, b->name);
}

static int by_gain(const void *left, const void *right)
{
    return by_change(left, right, 1);
}

static int by_loss(const void *left, const void *right)
{
    return by_change(left, right, -1);
}

static int (*const orders[USAGE_SORTS])(const void *, const void *) = {
    [USAGE_SORT_VIEWS] = by_views,
    [USAGE_SORT_LOSS] = by_loss,
    [USAGE_SORT_GAIN] = by_gain,
};

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void usage_tally_join(usage_tally_t *tally, const usage_tally_t *others)
{
    apr_pool_t *pool = apr_hash_pool_get(tally->by_name);
    const usage_values_t none = { .of = { 0 } };
    apr_hash_index_t *at = apr_hash_first(pool, others->by_name);
    for (; at != NULL; at = apr_hash_next(at)) {
        const char *name = apr_hash_this_key(at);
        usage_tally_add(tally, name, strlen(name), &none);
    }
}

void usage_tally_know(usage_tally_t *tally, const usage_tally_t *were,
                      bool is_whole)
{
    apr_pool_t *pool = apr_hash_pool_get(tally->by_name);
    apr_hash_index_t *at = apr_hash_first(pool, tally->by_name);
    for (; at != NULL; at = apr_hash_next(at)) {
        usage_ranked_t *row = apr_hash_this_val(at);
        const usage_ranked_t *was =
            apr_hash_get(were->by_name, row->name, APR_HASH_KEY_STRING);
        row->has_was = is_whole || was != NULL;
        row->was = was != NULL ? was->values : (usage_values_t){ .of = { 0 } };
    }
}

usage_ranking_t usage_tally_rank(const usage_tally_t *tally, usage_sort_e sort,
                                 int first, int limit)
{
    apr_pool_t *pool = apr_hash_pool_get(tally->by_name);
    unsigned distinct = apr_hash_count(tally->by_name);
    usage_ranked_t *rows = apr_palloc(pool, (distinct + 1) * sizeof *rows);
    usage_ranking_t ranking = { .rows = rows };
    apr_hash_index_t *at = apr_hash_first(pool, tally->by_name);
    for (; at != NULL; at = apr_hash_next(at)) {
        rows[ranking.distinct] = *(usage_ranked_t *)apr_hash_this_val(at);
        ranking.sum += rows[ranking.distinct++].values.of[USAGE_VIEWS];
    }
    qsort(rows, distinct, sizeof *rows, orders[sort]);
    ranking.first = first < ranking.distinct ? first : ranking.distinct;
    ranking.rows += ranking.first;
    ranking.named = ranking.distinct - ranking.first;
    ranking.count = ranking.named < limit ? ranking.named : limit;
    return ranking;
}

const char *const *usage_tally_names(const usage_tally_t *tally, int *count)
{
    apr_pool_t *pool = apr_hash_pool_get(tally->by_name);
    unsigned distinct = apr_hash_count(tally->by_name);
    const char **names = apr_palloc(pool, (distinct + 1) * sizeof *names);
    apr_hash_index_t *at = apr_hash_first(pool, tally->by_name);
    *count = 0;
    for (; at != NULL; at = apr_hash_next(at)) {
        names[(*count)++] = apr_hash_this_key(at);
    }
    qsort(names, distinct, sizeof *names, by_name);
    return names;
}
