/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing, at most a quarter full. Looked up in every thread. */
#include "wordset.h"

#include <string.h>

#define PARTS (USAGE_WORD_MAX / 8)

/* The first eight bytes of a word at most, the first the lowest. */
static apr_uint64_t pack(const char *word, apr_size_t length)
{
    apr_uint64_t packed = 0;
    for (apr_size_t i = 0; i < length && i < 8; i++) {
        packed |= (apr_uint64_t)(unsigned char)(word[i] | USAGE_WORD_CASE)
                  << 8 * i;
    }
    return packed;
}

/* Whether a place holds the part of a word behind its first eight bytes. */
static bool has_rest(const usage_packed_t *place, const char *word,
                     apr_size_t length)
{
    apr_size_t part = 1;
    for (; part * 8 < length; part++) {
        if (place->part[part] != pack(word + part * 8, length - part * 8)) {
            return false;
        }
    }
    return part == PARTS || place->part[part] == 0;
}

/* The place of a word, or the free one where it would go. */
static usage_packed_t *place_of(const usage_wordset_t *set, const char *word,
                                apr_size_t length)
{
    apr_uint64_t first = pack(word, length);
    apr_size_t at = usage_wordset_hash(first);
    usage_packed_t *place = &set->places[at & set->mask];
    while (place->part[0] != 0
           && (place->part[0] != first || !has_rest(place, word, length))) {
        place = &set->places[++at & set->mask];
    }
    return place;
}

usage_wordset_t *usage_wordset_make(const apr_array_header_t *words,
                                    apr_pool_t *pool)
{
    usage_wordset_t *set = apr_palloc(pool, sizeof *set);
    apr_size_t count = 8;
    while (count < (apr_size_t)words->nelts * 4) {
        count *= 2;
    }
    set->mask = count - 1;
    set->places = apr_pcalloc(pool, count * sizeof *set->places);
    for (int i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);
        apr_size_t length = strlen(word);
        if (length > 0 && length <= USAGE_WORD_MAX) {
            usage_packed_t *place = place_of(set, word, length);
            for (apr_size_t j = 0; j * 8 < length; j++) {
                place->part[j] = pack(word + j * 8, length - j * 8);
            }
        }
    }
    return set;
}

bool usage_wordset_has(const usage_wordset_t *set, const char *word,
                       apr_size_t length)
{
    return length > 0 && length <= USAGE_WORD_MAX
           && place_of(set, word, length)->part[0] != 0;
}
