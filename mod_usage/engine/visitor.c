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

#include <apr_siphash.h>

#define V4_LENGTH 4
#define V6_LENGTH 16

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0,    0,
                                          0, 0, 0, 0, 0xff, 0xff };

/* Clear all but the first @a bits of an address. */
static void mask(unsigned char *address, int length, int bits)
{
    int whole = bits / 8;
    if (whole < length) {
        address[whole] &= (unsigned char)(0xff00 >> bits % 8);
        memset(address + whole + 1, 0, (apr_size_t)(length - whole - 1));
    }
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

static apr_uint64_t hash_v4(const usage_visitor_t *visitor,
                            const unsigned char *address,
                            const unsigned char *salt)
{
    unsigned char message[V4_LENGTH + sizeof(apr_uint64_t)];
    memcpy(message, address, V4_LENGTH);
    mask(message, V4_LENGTH, visitor->mask.v4);
    return hash_masked(visitor, message, V4_LENGTH, salt);
}

static apr_uint64_t hash_v6(const usage_visitor_t *visitor,
                            const unsigned char *salt)
{
    unsigned char message[V6_LENGTH + sizeof(apr_uint64_t)];
    memcpy(message, visitor->address, V6_LENGTH);
    mask(message, V6_LENGTH, visitor->mask.v6);
    return hash_masked(visitor, message, V6_LENGTH, salt);
}

static apr_uint64_t hash_of(const usage_visitor_t *visitor,
                            const unsigned char *salt)
{
    static const unsigned char nowhere[V4_LENGTH];
    const unsigned char *address = visitor->address;
    if (visitor->address_length == V4_LENGTH) {
        return hash_v4(visitor, address, salt);
    }
    if (visitor->address_length != V6_LENGTH) {
        return hash_v4(visitor, nowhere, salt);
    }
    return memcmp(address, mapped, sizeof mapped) == 0
               ? hash_v4(visitor, address + sizeof mapped, salt)
               : hash_v6(visitor, salt);
}

apr_uint64_t usage_visitor_hash(const usage_visitor_t *visitor,
                                const unsigned char *salt)
{
    apr_uint64_t hash = hash_of(visitor, salt);
    return hash != 0 ? hash : 1;
}
