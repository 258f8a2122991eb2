/* SPDX-License-Identifier: Apache-2.0 */
/* Walks down the tree. Runs in every thread of every child. */
#include "geo_tree.h"

#include <string.h>

#include <arpa/inet.h>

#include "often.h"

#define V4_LENGTH 4
#define V6_LENGTH 16

/* Zeros between the nodes and the data. */
#define SEPARATOR 16

typedef apr_uint32_t record_fn(const unsigned char *nodes, apr_uint32_t node,
                               apr_uint32_t bit);

static inline apr_uint32_t read_word(const unsigned char *bytes)
{
    apr_uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return ntohl(word);
}

static USAGE_OFTEN apr_uint32_t record_24(const unsigned char *nodes,
                                          apr_uint32_t node, apr_uint32_t bit)
{
    return read_word(nodes + (apr_size_t)node * 6 + bit * 3) >> 8;
}

static USAGE_OFTEN apr_uint32_t record_28(const unsigned char *nodes,
                                          apr_uint32_t node, apr_uint32_t bit)
{
    apr_uint32_t word = read_word(nodes + (apr_size_t)node * 7 + bit * 3);
    return bit != 0 ? word & 0x0fffffff : word >> 8 | (word & 0xf0) << 20;
}

static USAGE_OFTEN apr_uint32_t record_32(const unsigned char *nodes,
                                          apr_uint32_t node, apr_uint32_t bit)
{
    return read_word(nodes + (apr_size_t)node * 8 + bit * 4);
}

/* Bits of an address, the highest first, and how many. */
typedef struct bits_t {
    apr_uint32_t word;
    int count;
} bits_t;

static USAGE_OFTEN apr_uint32_t go_down(const usage_geo_tree_t *tree,
                                        apr_uint32_t record, bits_t bits,
                                        record_fn *read)
{
    const unsigned char *nodes = tree->nodes;
    apr_uint32_t count = tree->count;
    for (; bits.count > 0 && record < count; bits.count--) {
        record = read(nodes, record, bits.word >> 31);
        bits.word <<= 1;
    }
    return record;
}

/* The record that some bits lead to from another. */
static USAGE_OFTEN apr_uint32_t walk(const usage_geo_tree_t *tree,
                                     apr_uint32_t record, bits_t bits)
{
    switch (tree->record_bits) {
    case 24:
        return go_down(tree, record, bits, record_24);
    case 28:
        return go_down(tree, record, bits, record_28);
    default:
        return go_down(tree, record, bits, record_32);
    }
}

static apr_uint32_t walk_v6(const usage_geo_tree_t *tree,
                            const unsigned char *address, apr_size_t length)
{
    apr_uint32_t record = 0;
    for (apr_size_t i = 0; i < length; i += V4_LENGTH) {
        record = walk(tree, record, (bits_t){ read_word(address + i), 32 });
    }
    return record;
}

static apr_uint32_t walk_v4(const usage_geo_tree_t *tree, apr_uint32_t word)
{
    bits_t rest = { word << USAGE_GEO_TREE_FIRST, 32 - USAGE_GEO_TREE_FIRST };
    return walk(tree, tree->v4[word >> rest.count], rest);
}

void usage_geo_tree_begin(usage_geo_tree_t *tree)
{
    static const unsigned char zeros[V6_LENGTH - V4_LENGTH];
    apr_uint32_t record = tree->is_v6 ? walk_v6(tree, zeros, sizeof zeros) : 0;
    for (apr_uint32_t i = 0; i < 1 << USAGE_GEO_TREE_FIRST; i++) {
        bits_t first = { i << (32 - USAGE_GEO_TREE_FIRST),
                         USAGE_GEO_TREE_FIRST };
        tree->v4[i] = walk(tree, record, first);
    }
}

apr_uint32_t usage_geo_tree_find(const usage_geo_tree_t *tree,
                                 const unsigned char *address,
                                 apr_size_t length)
{
    apr_uint32_t record = tree->count;
    if (length == V4_LENGTH) {
        record = walk_v4(tree, read_word(address));
    }
    else if (tree->is_v6) {
        record = walk_v6(tree, address, length);
    }
    /* of what is no entry this is far behind the data */
    apr_uint32_t entry = record - tree->count - SEPARATOR;
    return entry < tree->data_length ? entry : USAGE_GEO_TREE_NOTHING;
}
