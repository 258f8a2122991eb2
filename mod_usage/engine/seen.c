/* SPDX-License-Identifier: Apache-2.0 */
/* Sketches of the visitors that came since the last flush. */
#include "seen.h"

#include <string.h>

#include <apr_strings.h>

#include "batch.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define DAY 86400

/* A site, category and day, as a key of a hash table: no padding may differ. */
typedef struct day_key_t {
    apr_int64_t day;
    apr_int64_t hash;
} day_key_t;

/* Whose a member is. */
typedef struct owner_t {
    const char *site;
    const char *category;
} owner_t;

typedef struct taking_t {
    apr_hash_t *owners; /* apr_uint32_t -> owner_t */
    apr_hash_t *days; /* day_key_t -> usage_seen_t */
    usage_seen_batch_t batch;
    apr_pool_t *pool;
} taking_t;

apr_uint64_t usage_seen_key(apr_uint64_t site, usage_text_t category)
{
    return site ^ XXH3_64bits(category.data, category.length);
}

/* All goes into it, so that the hash of what never changes is worked out by the
 * compiler. */
__attribute__((flatten)) apr_uint64_t usage_seen_user_key(apr_uint64_t site)
{
    return site ^ XXH3_64bits(USAGE_SEEN_USER, sizeof USAGE_SEEN_USER - 1);
}

static owner_t owner_of(const usage_key_t *key, apr_uint32_t *hash)
{
    apr_uint64_t site = usage_site_key(key->site);
    bool is_visitor = key->kind != USAGE_KIND_SEEN;
    *hash =
        (apr_uint32_t)(is_visitor ? site : usage_seen_key(site, key->category));
    return (owner_t){ key->site.data,
                      is_visitor ? USAGE_SEEN_VISITOR : key->category.data };
}

/* Sites and categories, by the hash that members have of them. */
static apr_hash_t *owners_of(const apr_array_header_t *counts, apr_pool_t *pool)
{
    apr_hash_t *owners = apr_hash_make(pool);
    for (int i = 0; i < counts->nelts; i++) {
        apr_uint32_t *hash = apr_palloc(pool, sizeof *hash);
        owner_t owner =
            owner_of(&APR_ARRAY_IDX(counts, i, usage_count_t).key, hash);
        if (apr_hash_get(owners, hash, sizeof *hash) == NULL) {
            apr_hash_set(owners, hash, sizeof *hash,
                         apr_pmemdup(pool, &owner, sizeof owner));
        }
    }
    return owners;
}

static usage_seen_t *day_of(taking_t *taking, apr_uint32_t hash,
                            const owner_t *owner, apr_int64_t day)
{
    day_key_t *key = apr_pcalloc(taking->pool, sizeof *key);
    key->day = day;
    key->hash = hash;
    usage_seen_t *found = apr_hash_get(taking->days, key, sizeof *key);
    if (found == NULL) {
        apr_hash_set(taking->days, key, sizeof *key,
                     apr_array_push(taking->batch.days));
        found = apr_hash_get(taking->days, key, sizeof *key);
        *found = (usage_seen_t){ .day = key->day,
                                 .site = owner->site,
                                 .category = owner->category,
                                 .sketch = usage_sketch_make(taking->pool) };
    }
    return found;
}

/* Whether a member is a visitor that no flush has written. Its state is set
 * after all else. */
static bool is_newcomer(usage_member_t *member, usage_newcomer_t *newcomer)
{
    if (atomic_load(&member->state) == 0 || member->is_sketched) {
        return false;
    }
    *newcomer = (usage_newcomer_t){
        .visitor = atomic_load(&member->visitor),
        .site = atomic_load(&member->site),
        .day = (apr_int64_t)atomic_load(&member->day) * DAY,
    };
    return newcomer->visitor != 0;
}

static void take_member(taking_t *taking, usage_member_t *member)
{
    usage_newcomer_t its;
    if (!is_newcomer(member, &its)) {
        return;
    }
    const owner_t *owner =
        apr_hash_get(taking->owners, &its.site, sizeof its.site);
    if (owner == NULL) {
        return;
    }
    usage_sketch_add(&day_of(taking, its.site, owner, its.day)->sketch,
                     its.visitor);
    APR_ARRAY_PUSH(taking->batch.members, usage_member_t *) = member;
}

usage_seen_batch_t usage_seen_take(const usage_memory_t *memory,
                                   const apr_array_header_t *counts,
                                   apr_pool_t *pool)
{
    const usage_sessions_t *sessions = &memory->sessions;
    taking_t taking = {
        .owners = owners_of(counts, pool),
        .days = apr_hash_make(pool),
        .batch = { .days = apr_array_make(pool, counts->nelts * 2 + 1,
                                          sizeof(usage_seen_t)),
                   .members =
                       apr_array_make(pool, 64, sizeof(usage_member_t *)) },
        .pool = pool,
    };
    for (int i = 0; i < 2; i++) {
        for (apr_uint32_t j = 0; j < sessions->capacity; j++) {
            take_member(&taking, &sessions->members[i][j]);
        }
    }
    return taking.batch;
}

void usage_seen_read(const usage_memory_t *memory, usage_newcomer_fn *fn,
                     void *baton)
{
    const usage_sessions_t *sessions = &memory->sessions;
    for (int i = 0; i < 2; i++) {
        for (apr_uint32_t j = 0; j < sessions->capacity; j++) {
            usage_newcomer_t newcomer;
            if (is_newcomer(&sessions->members[i][j], &newcomer)) {
                fn(baton, &newcomer);
            }
        }
    }
}

/* A day that was closed before, by a clock that was ahead, say, begins anew:
 * its row is gone, and close.h adds what comes. Of a row without a sketch
 * nobody can tell who was met twice. */
static apr_status_t write_day(usage_seen_t *seen, usage_store_t *store,
                              const char *node, apr_pool_t *pool)
{
    usage_seen_row_t row = { .day = seen->day,
                             .site = seen->site,
                             .category = seen->category,
                             .node = node };
    apr_status_t rv = store->seen_get(store, &row, pool);
    if (rv == APR_SUCCESS) {
        rv = usage_sketch_read(&seen->sketch, row.sketch);
    }
    if (rv == APR_SUCCESS) {
        bool is_number = row.visitors > 0 && *row.sketch == '\0';
        row.visitors =
            usage_sketch_count(&seen->sketch) + (is_number ? row.visitors : 0);
        row.sketch = is_number ? "" : usage_sketch_text(&seen->sketch, pool);
        rv = store->seen_put(store, &row);
    }
    return rv;
}

apr_status_t usage_seen_write(const usage_seen_batch_t *batch,
                              usage_store_t *store, const char *node,
                              apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < batch->days->nelts; i++) {
        rv = write_day(&APR_ARRAY_IDX(batch->days, i, usage_seen_t), store,
                       node, pool);
    }
    return rv;
}

void usage_seen_mark(const usage_seen_batch_t *batch)
{
    for (int i = 0; i < batch->members->nelts; i++) {
        APR_ARRAY_IDX(batch->members, i, usage_member_t *)->is_sketched = 1;
    }
}
