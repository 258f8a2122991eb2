/* SPDX-License-Identifier: Apache-2.0 */
/* Sites' places, found by open addressing. Runs in every thread. */
#include "site.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Places looked at before a site shares one. */
#define PROBES 32

#define MINUTE      60
#define DAY_LONGEST (2 * 86400) /* seconds to the next day, at most */

apr_uint64_t usage_site_key(usage_text_t name)
{
    return usage_table_site_hash(name);
}

usage_site_t *usage_site_of(const usage_sites_t *sites, apr_uint64_t key)
{
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        usage_site_t *site = &sites->all[(key + i) & (sites->count - 1)];
        apr_uint64_t seen =
            atomic_load_explicit(&site->key, memory_order_relaxed);
        if (seen == key
            || (seen == 0
                && atomic_compare_exchange_strong(&site->key, &seen, key))
            || seen == key) {
            return site;
        }
    }
    return &sites->all[sites->count + (key >> 32) % USAGE_SITES_SHARED];
}

bool usage_site_shares(const usage_sites_t *sites, apr_uint64_t key)
{
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        const usage_site_t *site = &sites->all[(key + i) & (sites->count - 1)];
        apr_uint64_t seen = atomic_load(&site->key);
        if (seen == key || seen == 0) {
            return false;
        }
    }
    return true;
}

bool usage_site_is_known(const usage_sites_t *sites, apr_uint32_t low)
{
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        const usage_site_t *site = &sites->all[(low + i) & (sites->count - 1)];
        apr_uint64_t seen =
            atomic_load_explicit(&site->key, memory_order_relaxed);
        if (seen == 0 || (apr_uint32_t)seen == low) {
            return seen != 0;
        }
    }
    return true;
}

static void raise_to(_Atomic apr_uint32_t *peak, apr_uint32_t views)
{
    apr_uint32_t seen = atomic_load_explicit(peak, memory_order_relaxed);
    while (seen < views && !atomic_compare_exchange_weak(peak, &seen, views)) {
        continue;
    }
}

static void note_minute(usage_site_t *site, apr_int64_t time)
{
    apr_uint64_t minute = (apr_uint32_t)((apr_uint64_t)time / MINUTE);
    _Atomic apr_uint64_t *bucket = &site->minutes[minute % USAGE_MINUTE_PLACES];
    apr_uint64_t seen = atomic_load_explicit(bucket, memory_order_relaxed);
    apr_uint64_t next;
    do {
        next = seen >> 32 == minute ? seen + 1 : minute << 32 | 1;
    } while (!atomic_compare_exchange_weak(bucket, &seen, next));
    raise_to(&site->peak, (apr_uint32_t)next);
}

void usage_site_note(usage_site_t *site, apr_uint32_t place, apr_int64_t time,
                     bool is_new)
{
    apr_uint64_t at =
        atomic_fetch_add_explicit(&site->next, 1, memory_order_relaxed);
    atomic_store_explicit(&site->ring[at % USAGE_RING],
                          usage_place_word(place, time, is_new),
                          memory_order_release);
    note_minute(site, time);
}

void usage_site_minutes(const usage_site_t *site, apr_int64_t now,
                        apr_uint32_t minutes[USAGE_MINUTES])
{
    apr_uint32_t last = (apr_uint32_t)(now / MINUTE);
    for (apr_uint32_t i = 0; i < USAGE_MINUTES; i++) {
        apr_uint32_t minute = last - (USAGE_MINUTES - 1) + i;
        apr_uint64_t seen =
            atomic_load(&site->minutes[minute % USAGE_MINUTE_PLACES]);
        minutes[i] = seen >> 32 == minute ? (apr_uint32_t)seen : 0;
    }
}

/* Take one of the day's budget: false if there is none left. A hit that comes
 * late, after midnight, takes of the new day's. */
static bool take(usage_site_t *site, const usage_candidate_t *candidate)
{
    _Atomic apr_uint64_t *names = &site->names[candidate->sort];
    apr_uint32_t day = (apr_uint32_t)candidate->day;
    apr_uint64_t seen = atomic_load(names);
    apr_uint64_t next;
    do {
        apr_uint32_t ahead = (apr_uint32_t)(seen >> 32) - day;
        bool is_same = ahead <= DAY_LONGEST;
        apr_uint64_t base = is_same ? seen : (apr_uint64_t)day << 32;
        if ((apr_uint32_t)base >= candidate->budget) {
            return false;
        }
        next = base + 1;
    } while (!atomic_compare_exchange_weak(names, &seen, next));
    return true;
}

static apr_uint64_t fingerprint(const usage_site_t *site,
                                const usage_candidate_t *candidate)
{
    apr_uint64_t seed =
        atomic_load(&site->key) ^ (apr_uint64_t)candidate->day
        ^ (apr_uint64_t)candidate->sort * APR_UINT64_C(0x9e3779b97f4a7c15);
    if (candidate->category.length > 0) {
        seed = XXH3_64bits_withSeed(candidate->category.data,
                                    candidate->category.length, seed);
    }
    return XXH3_64bits_withSeed(candidate->name.data, candidate->name.length,
                                seed);
}

bool usage_site_admits(usage_site_t *site, const usage_set_t *seen,
                       const usage_candidate_t *candidate)
{
    apr_uint64_t member = fingerprint(site, candidate);
    if (usage_set_find(seen, member) == USAGE_SET_PRESENT) {
        usage_set_add(seen, member); /* carried on: see set.h */
        return true;
    }
    if (!take(site, candidate)) {
        return false;
    }
    usage_set_answer_e answer = usage_set_add(seen, member);
    if (answer != USAGE_SET_ADDED) {
        atomic_fetch_sub(&site->names[candidate->sort], 1);
    }
    return answer != USAGE_SET_FULL;
}
