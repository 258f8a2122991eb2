/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the segment keeps for a site beside its counters: the newest views, the
 * views of each minute of the last hour, and how many distinct names of each
 * sort the day has had. A site is given its place when it has its first view;
 * when all are given out, the sites that come later share a few more, behind
 * them, each with those of its hash.
 */
#ifndef USAGE_SITE_H
#define USAGE_SITE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "place.h"
#include "set.h"
#include "table.h"

/** Views in a site's ring, a power of two. */
#define USAGE_RING 64

/** Places that are shared, a power of two. */
#define USAGE_SITES_SHARED 1024

/** Minutes of activity, and places for minutes: a power of two, so that a view
 * finds its own without a division. */
#define USAGE_MINUTES       60
#define USAGE_MINUTE_PLACES 64

/** Sorts of names that a site has a budget of each day. */
typedef enum usage_names_e {
    USAGE_NAMES_PATH, /**< UsagePaths of them */
    USAGE_NAMES_EVENT, /**< USAGE_NAMES_BUDGET of these and of each below */
    USAGE_NAMES_SOURCE,
    USAGE_NAMES_COUNTRY,
    USAGE_NAMES_LANGUAGE,
    USAGE_NAMES_VERSION,
    USAGE_NAMES_CAMPAIGN,
    USAGE_NAMES_NOT_FOUND,
    USAGE_NAMES_DOWNLOAD,
    USAGE_NAMES_DISTINCT, /**< categories: USAGE_DISTINCT_CATEGORIES */
    USAGE_NAMES_SORTS,
    USAGE_NAMES_CLOSED = USAGE_NAMES_SORTS /**< of a closed set: no budget */
} usage_names_e;

/** Distinct names of a sort that a site may count a day, but for paths. */
#define USAGE_NAMES_BUDGET 1000

/** A name that wants to be counted by itself. */
typedef struct usage_candidate_t {
    usage_names_e sort;
    usage_text_t category; /**< what tells names of one sort apart, or empty */
    usage_text_t name;
    apr_int64_t day; /**< its first second */
    apr_uint32_t budget; /**< distinct names of the sort in it */
} usage_candidate_t;

typedef struct usage_site_t {
    _Atomic apr_uint64_t key; /**< usage_site_key, 0: shared, or no site's */
    _Atomic apr_uint64_t next; /**< views that went into the ring so far */
    _Atomic apr_uint64_t ring[USAGE_RING]; /**< place.h; flag: a new visit */
    _Atomic apr_uint64_t
        minutes[USAGE_MINUTE_PLACES]; /**< minute, and its views */
    _Atomic apr_uint32_t peak; /**< the most views of a minute so far */
    _Atomic apr_uint64_t names[USAGE_NAMES_SORTS]; /**< a day's second, and its
                                                      distinct names */
    apr_uint64_t
        flushed; /**< of `next`, views in usage_recent: the flusher's */
} usage_site_t;

/** Where the sites lie in this process. */
typedef struct usage_sites_t {
    usage_site_t *all; /**< first those of one site each */
    apr_uint32_t count; /**< of those, a power of two */
} usage_sites_t;

/** The key of a site's name, which is its hash in the table too: the same
 * everywhere; never 0. */
apr_uint64_t usage_site_key(usage_text_t name);

/** The place of a site, given out now if it has none. */
usage_site_t *usage_site_of(const usage_sites_t *sites, apr_uint64_t key);

/** As usage_site_of. Inline is the way of nearly all: theirs is the first. */
static inline usage_site_t *usage_site_at(const usage_sites_t *sites,
                                          apr_uint64_t key)
{
    usage_site_t *site = &sites->all[key & (sites->count - 1)];
    return atomic_load_explicit(&site->key, memory_order_relaxed) == key
               ? site
               : usage_site_of(sites, key);
}

/** Whether all places that a site could be given are others' by now. */
bool usage_site_shares(const usage_sites_t *sites, apr_uint64_t key);

/** Whether a site whose key ends in @a low has a place, or may share one. */
bool usage_site_is_known(const usage_sites_t *sites, apr_uint32_t low);

/** How many places there are, shared ones and all. */
static inline apr_uint32_t usage_sites_length(const usage_sites_t *sites)
{
    return sites->count + USAGE_SITES_SHARED;
}

/**
 * Note a view: in the ring and in its minute.
 * @param place usage_place_bits
 */
void usage_site_note(usage_site_t *site, apr_uint32_t place, apr_int64_t time,
                     bool is_new);

/** Views of the minutes up to the one of @a now, the oldest first. */
void usage_site_minutes(const usage_site_t *site, apr_int64_t now,
                        apr_uint32_t minutes[USAGE_MINUTES]);

/**
 * Whether a name may be counted by itself: it was met before on this day, or
 * the day's budget has room for it, of which it then takes one.
 * @param seen the set that remembers names by the day
 */
bool usage_site_admits(usage_site_t *site, const usage_set_t *seen,
                       const usage_candidate_t *candidate);

#endif
