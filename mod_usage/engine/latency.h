/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long views took, of all sites together since the segment began: one
 * counter for each power of two of milliseconds, so that a view costs a few
 * instructions.
 */
#ifndef USAGE_LATENCY_H
#define USAGE_LATENCY_H

#include <stdatomic.h>

#include <apr.h>

/** Counter i is of views that took less than 2^i milliseconds, and not less
 * than 2^(i-1); the last one of all that took longer. */
#define USAGE_LATENCY_COUNTERS 17

typedef struct usage_latency_t {
    _Atomic apr_int64_t views[USAGE_LATENCY_COUNTERS];
} usage_latency_t;

/** Count a view; @a millis are whole ones, rounded down. */
static inline void usage_latency_add(usage_latency_t *latency,
                                     apr_int64_t millis)
{
    unsigned at =
        63U - (unsigned)__builtin_clzll((apr_uint64_t)millis << 1 | 1);
    at = at < USAGE_LATENCY_COUNTERS ? at : USAGE_LATENCY_COUNTERS - 1;
    atomic_fetch_add_explicit(&latency->views[at], 1, memory_order_relaxed);
}

#endif
