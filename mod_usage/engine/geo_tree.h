/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search tree of a database in MaxMind's format
 * (https://maxmind.github.io/MaxMind-DB/): for each bit of an address a node of
 * two records, the left one for 0.
 *
 *   24 bits   [ left 3 bytes | right 3 ]
 *   28 bits   [ left, its low 3 | high 4 bits of left, of right | right 3 ]
 *   32 bits   [ left 4 | right 4 ]
 *
 * A record below the number of nodes is the next node; that number is nothing;
 * above it, and 16 bytes, an entry lies in the data. IPv4 lies in an IPv6 tree
 * behind 96 zeros.
 *
 * The library asks two functions at each bit. Here that is inline, and where
 * the first bits of IPv4 lead is looked up when the file is opened: most of its
 * networks lie 20 bits deep, and more.
 */
#ifndef USAGE_GEO_TREE_H
#define USAGE_GEO_TREE_H

#include <stdbool.h>

#include <apr.h>

/** Bits of an IPv4 address whose way is known. */
#define USAGE_GEO_TREE_FIRST 12

/** A tree that was checked: its nodes are all in memory, and a few bytes more.
 * What a record says is checked when it is read. */
typedef struct usage_geo_tree_t {
    const unsigned char *nodes;
    apr_uint32_t count; /**< of nodes */
    unsigned record_bits; /**< 24, 28 or 32 */
    apr_uint32_t data_length; /**< in bytes */
    bool is_v6;
    apr_uint32_t v4[1 << USAGE_GEO_TREE_FIRST]; /**< records: where those bits
                                                     lead */
} usage_geo_tree_t;

/** What an address leads to that nothing is known of. */
#define USAGE_GEO_TREE_NOTHING APR_UINT32_MAX

/** Find where the first bits of IPv4 lead, when all else is set. */
void usage_geo_tree_begin(usage_geo_tree_t *tree);

/**
 * Find what an address leads to.
 * @param address in network order
 * @param length  4 or 16
 * @return where its entry lies in the data, or USAGE_GEO_TREE_NOTHING
 */
apr_uint32_t usage_geo_tree_find(const usage_geo_tree_t *tree,
                                 const unsigned char *address,
                                 apr_size_t length);

#endif
