/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was counted since the segment began: for who watches counters that only
 * grow. The tables' slots are cleared once they are drained, so what they have
 * is folded into sums before that, by site:
 *
 *   lifetime = sums + slots of tables that are not folded
 *
 * The sums lie there twice. A fold makes the copy that isn't current of the
 * one that is, with the table's epoch as folded, and then lets it be current:
 * so a flusher may die at any time, and no table is folded twice or read
 * beside its fold. It costs a hit nothing.
 */
#ifndef USAGE_LIFETIME_H
#define USAGE_LIFETIME_H

#include <apr_hash.h>

#include "outcome.h"
#include "site.h"

struct usage_memory_t;

/** Sites that have sums of their own, a power of two; what comes later is
 * summed together. */
#define USAGE_LIFETIME_SITES 1024

typedef struct usage_lifetime_site_t {
    apr_uint64_t key; /**< usage_site_key; 0: free, or of all others */
    apr_int64_t outcomes[USAGE_OUTCOMES];
    apr_int64_t views;
    apr_int64_t visits;
    apr_int64_t bytes; /**< of views */
    apr_int64_t millis; /**< of views */
} usage_lifetime_site_t;

typedef struct usage_lifetime_sums_t {
    apr_uint32_t folded[2]; /**< of each table, its epoch and 1; 0: none */
    usage_lifetime_site_t sites[USAGE_LIFETIME_SITES + 1]; /**< others last */
} usage_lifetime_sums_t;

/** In the segment. */
typedef struct usage_lifetime_t {
    _Atomic apr_uint32_t current; /**< 0 or 1 */
    usage_lifetime_sums_t sums[2];
} usage_lifetime_t;

/** Fold a table that is drained and about to be cleared. The flusher's. */
void usage_lifetime_fold(const struct usage_memory_t *memory, unsigned index);

/**
 * Read what was counted, while it is.
 * @param sites  pointers to keys to usage_lifetime_site_t, whose keys are
 *               filled in; the rest is
 * @param others set to what sites have that are not among them
 */
void usage_lifetime_read(const struct usage_memory_t *memory, apr_hash_t *sites,
                         usage_lifetime_site_t *others);

#endif
