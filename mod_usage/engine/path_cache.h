/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths that were seen before, so that what has to be read of a known one is
 * its hash.
 *
 *   words   [ tag 61 | C | S | 1 ] [ tag | C | S | 1 ] ...
 *
 * S: its extension is static; C: it is clean as it is (path.h). A word is
 * written at once and is all there is of a path; a newer path takes the word
 * of an older one. 0 is an empty word.
 */
#ifndef USAGE_PATH_CACHE_H
#define USAGE_PATH_CACHE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "secret.h"
#include "table.h"
#include "wordset.h"

/** Words of a process. */
#define USAGE_PATH_WORDS 8192

typedef struct usage_path_cache_t {
    _Atomic apr_uint64_t words[USAGE_PATH_WORDS];
} usage_path_cache_t;

/** A path that was looked up. */
typedef struct usage_known_path_t {
    usage_text_t text; /**< as it was given */
    apr_uint64_t hash; /**< of the text, under the secret */
    bool is_static; /**< as usage_rules_is_static has it */
    bool is_clean; /**< usage_path_clean would not change it */
} usage_known_path_t;

/**
 * Look at a path.
 * @param extensions the static ones; they live as long as the cache
 */
usage_known_path_t usage_path_known(usage_path_cache_t *cache,
                                    const usage_secret_t *secret,
                                    const usage_wordset_t *extensions,
                                    const char *path);

#endif
