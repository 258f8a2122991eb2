/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of a message whose length the
 * compiler knows: the same as apr_siphash24, which finds it out each time.
 */
#ifndef USAGE_SIPHASH_H
#define USAGE_SIPHASH_H

#include <endian.h>
#include <string.h>

#include <apr.h>

#include "often.h"

static USAGE_OFTEN apr_uint64_t usage_siphash_turn(apr_uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static USAGE_OFTEN void usage_siphash_rounds(apr_uint64_t v[4], int rounds)
{
    for (int i = 0; i < rounds; i++) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = usage_siphash_turn(v[1], 13) ^ v[0];
        v[3] = usage_siphash_turn(v[3], 16) ^ v[2];
        v[0] = usage_siphash_turn(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = usage_siphash_turn(v[1], 17) ^ v[2];
        v[3] = usage_siphash_turn(v[3], 21) ^ v[0];
        v[2] = usage_siphash_turn(v[2], 32);
    }
}

static USAGE_OFTEN void usage_siphash_take(apr_uint64_t v[4], apr_uint64_t word)
{
    v[3] ^= word;
    usage_siphash_rounds(v, 2);
    v[0] ^= word;
}

/** The hash of @a length bytes under a key of 16. */
static USAGE_OFTEN apr_uint64_t usage_siphash(const unsigned char *message,
                                              apr_size_t length,
                                              const unsigned char *key)
{
    apr_uint64_t keys[2];
    memcpy(keys, key, sizeof keys);
    keys[0] = le64toh(keys[0]);
    keys[1] = le64toh(keys[1]);
    apr_uint64_t v[4] = { keys[0] ^ APR_UINT64_C(0x736f6d6570736575),
                          keys[1] ^ APR_UINT64_C(0x646f72616e646f6d),
                          keys[0] ^ APR_UINT64_C(0x6c7967656e657261),
                          keys[1] ^ APR_UINT64_C(0x7465646279746573) };
    apr_uint64_t word;
    apr_size_t at = 0;
    for (; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, message + at, sizeof word);
        usage_siphash_take(v, le64toh(word));
    }
    word = 0;
    memcpy(&word, message + at, length - at);
    usage_siphash_take(v, le64toh(word) | (apr_uint64_t)length << 56);
    v[2] ^= 0xff;
    usage_siphash_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
