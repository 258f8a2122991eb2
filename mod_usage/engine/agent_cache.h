/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Agents that were seen before, so that a known one costs a hash and a load.
 *
 *   words   [ tag 32 | agent 32 ] [ tag | agent ] ...
 *
 * An agent's hash has its place in the low bits and its tag in the high ones;
 * it stands in one of the USAGE_AGENT_WAYS words around that place, which
 * share a cache line. A word is written at once and is all there is of an
 * agent, so what a thread reads is whole, and any process may overwrite any
 * word at any time. 0 is an empty one.
 *
 * Strings of one hash share an answer. The secret is random, so nobody finds
 * two of them by thinking.
 */
#ifndef USAGE_AGENT_CACHE_H
#define USAGE_AGENT_CACHE_H

#include <stdatomic.h>

#include "agent_patterns.h"
#include "secret.h"

/** Words in which an agent may stand: place, place ^ 1, place ^ 2, … */
#define USAGE_AGENT_WAYS 4

typedef struct usage_agent_cache_t {
    _Atomic apr_uint64_t *words; /**< zero at first; may be shared memory */
    apr_uint32_t count; /**< of words: a power of two, 4 at least */
    const usage_secret_t *secret; /**< the same for all who share the words */
} usage_agent_cache_t;

/** An agent that was looked up. */
typedef struct usage_known_agent_t {
    apr_uint64_t hash; /**< of its first USAGE_AGENT_MAX bytes, under the
                            secret; the same whatever the patterns */
    apr_uint32_t bits; /**< usage_agent_pack */
} usage_known_agent_t;

/** As usage_agent_of, but remembered. */
usage_known_agent_t usage_agent_cached(const usage_agent_cache_t *cache,
                                       const char *agent, apr_size_t length,
                                       const usage_agent_patterns_t *patterns);

#endif
