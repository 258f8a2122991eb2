/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visitors and other distinct things that no flush has written. Each is known
 * by the hash of its site and category alone; which are of other categories
 * than visitors, the segment's counts tell.
 */
#ifndef USAGE_NEWCOMERS_H
#define USAGE_NEWCOMERS_H

#include <stdbool.h>

#include <apr_hash.h>
#include <apr_tables.h>

#include "engine/memory.h"
#include "engine/seen.h"

typedef struct usage_newcomers_t {
    apr_array_header_t *all; /**< of usage_newcomer_t, by day and site and
                                  category; visitor 0: was taken */
    apr_hash_t *owners; /**< of those that are no visitors: the low half of
                             usage_seen_key -> usage_owner_t */
} usage_newcomers_t;

/** Whose some of them are. */
typedef struct usage_owner_t {
    const char *site;
    const char *category;
} usage_owner_t;

/** Read them, before the database is asked: so that none is missed that is
 * written meanwhile. */
usage_newcomers_t *usage_newcomers_read(const usage_memory_t *memory,
                                        apr_pool_t *pool);

/** The same, of which to take anew; what is learnt of one, the other knows. */
usage_newcomers_t *usage_newcomers_copy(const usage_newcomers_t *newcomers,
                                        apr_pool_t *pool);

/** Learn of a key of kind USAGE_KIND_SEEN, whose things may be among them. */
void usage_newcomers_know(usage_newcomers_t *newcomers, const usage_key_t *key);

/** What they have of a site and category: the low half of its key. */
apr_uint32_t usage_newcomers_key(const char *site, const char *category);

/**
 * Where those of a day and of a site and category begin.
 * @param key usage_newcomers_key
 * @return -1 if there are none that weren't taken
 */
int usage_newcomers_find(const usage_newcomers_t *newcomers, apr_int64_t day,
                         apr_uint32_t key);

/** Take those that begin at @a at; @return where they end. */
int usage_newcomers_take(usage_newcomers_t *newcomers, int at,
                         usage_newcomer_fn *fn, void *baton);

/** Whether one is of a category, at a site or ("") at any. */
bool usage_newcomers_is_of(const usage_newcomers_t *newcomers,
                           const usage_newcomer_t *newcomer, const char *site,
                           const char *category);

#endif
