/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept are the database's answers (kept.h), not models: the database is
 * what is dear, and what is live must not be old. A model is always made anew,
 * of answers that are kept or are being kept, and of the segment.
 *
 *   answers   used while they are younger than USAGE_CACHE_TIME, and no flush
 *             of this server has begun or ended since they were asked for
 *             (usage_batch_revision): one takes counts out of the segment that
 *             the answers don't have. So on one server a model is exact; what
 *             other servers flush shows after that time.
 *   failures  are of use to those who wait for them alone: a hundred who ask
 *             an absent database wait for it once, the next one tries anew.
 *
 * Each place is for a query, and is one of
 *
 *   FREE --> FILLING (one thread asks the database, the others wait)
 *              |
 *              v
 *            READY (any number of threads read; `readers`)  --> FREE, FILLING
 *
 * Its pool is made when it is filled, and destroyed when it is filled anew:
 * never while it has readers. When all places are busy, a thread asks the
 * database by itself. All of it is under one mutex, which nobody holds while he
 * reads or asks. In a child of prefork there is one thread, and nobody waits.
 */
#include "cache.h"

#include <string.h>

#include <apr_strings.h>
#include <apr_tables.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>

#include "engine/batch.h"
#include "kept.h"
#include "link.h"

/* Times to look for answers that a flush doesn't make old at once. */
#define TRIES 3

typedef enum state_e { FREE, FILLING, READY } state_e;

typedef struct cache_place_t {
    state_e state;
    const char *key;
    usage_kept_t *kept;
    bool is_dropped; /* nobody is to find it any more */
    bool has_store; /* there was a connection */
    bool has_failed;
    apr_uint32_t revision; /* before the database was asked */
    apr_time_t asked;
    unsigned turn; /* moves with each filling */
    int readers;
    apr_pool_t *pool;
} cache_place_t;

struct usage_cache_t {
    apr_pool_t *pool;
    apr_thread_mutex_t *mutex;
    apr_thread_cond_t *filled;
    cache_place_t places[USAGE_CACHE_PLACES];
};

usage_cache_t *usage_cache_make(apr_pool_t *pool)
{
    usage_cache_t *cache = apr_pcalloc(pool, sizeof *cache);
    cache->pool = pool;
    if (apr_thread_mutex_create(&cache->mutex, APR_THREAD_MUTEX_DEFAULT, pool)
            != APR_SUCCESS
        || apr_thread_cond_create(&cache->filled, pool) != APR_SUCCESS) {
        return NULL;
    }
    return cache;
}

static apr_status_t key_write(void *baton, const char *data, apr_size_t length)
{
    apr_array_header_t *key = baton;
    while (length-- > 0) {
        APR_ARRAY_PUSH(key, char) = *data++;
    }
    return APR_SUCCESS;
}

/* The query as a link, how many rows it is to list, and the day on which it was
 * asked. What the chart shows of the answers is no question. */
static const char *key_of(const usage_query_t *query, apr_pool_t *pool)
{
    apr_array_header_t *key = apr_array_make(pool, 64, sizeof(char));
    usage_query_t asked = *query;
    usage_sink_t sink;
    asked.metric = USAGE_METRIC_VIEWS;
    asked.has_limit = true;
    usage_sink_init(&sink, key_write, key);
    usage_sink_html(&sink, "%d %d", query->today, query->to);
    usage_link_put(&sink, &asked);
    usage_sink_flush(&sink);
    APR_ARRAY_PUSH(key, char) = '\0';
    return key->elts;
}

/* Under the mutex. */

static cache_place_t *find(usage_cache_t *cache, const char *key)
{
    for (int i = 0; i < USAGE_CACHE_PLACES; i++) {
        cache_place_t *place = &cache->places[i];
        if (place->state != FREE && !place->is_dropped
            && strcmp(place->key, key) == 0) {
            return place;
        }
    }
    return NULL;
}

/* The place to fill: one that is of no more use, else the one that was filled
 * first; NULL if all are in use. */
static cache_place_t *oldest(usage_cache_t *cache)
{
    cache_place_t *found = NULL;
    for (int i = 0; i < USAGE_CACHE_PLACES; i++) {
        cache_place_t *place = &cache->places[i];
        bool is_idle = place->state == READY && place->readers == 0;
        if (place->state == FREE || (is_idle && place->is_dropped)) {
            return place;
        }
        if (is_idle && (found == NULL || place->asked < found->asked)) {
            found = place;
        }
    }
    return found;
}

/* One who waited may have come before it was asked for. */
static bool is_fresh(const cache_place_t *place,
                     const usage_cache_asker_t *asker)
{
    apr_time_t age = asker->now - place->asked;
    return age > -USAGE_CACHE_TIME && age < USAGE_CACHE_TIME
           && usage_batch_revision(asker->source->memory) == place->revision;
}

