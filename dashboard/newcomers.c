/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts who has just come. One page, one thread. */
#include "newcomers.h"

#include <stdlib.h>

#include <apr_strings.h>

#include "engine/text.h"

static void keep(void *baton, const usage_newcomer_t *newcomer)
{
    APR_ARRAY_PUSH((apr_array_header_t *)baton, usage_newcomer_t) = *newcomer;
}

static int compare(const void *left, const void *right)
{
    const usage_newcomer_t *a = left;
    const usage_newcomer_t *b = right;
    return a->day != b->day ? (a->day > b->day) - (a->day < b->day)
                            : (a->site > b->site) - (a->site < b->site);
}

usage_newcomers_t *usage_newcomers_read(const usage_memory_t *memory,
                                        apr_pool_t *pool)
{
    usage_newcomers_t *newcomers = apr_palloc(pool, sizeof *newcomers);
    *newcomers = (usage_newcomers_t){
        .all = apr_array_make(pool, 64, sizeof(usage_newcomer_t)),
        .owners = apr_hash_make(pool),
    };
    usage_seen_read(memory, keep, newcomers->all);
    qsort(newcomers->all->elts, (size_t)newcomers->all->nelts,
          sizeof(usage_newcomer_t), compare);
    return newcomers;
}

usage_newcomers_t *usage_newcomers_copy(const usage_newcomers_t *newcomers,
                                        apr_pool_t *pool)
{
    usage_newcomers_t *copy = apr_pmemdup(pool, newcomers, sizeof *newcomers);
    copy->all = apr_array_copy(pool, newcomers->all);
    return copy;
}

apr_uint32_t usage_newcomers_key(const char *site, const char *category)
{
    apr_uint64_t key = usage_site_key(usage_text_of(site));
    usage_text_t its = usage_text_of(category);
    return (apr_uint32_t)(usage_text_is(its, USAGE_SEEN_VISITOR)
                              ? key
                              : usage_seen_key(key, its));
}

void usage_newcomers_know(usage_newcomers_t *newcomers, const usage_key_t *key)
{
    apr_pool_t *pool = apr_hash_pool_get(newcomers->owners);
    usage_owner_t *owner = apr_palloc(pool, sizeof *owner);
    apr_uint32_t *low = apr_palloc(pool, sizeof *low);
    owner->site = apr_pstrmemdup(pool, key->site.data, key->site.length);
    owner->category =
        apr_pstrmemdup(pool, key->category.data, key->category.length);
    *low = usage_newcomers_key(owner->site, owner->category);
    apr_hash_set(newcomers->owners, low, sizeof *low, owner);
}

int usage_newcomers_find(const usage_newcomers_t *newcomers, apr_int64_t day,
                         apr_uint32_t key)
{
    const apr_array_header_t *all = newcomers->all;
    usage_newcomer_t wanted = { .day = day, .site = key };
    int low = 0;
    int high = all->nelts;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (compare(&APR_ARRAY_IDX(all, middle, usage_newcomer_t), &wanted)
            < 0) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    const usage_newcomer_t *found = &APR_ARRAY_IDX(all, low, usage_newcomer_t);
    bool is_found =
        low < all->nelts && found->visitor != 0 && compare(found, &wanted) == 0;
    return is_found ? low : -1;
}

int usage_newcomers_take(usage_newcomers_t *newcomers, int at,
                         usage_newcomer_fn *fn, void *baton)
{
    apr_array_header_t *all = newcomers->all;
    const usage_newcomer_t first = APR_ARRAY_IDX(all, at, usage_newcomer_t);
    for (; at < all->nelts; at++) {
        usage_newcomer_t *newcomer = &APR_ARRAY_IDX(all, at, usage_newcomer_t);
        if (compare(newcomer, &first) != 0) {
            break;
        }
        fn(baton, newcomer);
        newcomer->visitor = 0;
    }
    return at;
}

bool usage_newcomers_is_of(const usage_newcomers_t *newcomers,
                           const usage_newcomer_t *newcomer, const char *site,
                           const char *category)
{
    const usage_owner_t *owner =
        apr_hash_get(newcomers->owners, &newcomer->site, sizeof newcomer->site);
    if (owner != NULL) {
        return strcmp(owner->category, category) == 0
               && (*site == '\0' || strcmp(owner->site, site) == 0);
    }
    return strcmp(category, USAGE_SEEN_VISITOR) == 0
           && (*site == '\0'
               || newcomer->site == usage_newcomers_key(site, category));
}
