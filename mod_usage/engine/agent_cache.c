/* SPDX-License-Identifier: Apache-2.0 */
/* The words are drawn in agent_cache.h. Runs in every thread of every child. */
#include "agent_cache.h"

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "words are lock-free");

static apr_uint64_t load(const usage_agent_cache_t *cache, apr_uint64_t place)
{
    return atomic_load_explicit(&cache->words[place], memory_order_relaxed);
}

/* A free one of the places; if there is none, one by chance. */
static apr_uint64_t room_of(const usage_agent_cache_t *cache,
                            apr_uint64_t place, apr_uint64_t hash)
{
    for (apr_uint64_t i = 0; i < USAGE_AGENT_WAYS; i++) {
        if (load(cache, place ^ i) == 0) {
            return place ^ i;
        }
    }
    return place ^ (hash >> 30 & (USAGE_AGENT_WAYS - 1));
}

usage_known_agent_t usage_agent_cached_elsewhere(
    const usage_agent_cache_t *cache, const char *agent, apr_size_t length,
    const usage_agent_patterns_t *patterns, apr_uint64_t known)
{
    apr_uint64_t hash = known ^ usage_agent_patterns_salt(patterns);
    apr_uint64_t place = hash & (cache->count - 1);
    for (apr_uint64_t i = 0; i < USAGE_AGENT_WAYS; i++) {
        apr_uint64_t word = load(cache, place ^ i);
        if (usage_agent_cache_is(word, hash)) {
            return (usage_known_agent_t){ known, (apr_uint32_t)word };
        }
    }
    usage_agent_t result = usage_agent_of(agent, length, patterns);
    apr_uint32_t bits = usage_agent_pack(&result);
    atomic_store_explicit(&cache->words[room_of(cache, place, hash)],
                          (hash & USAGE_AGENT_TAG) | bits,
                          memory_order_relaxed);
    return (usage_known_agent_t){ known, bits };
}
