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

#include <apr.h>

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

/**
 * The visitor's hash under a day's salt; never 0. An IPv4 address that came
 * mapped into IPv6 is masked as what it is.
 */
apr_uint64_t usage_visitor_hash(const usage_visitor_t *visitor,
                                const unsigned char *salt);

#endif
