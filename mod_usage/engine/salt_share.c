/* SPDX-License-Identifier: Apache-2.0 */
/* What is read back is taken, never what was offered: another may be first. */
#include "salt_share.h"

#include <stdlib.h>
#include <string.h>

#include <apr_escape.h>
#include <apr_strings.h>
#include <apr_tables.h>

#define KEY 16
#define DAY APR_INT64_C(86400)

/* Tomorrow's midnight is never further off, wherever a server's sites are. */
#define AHEAD (3 * DAY)

static apr_status_t offer(const usage_salt_share_t *share, usage_salt_row_t row,
                          apr_array_header_t *rows)
{
    unsigned char key[KEY];
    const unsigned char *known = usage_salts_of(share->salts, row.day);
    apr_status_t rv = APR_SUCCESS;
    if (known != NULL) {
        memcpy(key, known, KEY);
    }
    else {
        rv = share->random(key, KEY);
    }
    if (rv == APR_SUCCESS) {
        row.salt = apr_pescape_hex(rows->pool, key, KEY, 0);
        APR_ARRAY_PUSH(rows, usage_salt_row_t) = row;
    }
    return rv;
}

static int by_day(const void *first, const void *second)
{
    const usage_salt_row_t *a = first;
    const usage_salt_row_t *b = second;
    return a->day != b->day
               ? (a->day > b->day) - (a->day < b->day)
               : (a->expires < b->expires) - (a->expires > b->expires);
}

/* Every zone's today and tomorrow, by day; of those that begin in the same
 * second, the one that ends last is the first. */
static apr_array_header_t *days_of(const usage_salts_need_t *need,
                                   apr_pool_t *pool)
{
    const apr_array_header_t *zones = need->zones->all;
    apr_array_header_t *days =
        apr_array_make(pool, 2 * zones->nelts + 1, sizeof(usage_salt_row_t));
    for (int i = 0; i < zones->nelts; i++) {
        const usage_zone_t *zone =
            APR_ARRAY_IDX(zones, i, const usage_zone_t *);
        apr_int64_t day = usage_zone_day(zone, need->now);
        for (int turn = 0; turn < 2; turn++) {
            apr_int64_t next = usage_zone_day_next(zone, day);
            APR_ARRAY_PUSH(days, usage_salt_row_t) =
                (usage_salt_row_t){ .day = day,
                                    .expires = next + need->window };
            day = next;
        }
    }
    qsort(days->elts, (size_t)days->nelts, sizeof(usage_salt_row_t), by_day);
    return days;
}

static apr_status_t offers_of(const usage_salt_share_t *share,
                              apr_array_header_t *rows)
{
    const usage_salt_row_t agents = { .day = 0 };
    const apr_array_header_t *days = days_of(&share->need, rows->pool);
    apr_status_t rv = offer(share, agents, rows);
    apr_int64_t last = 0;
    for (int i = 0; rv == APR_SUCCESS && i < days->nelts; i++) {
        usage_salt_row_t row = APR_ARRAY_IDX(days, i, usage_salt_row_t);
        if (row.day != last) {
            rv = offer(share, row, rows);
        }
        last = row.day;
    }
    return rv;
}

static apr_status_t keep_row(void *baton, const usage_salt_row_t *row)
{
    apr_array_header_t *rows = baton;
    usage_salt_row_t kept = *row;
    kept.salt = apr_pstrdup(rows->pool, row->salt);
    APR_ARRAY_PUSH(rows, usage_salt_row_t) = kept;
    return APR_SUCCESS;
}

apr_status_t usage_salt_trim(usage_store_t *store, apr_int64_t now)
{
    return store->salt_trim(store, now, now + AHEAD);
}

static apr_status_t transact(const usage_salt_share_t *share,
                             const apr_array_header_t *offers,
                             apr_array_header_t *found)
{
    usage_store_t *store = share->store;
    apr_status_t rv = store->begin(store);
    if (rv == APR_SUCCESS) {
        rv = usage_salt_trim(store, share->need.now);
    }
    if (rv == APR_SUCCESS) {
        rv = store->salt_put(store,
                             (const usage_salt_row_t *)(void *)offers->elts,
                             offers->nelts);
    }
    if (rv == APR_SUCCESS) {
        rv = store->salt_ask(store, keep_row, found);
    }
    if (rv == APR_SUCCESS) {
        return store->commit(store);
    }
    store->rollback(store);
    return rv;
}

static bool take_agents(usage_salts_t *salts, const unsigned char *key)
{
    usage_secret_t secret;
    apr_uint64_t seed;
    memcpy(&seed, key, sizeof seed);
    usage_secret_make(&secret, seed);
    if (memcmp(&secret, &salts->agents, sizeof secret) == 0) {
        return false;
    }
    salts->agents = secret;
    return true;
}

static bool is_needed(const apr_array_header_t *offers, apr_int64_t day)
{
    for (int i = 0; i < offers->nelts; i++) {
        if (APR_ARRAY_IDX(offers, i, usage_salt_row_t).day == day) {
            return true;
        }
    }
    return false;
}

static apr_status_t take(usage_salts_t *salts, const usage_salt_row_t *row,
                         int *news)
{
    unsigned char key[KEY + 1];
    apr_size_t length = strlen(row->salt);
    if (length != 2 * (apr_size_t)KEY
        || apr_unescape_hex(key, row->salt, (apr_ssize_t)length, 0, &length)
               != APR_SUCCESS) {
        return APR_EINVAL;
    }
    *news += row->day == 0
                 ? take_agents(salts, key)
                 : usage_salts_take(salts, row->day, row->expires, key);
    return APR_SUCCESS;
}

apr_status_t usage_salt_share(const usage_salt_share_t *share, int *news,
                              apr_pool_t *pool)
{
    apr_array_header_t *offers =
        apr_array_make(pool, 8, sizeof(usage_salt_row_t));
    apr_array_header_t *found =
        apr_array_make(pool, 8, sizeof(usage_salt_row_t));
    *news = 0;
    if (!atomic_load(&share->salts->is_shared)) {
        return APR_SUCCESS;
    }
    apr_status_t rv = offers_of(share, offers);
    if (rv == APR_SUCCESS) {
        rv = transact(share, offers, found);
    }
    for (int i = 0; rv == APR_SUCCESS && i < found->nelts; i++) {
        const usage_salt_row_t *row =
            &APR_ARRAY_IDX(found, i, usage_salt_row_t);
        if (is_needed(offers, row->day)) {
            rv = take(share->salts, row, news);
        }
    }
    return rv;
}
