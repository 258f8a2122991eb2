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

static apr_uint64_t hash_v6(const usage_visitor_t *visitor,
                            const unsigned char *salt)
{
    unsigned char message[V6_LENGTH + sizeof(apr_uint64_t)];
    apr_uint64_t who = usage_visitor_who(visitor);
    memcpy(message, visitor->address, V6_LENGTH);
    mask_v6(message, visitor->mask.v6);
    memcpy(message + V6_LENGTH, &who, sizeof who);
    return apr_siphash24(message, sizeof message, salt);
}

apr_uint64_t usage_visitor_hash_other(const usage_visitor_t *visitor,
                                      const unsigned char *salt)
{
    static const unsigned char nowhere[USAGE_V4_LENGTH];
    const unsigned char *address = visitor->address;
    if (visitor->address_length != V6_LENGTH) {
        return usage_visitor_hash_v4(visitor, nowhere, salt);
    }
    return memcmp(address, mapped, sizeof mapped) == 0
               ? usage_visitor_hash_v4(visitor, address + sizeof mapped, salt)
               : hash_v6(visitor, salt);
}
