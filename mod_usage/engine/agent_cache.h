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
#include <stdbool.h>

#include "agent_patterns.h"
#include "often.h"
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

/** The bits of a tag. */
#define USAGE_AGENT_TAG APR_UINT64_C(0xFFFFFFFF00000000)

/** Whether a word is that of a hash. */
static inline bool usage_agent_cache_is(apr_uint64_t word, apr_uint64_t hash)
{
    return ((word ^ hash) & USAGE_AGENT_TAG) == 0 && (word & 1) != 0;
}

/** As usage_agent_cached, of an agent that has this hash, and is not where it
 * is looked for first. */
usage_known_agent_t usage_agent_cached_elsewhere(
    const usage_agent_cache_t *cache, const char *agent, apr_size_t length,
    const usage_agent_patterns_t *patterns, apr_uint64_t known);

/** As usage_agent_of, but remembered. Inline is the way of nearly all that were
 * met before. */
static USAGE_OFTEN usage_known_agent_t
usage_agent_cached(const usage_agent_cache_t *cache, const char *agent,
                   apr_size_t length, const usage_agent_patterns_t *patterns)
{
    apr_size_t read = length < USAGE_AGENT_MAX ? length : USAGE_AGENT_MAX;
    apr_uint64_t known = usage_secret_hash(cache->secret, agent, read);
    apr_uint64_t hash = known ^ usage_agent_patterns_salt(patterns);
    apr_uint64_t word = atomic_load_explicit(
        &cache->words[hash & (cache->count - 1)], memory_order_relaxed);
    if (!usage_agent_cache_is(word, hash)) {
        usage_agent_cache_t copy = *cache; /* the other stays in registers */
        return usage_agent_cached_elsewhere(&copy, agent, length, patterns,
                                            known);
    }
    return (usage_known_agent_t){ known, (apr_uint32_t)word };
}

#endif
