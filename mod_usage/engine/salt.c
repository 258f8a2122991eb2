/* SPDX-License-Identifier: Apache-2.0 */
/* The table of salts: a day is looked for in a few places, full or not. */
#include "salt.h"

#include <string.h>

#define QUARTER 900 /* seconds: no two midnights are nearer, as a rule */
#define PROBES  4

static apr_size_t place_of(apr_int64_t day, int probe)
{
    return (apr_size_t)((apr_uint64_t)day / QUARTER + (apr_uint64_t)probe)
           % USAGE_SALTS;
}

static void destroy(usage_salt_t *salt)
{
    atomic_store(&salt->day, 0);
    memset(salt->key, 0, sizeof salt->key);
    atomic_thread_fence(memory_order_seq_cst);
}

/* The place of a day's salt: its own, else one that is free, else NULL. */
static usage_salt_t *find(usage_salts_t *salts, apr_int64_t day)
{
    usage_salt_t *found = NULL;
    for (int i = 0; i < PROBES; i++) {
        usage_salt_t *salt = &salts->of[place_of(day, i)];
        apr_int64_t its = atomic_load(&salt->day);
        if (its == day) {
            return salt;
        }
        if (its == 0 && found == NULL) {
            found = salt;
        }
    }
    return found;
}

/* Of zones whose day begins in the same second, one's may end later. */
static apr_status_t make(usage_salts_t *salts, apr_int64_t day,
                         apr_int64_t until, usage_random_fn *random)
{
    usage_salt_t *salt = find(salts, day);
    if (salt == NULL) {
        return APR_ENOSPC;
    }
    if (atomic_load(&salt->day) == day) {
        salt->until = until > salt->until ? until : salt->until;
        return APR_SUCCESS;
    }
    destroy(salt);
    apr_status_t rv = random(salt->key, sizeof salt->key);
    if (rv == APR_SUCCESS) {
        salt->until = until;
        atomic_store(&salt->day, day);
    }
    return rv;
}

static const usage_zone_t *zone_at(const usage_salts_need_t *need, int i)
{
    return APR_ARRAY_IDX(need->zones->all, i, const usage_zone_t *);
}

/* A clock that was set back leaves none of the days that it had reached. */
static void destroy_needless(usage_salts_t *salts,
                             const usage_salts_need_t *need)
{
    apr_int64_t last = 0;
    for (int i = 0; i < need->zones->all->nelts; i++) {
        apr_int64_t next = usage_zone_day_next(zone_at(need, i), need->now);
        last = next > last ? next : last;
    }
    for (int i = 0; i < USAGE_SALTS; i++) {
        apr_int64_t day = atomic_load(&salts->of[i].day);
        if (day != 0 && (need->now >= salts->of[i].until || day > last)) {
            destroy(&salts->of[i]);
        }
    }
}

/* A salt for the day that holds a time, for as long as a visit of it may go
 * on. */
static apr_status_t make_at(usage_salts_t *salts, const usage_zone_t *zone,
                            const usage_salts_need_t *need, apr_int64_t time,
                            usage_random_fn *random)
{
    return make(salts, usage_zone_day(zone, time),
                usage_zone_day_next(zone, time) + need->window, random);
}

apr_status_t usage_salts_keep(usage_salts_t *salts,
                              const usage_salts_need_t *need,
                              usage_random_fn *random)
{
    apr_status_t rv = APR_SUCCESS;
    destroy_needless(salts, need);
    if (atomic_load(&salts->is_shared)) {
        return APR_SUCCESS;
    }
    for (int i = 0; i < need->zones->all->nelts; i++) {
        const usage_zone_t *zone = zone_at(need, i);
        apr_int64_t tomorrow = usage_zone_day_next(zone, need->now);
        apr_status_t made = make_at(salts, zone, need, need->now, random);
        if (made == APR_SUCCESS) {
            made = make_at(salts, zone, need, tomorrow, random);
        }
        rv = made != APR_SUCCESS ? made : rv;
    }
    return rv;
}

apr_status_t usage_salts_let(usage_salts_t *salts, bool is_shared,
                             usage_random_fn *random)
{
    apr_uint64_t seed[2];
    if ((atomic_load(&salts->is_shared) != 0) == is_shared) {
        return APR_SUCCESS;
    }
    atomic_store(&salts->is_shared, is_shared);
    for (int i = 0; i < USAGE_SALTS; i++) {
        destroy(&salts->of[i]);
    }
    apr_status_t rv = random((unsigned char *)seed, sizeof seed);
    if (rv == APR_SUCCESS) {
        usage_secret_make(&salts->agents, seed[0]);
    }
    return rv;
}

bool usage_salts_lack(const usage_salts_t *salts,
                      const usage_salts_need_t *need)
{
    for (int i = 0; i < need->zones->all->nelts; i++) {
        apr_int64_t today = usage_zone_day(zone_at(need, i), need->now);
        if (usage_salts_of(salts, today) == NULL) {
            return true;
        }
    }
    return false;
}

bool usage_salts_take(usage_salts_t *salts, apr_int64_t day, apr_int64_t until,
                      const unsigned char key[16])
{
    usage_salt_t *salt = find(salts, day);
    if (salt == NULL) {
        return false;
    }
    if (atomic_load(&salt->day) == day
        && memcmp(salt->key, key, sizeof salt->key) == 0) {
        salt->until = until > salt->until ? until : salt->until;
        return false;
    }
    destroy(salt);
    memcpy(salt->key, key, sizeof salt->key);
    salt->until = until;
    atomic_store(&salt->day, day);
    return true;
}

const unsigned char *usage_salts_of(const usage_salts_t *salts, apr_int64_t day)
{
    for (int i = 0; i < PROBES; i++) {
        const usage_salt_t *salt = &salts->of[place_of(day, i)];
        if (atomic_load_explicit(&salt->day, memory_order_acquire) == day) {
            return day != 0 ? salt->key : NULL;
        }
    }
    return NULL;
}
