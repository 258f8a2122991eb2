/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who a visitor is: a keyed hash of the masked address, the agent and the
 * site, good for one day (salt.h). Nothing else of the address or the agent is
 * kept anywhere.
 *
 * Agent and site go in as hashes that were made already, the one to look it up
 * (agent_cache.h), the other when the configuration was read (site.h). SipHash
 * under the day's salt guards all of it.
 */
#ifndef USAGE_VISITOR_H
#define USAGE_VISITOR_H

#include <stdbool.h>
#include <string.h>

#include <arpa/inet.h>

#include <apr.h>
#include <apr_siphash.h>

#include "often.h"

/** How many bits of an address count. */
typedef struct usage_mask_t {
    int v4; /**< 0 to 32 */
    int v6; /**< 0 to 128 */
} usage_mask_t;

/** What a visitor is told by. */
typedef struct usage_visitor_t {
    const unsigned char *address; /**< in network order */
    apr_size_t address_length; /**< 4, 16, or 0 if there is none */
    usage_mask_t mask;
    apr_uint64_t agent; /**< its hash, 0 where agents don't count */
    apr_uint64_t site; /**< usage_site_key */
} usage_visitor_t;

#define USAGE_V4_LENGTH 4

/** Agent and site as one: two hashes that are good on their own make a good one
 * of both by "or, but not both". */
static inline apr_uint64_t usage_visitor_who(const usage_visitor_t *visitor)
{
    return visitor->agent ^ visitor->site;
}

/** As usage_visitor_hash, of a visitor at an IPv4 address. */
static USAGE_OFTEN apr_uint64_t
usage_visitor_hash_v4(const usage_visitor_t *visitor,
                      const unsigned char *address, const unsigned char *salt)
{
    unsigned char message[USAGE_V4_LENGTH + sizeof(apr_uint64_t)];
    apr_uint32_t kept = htonl(
        (apr_uint32_t)(APR_UINT64_C(0xffffffff) << (32 - visitor->mask.v4)));
    apr_uint64_t who = usage_visitor_who(visitor);
    apr_uint32_t word;
    memcpy(&word, address, sizeof word);
    word &= kept;
    memcpy(message, &word, sizeof word);
    memcpy(message + sizeof word, &who, sizeof who);
    return apr_siphash24(message, sizeof message, salt);
}

/** As usage_visitor_hash, of a visitor at any other address, or none; may be
 * 0. */
apr_uint64_t usage_visitor_hash_other(const usage_visitor_t *visitor,
                                      const unsigned char *salt);

/**
 * The visitor's hash under a day's salt; never 0. An IPv4 address that came
 * mapped into IPv6 is masked as what it is.
 */
static USAGE_OFTEN apr_uint64_t
usage_visitor_hash(const usage_visitor_t *visitor, const unsigned char *salt)
{
    apr_uint64_t hash =
        visitor->address_length == USAGE_V4_LENGTH
            ? usage_visitor_hash_v4(visitor, visitor->address, salt)
            : usage_visitor_hash_other(visitor, salt);
    return hash != 0 ? hash : 1;
}

#endif
