/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock-free set of 64-bit fingerprints in shared memory, of bounded size: it
 * holds two generations. New ones go into the current; when that is full, the
 * flusher empties the other and makes it current, so what was not met for a
 * whole generation is forgotten.
 */
#ifndef USAGE_SET_H
#define USAGE_SET_H

#include <stdatomic.h>

#include <apr.h>

#include "apart.h"

typedef struct usage_set_head_t {
    _Atomic apr_uint32_t current; /**< 0 or 1 */
    char apart[USAGE_APART];
    _Atomic apr_uint32_t used[2];
    char apart_too[USAGE_APART];
} usage_set_head_t;

/** Where a set lies in this process. */
typedef struct usage_set_t {
    usage_set_head_t *head;
    _Atomic apr_uint64_t *members[2];
    apr_uint32_t capacity; /**< of one generation, a power of two */
} usage_set_t;

typedef enum usage_set_answer_e {
    USAGE_SET_PRESENT, /**< it was there */
    USAGE_SET_ADDED, /**< it was not, and is now */
    USAGE_SET_FULL /**< it was not, and there is no room */
} usage_set_answer_e;

/** Look a fingerprint up in both generations. @return PRESENT or FULL */
usage_set_answer_e usage_set_find(const usage_set_t *set,
                                  apr_uint64_t fingerprint);

/** Add a fingerprint unless it is there; of several adders one gets ADDED. */
usage_set_answer_e usage_set_add(const usage_set_t *set,
                                 apr_uint64_t fingerprint);

/** As usage_set_add. Inline is the way of nearly all that are there: in the
 * place that is looked at first. */
static inline usage_set_answer_e usage_set_meet(const usage_set_t *set,
                                                apr_uint64_t fingerprint)
{
    unsigned current =
        atomic_load_explicit(&set->head->current, memory_order_acquire) & 1;
    apr_uint64_t at = fingerprint & (set->capacity - 1);
    apr_uint64_t seen =
        atomic_load_explicit(&set->members[current][at], memory_order_relaxed);
    return seen == fingerprint && seen != 0 ? USAGE_SET_PRESENT
                                            : usage_set_add(set, fingerprint);
}

/** Put a fingerprint into a generation, or into the other if that has no
 * room. Nobody else may be in here. */
void usage_set_put(const usage_set_t *set, unsigned generation,
                   apr_uint64_t fingerprint);

/** Begin a new generation if the current is nearly full; the flusher's. */
void usage_set_rotate(const usage_set_t *set);

#endif
