/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Agent and site go in as seeded XXH3 hashes, so that SipHash, which guards
 * the address, has 32 bytes to read whatever their length.
 */
#include "visitor.h"

#include <string.h>

#include <apr_siphash.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define V4_LENGTH 4
#define V6_LENGTH 16

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0,    0,
                                          0, 0, 0, 0, 0xff, 0xff };

/* Copy the first @a bits of an address; the rest of @a to stays zero. */
static void mask(unsigned char *to, const unsigned char *from, int bits)
{
    memcpy(to, from, (apr_size_t)bits / 8);
    if (bits % 8 != 0) {
        to[bits / 8] =
            (unsigned char)(from[bits / 8] & (0xff << (8 - bits % 8)));
    }
}

/* An IPv4 address goes in as one mapped into IPv6, so that no IPv6 network
 * looks like it. */
static void mask_v4(unsigned char *to, const unsigned char *from, int bits)
{
    memcpy(to, mapped, sizeof mapped);
    mask(to + sizeof mapped, from, bits);
}

static void mask_address(unsigned char *to, const usage_visitor_t *visitor)
{
    const unsigned char *address = visitor->address;
    bool is_v6 = visitor->address_length == V6_LENGTH;
    if (is_v6 && memcmp(address, mapped, sizeof mapped) == 0) {
        mask_v4(to, address + sizeof mapped, visitor->mask.v4);
    }
    else if (is_v6) {
        mask(to, address, visitor->mask.v6);
    }
    else if (visitor->address_length == V4_LENGTH) {
        mask_v4(to, address, visitor->mask.v4);
    }
}

apr_uint64_t usage_visitor_hash(const usage_visitor_t *visitor,
                                const unsigned char *salt)
{
    struct {
        unsigned char address[V6_LENGTH];
        apr_uint64_t agent;
        apr_uint64_t site;
    } message = { .address = { 0 } };
    apr_uint64_t seed;
    memcpy(&seed, salt, sizeof seed);
    mask_address(message.address, visitor);
    message.agent =
        XXH3_64bits_withSeed(visitor->agent.data, visitor->agent.length, seed);
    message.site =
        XXH3_64bits_withSeed(visitor->site.data, visitor->site.length, seed);
    apr_uint64_t hash = apr_siphash24(&message, sizeof message, salt);
    return hash != 0 ? hash : 1;
}
