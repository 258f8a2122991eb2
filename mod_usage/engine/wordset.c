/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing, at most half full. Looked up in every thread. */
#include "wordset.h"

#include <string.h>

#define PARTS (USAGE_WORD_MAX / 8)

typedef struct packed_t {
    apr_uint64_t part[PARTS];
} packed_t;

struct usage_wordset_t {
    packed_t *places; /* all zero: free */
    apr_size_t count; /* a power of two */
};

/* Case is one bit of a letter. It is set in digits and in the signs of a media
 * type as well; what else it makes equal stands in no sensible list. */
static packed_t pack(const char *word, apr_size_t length)
{
    packed_t packed = { { 0 } };
    char *to = (char *)packed.part;
    for (apr_size_t i = 0; i < length; i++) {
        to[i] = (char)(word[i] | 0x20);
    }
    return packed;
}

/* Words that begin with the same eight bytes are few. */
static apr_size_t hash(const packed_t *word)
{
    return (apr_size_t)(word->part[0] * APR_UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

static bool is_same(const packed_t *a, const packed_t *b)
{
    apr_uint64_t difference = 0;
    for (int i = 0; i < PARTS; i++) {
        difference |= a->part[i] ^ b->part[i];
    }
    return difference == 0;
}

/* The place of a word, or the free one where it would go. */
static packed_t *place_of(const usage_wordset_t *set, const packed_t *word)
{
    apr_size_t at = hash(word) & (set->count - 1);
    while (set->places[at].part[0] != 0 && !is_same(&set->places[at], word)) {
        at = (at + 1) & (set->count - 1);
    }
    return &set->places[at];
}

usage_wordset_t *usage_wordset_make(const apr_array_header_t *words,
                                    apr_pool_t *pool)
{
    usage_wordset_t *set = apr_palloc(pool, sizeof *set);
    set->count = 8;
    while (set->count < (apr_size_t)words->nelts * 2) {
        set->count *= 2;
    }
    set->places = apr_pcalloc(pool, set->count * sizeof *set->places);
    for (int i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);
        apr_size_t length = strlen(word);
        if (length > 0 && length <= USAGE_WORD_MAX) {
            packed_t packed = pack(word, length);
            *place_of(set, &packed) = packed;
        }
    }
    return set;
}

bool usage_wordset_has(const usage_wordset_t *set, const char *word,
                       apr_size_t length)
{
    if (length == 0 || length > USAGE_WORD_MAX) {
        return false;
    }
    packed_t packed = pack(word, length);
    return place_of(set, &packed)->part[0] != 0;
}
