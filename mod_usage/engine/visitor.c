/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The message that SipHash reads is kept short: a visitor is hashed at each
 * view, and each eight bytes cost two rounds.
 *
 *   IPv4   [ address 4 | agent and site 8 ]
 *   IPv6   [ address 16 | agent and site 8 ]
 *
 * SipHash takes the length in, so no IPv6 network looks like an IPv4 one.
 */
#include "visitor.h"

#include <string.h>

#include <arpa/inet.h>

#include <apr_siphash.h>

#define V4_LENGTH 4
#define V6_LENGTH 16

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0,    0,
                                          0, 0, 0, 0, 0xff, 0xff };

/* Clear all but the first @a bits of an IPv6 address. */
static void mask_v6(unsigned char *address, int bits)
{
    int whole = bits / 8;
    if (whole < V6_LENGTH) {
        address[whole] &= (unsigned char)(0xff00 >> bits % 8);
        memset(address + whole + 1, 0, (apr_size_t)(V6_LENGTH - whole - 1));
    }
}

/* The word to which an IPv4 address is masked, in network order. */
static apr_uint32_t mask_v4(int bits)
{
    return htonl((apr_uint32_t)(APR_UINT64_C(0xffffffff) << (32 - bits)));
}

/* Hashes of agent and site that are good on their own make a good one of both
 * by "or, but not both". */
static apr_uint64_t hash_masked(const usage_visitor_t *visitor,
                                unsigned char *message, int length,
                                const unsigned char *salt)
{
    apr_uint64_t who = visitor->agent ^ visitor->site;
    memcpy(message + length, &who, sizeof who);
    return apr_siphash24(message, (apr_size_t)length + sizeof who, salt);
}

static inline apr_uint64_t hash_v4(const usage_visitor_t *visitor,
                                   const unsigned char *address,
                                   const unsigned char *salt)
{
    unsigned char message[V4_LENGTH + sizeof(apr_uint64_t)];
    apr_uint32_t word;
    memcpy(&word, address, sizeof word);
    word &= mask_v4(visitor->mask.v4);
    memcpy(message, &word, sizeof word);
    return hash_masked(visitor, message, V4_LENGTH, salt);
}

__attribute__((noinline)) static apr_uint64_t
hash_v6(const usage_visitor_t *visitor, const unsigned char *salt)
{
    unsigned char message[V6_LENGTH + sizeof(apr_uint64_t)];
    memcpy(message, visitor->address, V6_LENGTH);
    mask_v6(message, visitor->mask.v6);
    return hash_masked(visitor, message, V6_LENGTH, salt);
}

static inline apr_uint64_t hash_of(const usage_visitor_t *visitor,
                                   const unsigned char *salt)
{
    static const unsigned char nowhere[V4_LENGTH];
    const unsigned char *address = visitor->address;
    if (visitor->address_length == V6_LENGTH) {
        if (memcmp(address, mapped, sizeof mapped) != 0) {
            return hash_v6(visitor, salt);
        }
        address += sizeof mapped;
    }
    else if (visitor->address_length != V4_LENGTH) {
        address = nowhere;
    }
    return hash_v4(visitor, address, salt);
}

apr_uint64_t usage_visitor_hash(const usage_visitor_t *visitor,
                                const unsigned char *salt)
{
    apr_uint64_t hash = hash_of(visitor, salt);
    return hash != 0 ? hash : 1;
}
