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

/** Bytes of a word at most; longer ones are in no set. */
#define USAGE_WORD_MAX 32

typedef struct usage_wordset_t usage_wordset_t;

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

/**
 * As usage_wordset_has, of a word of one to eight bytes that is read already.
 * @param word its bytes without case, the first the lowest, and zeros above
 */
bool usage_wordset_has_short(const usage_wordset_t *set, apr_uint64_t word);

#endif
