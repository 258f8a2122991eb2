/* SPDX-License-Identifier: Apache-2.0 */
/* The words are drawn in path_cache.h. Runs in every thread of every child. */
#include "path_cache.h"

#include <stdint.h>
#include <string.h>

#include "path.h"
#include "rules.h"

enum { IS_KNOWN = 1, IS_STATIC = 2, IS_CLEAN = 4, FLAGS = 7 };

static apr_uint64_t look_at(const usage_wordset_t *extensions,
                            usage_text_t path)
{
    return IS_KNOWN | (usage_rules_is_static(extensions, path) ? IS_STATIC : 0U)
           | (usage_path_is_clean(path) ? IS_CLEAN : 0U);
}

/* Under other extensions a path is another one. */
static apr_uint64_t tag_of(apr_uint64_t hash, const usage_wordset_t *extensions)
{
    apr_uint64_t list = (apr_uint64_t)(uintptr_t)extensions;
    return (hash ^ list << 16) & ~(apr_uint64_t)FLAGS;
}

usage_known_path_t usage_path_known(usage_path_cache_t *cache,
                                    const usage_secret_t *secret,
                                    const usage_wordset_t *extensions,
                                    const char *path)
{
    usage_text_t text = { path, strlen(path) };
    apr_uint64_t hash = usage_secret_hash(secret, path, text.length);
    apr_uint64_t tag = tag_of(hash, extensions);
    _Atomic apr_uint64_t *place =
        &cache->words[tag / (FLAGS + 1) % USAGE_PATH_WORDS];
    apr_uint64_t word = atomic_load_explicit(place, memory_order_relaxed);
    if ((word ^ tag) > FLAGS || (word & IS_KNOWN) == 0) {
        word = tag | look_at(extensions, text);
        atomic_store_explicit(place, word, memory_order_relaxed);
    }
    return (usage_known_path_t){ .text = text,
                                 .hash = hash,
                                 .is_static = (word & IS_STATIC) != 0,
                                 .is_clean = (word & IS_CLEAN) != 0 };
}
