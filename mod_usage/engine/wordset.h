/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of short words without regard to case, made once and then only read:
 * extensions of files. A word is packed into a fixed number of bytes, so that
 * to look one up is to hash and compare a few machine words.
 */
#ifndef USAGE_WORDSET_H
#define USAGE_WORDSET_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "often.h"

/** Bytes of a word at most; longer ones are in no set. */
#define USAGE_WORD_MAX 32

/** A word, eight bytes to a part, the first the lowest. */
typedef struct usage_packed_t {
    apr_uint64_t part[USAGE_WORD_MAX / 8];
} usage_packed_t;

typedef struct usage_wordset_t {
    usage_packed_t *places; /**< all zero: free */
    apr_size_t mask; /**< their number, a power of two, less 1 */
} usage_wordset_t;

/** A set of the words of an array of const char *. */
usage_wordset_t *usage_wordset_make(const apr_array_header_t *words,
                                    apr_pool_t *pool);

/** Whether a word of @a length bytes is in the set. */
bool usage_wordset_has(const usage_wordset_t *set, const char *word,
                       apr_size_t length);

/** Case is one bit of a letter. It is set in digits and in other signs as well;
 * what else it makes equal is no extension. */
#define USAGE_WORD_CASE 0x20

/** Eight bytes without their case. */
static inline apr_uint64_t usage_wordset_fold(apr_uint64_t bytes)
{
    return bytes | USAGE_WORD_CASE * APR_UINT64_C(0x0101010101010101);
}

/** Where a word is looked for first, by its first part: words that begin with
 * the same eight bytes are few. */
static inline apr_size_t usage_wordset_hash(apr_uint64_t first)
{
    return (apr_size_t)(first * APR_UINT64_C(0x9e3779b97f4a7c15) >> 44);
}

/**
 * As usage_wordset_has, of a word of one to eight bytes that is read already.
 * @param word its bytes without case, the first the lowest, and zeros above
 */
static USAGE_OFTEN bool usage_wordset_has_short(const usage_wordset_t *set,
                                                apr_uint64_t word)
{
    apr_size_t at = usage_wordset_hash(word) & set->mask;
    const usage_packed_t *place = &set->places[at];
    while (place->part[0] != word || place->part[1] != 0) {
        if (place->part[0] == 0) {
            return false;
        }
        place = &set->places[++at & set->mask];
    }
    return true;
}

#endif