static void begin_filling(usage_cache_t *cache, cache_place_t *place,
                          const char *key, const usage_cache_asker_t *asker)
{
    if (place->pool != NULL) {
        apr_pool_destroy(place->pool);
    }
    apr_pool_create(&place->pool, cache->pool);
    place->state = FILLING;
    place->key = apr_pstrdup(place->pool, key);
    place->kept = usage_kept_make(place->pool);
    place->revision = usage_batch_revision(asker->source->memory);
    place->asked = asker->now;
    place->has_failed = false;
    place->is_dropped = false;
    place->turn++;
}

static void wait_filled(usage_cache_t *cache, const cache_place_t *place)
{
    unsigned turn = place->turn;
    while (place->state == FILLING && place->turn == turn) {
        apr_thread_cond_wait(cache->filled, cache->mutex);
    }
}

/* Who waited takes what comes, be it a failure; who comes later doesn't. */
static bool is_of_use(const cache_place_t *place,
                      const usage_cache_asker_t *asker, bool has_waited)
{
    if (place->has_failed) {
        return has_waited;
    }
    return is_fresh(place, asker);
}

/* What a thread is to do. */
typedef enum task_e { READ, FILL, ALONE } task_e;

static task_e take_place(usage_cache_t *cache, const char *key,
                         const usage_cache_asker_t *asker,
                         cache_place_t **taken)
{
    cache_place_t *place = find(cache, key);
    bool has_waited = place != NULL && place->state == FILLING;
    if (has_waited) {
        wait_filled(cache, place);
        place = find(cache, key);
    }
    if (place != NULL && place->state == READY
        && is_of_use(place, asker, has_waited)) {
        place->readers++;
        *taken = place;
        return READ;
    }
    if (place != NULL && place->state == FILLING) {
        return ALONE;
    }
    if (place != NULL) {
        place->is_dropped = true;
    }
    place = oldest(cache);
    if (place == NULL) {
        return ALONE;
    }
    begin_filling(cache, place, key, asker);
    *taken = place;
    return FILL;
}

/* Without it. */

/* @return whether the answers were all there, and are not old by now */
static bool read_kept(usage_cache_t *cache, cache_place_t *place,
                      const usage_cache_asker_t *asker, usage_query_t *query,
                      usage_model_t *model, apr_pool_t *pool)
{
    usage_source_t *source = asker->source;
    bool has_missed = false;
    source->store = place->has_store
                        ? usage_kept_replayer(place->kept, &has_missed, pool)
                        : NULL;
    usage_model_read(source, query, model, pool);
    bool is_good =
        place->has_failed
        || (!has_missed
            && usage_batch_revision(source->memory) == place->revision);
    apr_thread_mutex_lock(cache->mutex);
    place->readers--;
    place->is_dropped = place->is_dropped || has_missed;
    apr_thread_mutex_unlock(cache->mutex);
    return is_good;
}

static void fill(usage_cache_t *cache, cache_place_t *place,
                 const usage_cache_asker_t *asker, usage_query_t *query,
                 usage_model_t *model, apr_pool_t *pool)
{
    usage_store_t *store = asker->open(asker->baton);
    asker->source->store =
        store != NULL ? usage_kept_recorder(place->kept, store, pool) : NULL;
    usage_model_read(asker->source, query, model, pool);
    apr_thread_mutex_lock(cache->mutex);
    place->has_store = store != NULL;
    place->has_failed = model->health.database_error != NULL;
    place->state = READY;
    apr_thread_cond_broadcast(cache->filled);
    apr_thread_mutex_unlock(cache->mutex);
}

static void read_alone(const usage_cache_asker_t *asker, usage_query_t *query,
                       usage_model_t *model, apr_pool_t *pool)
{
    asker->source->store = asker->open(asker->baton);
    usage_model_read(asker->source, query, model, pool);
}

void usage_cache_read(usage_cache_t *cache, const usage_cache_asker_t *asker,
                      usage_query_t *query, usage_model_t *model,
                      apr_pool_t *pool)
{
    const usage_query_t asked = *query;
    const char *key = key_of(query, pool);
    for (int i = 0; cache != NULL && i < TRIES; i++) {
        cache_place_t *place = NULL;
        *query = asked;
        apr_thread_mutex_lock(cache->mutex);
        task_e task = take_place(cache, key, asker, &place);
        apr_thread_mutex_unlock(cache->mutex);
        if (task == ALONE) {
            break;
        }
        if (task == FILL) {
            fill(cache, place, asker, query, model, pool);
            return;
        }
        if (read_kept(cache, place, asker, query, model, pool)) {
            return;
        }
    }
    *query = asked;
    read_alone(asker, query, model, pool);
}
