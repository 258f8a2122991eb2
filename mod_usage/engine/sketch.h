/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many distinct visitors a site had on a day, in a bounded text that can
 * be merged: whoever is in it twice counts once, whichever server or restart
 * added it.
 *
 * While they are few, the sketch is the list of their 64-bit hashes, and exact:
 *
 *     E <base64 of the sorted hashes, 8 bytes each, little-endian>
 *
 * Beyond USAGE_SKETCH_EXACT it is a HyperLogLog (Flajolet et al., 2007) of
 * 2^15 registers. Of a hash, the low 15 bits choose the register, and the
 * number of zeros that the other 49 begin with, plus one, is its rank; a
 * register keeps the highest:
 *
 *     H <base64 of the registers, a byte each>
 *
 *              49 bits: 0001011...            15 bits
 *            +-----------------------------+-----------+
 *     hash   | rank 4                      | register  |
 *            +-----------------------------+-----------+
 *
 * The number of visitors is read off by Ertl's estimator ("New cardinality
 * estimation algorithms for HyperLogLog sketches", 2017), which needs no
 * correction at either end; its standard error is 1.04 / sqrt(2^15) = 0.57%.
 */
#ifndef USAGE_SKETCH_H
#define USAGE_SKETCH_H

#include <stdbool.h>

#include <apr_errno.h>
#include <apr_pools.h>

/** Distinct hashes up to which a sketch is exact. */
#define USAGE_SKETCH_EXACT 1024

#define USAGE_SKETCH_BITS      15
#define USAGE_SKETCH_REGISTERS (1 << USAGE_SKETCH_BITS)

typedef struct usage_sketch_t {
    bool is_exact;
    int count; /**< of hashes, while it is exact */
    apr_uint64_t *hashes; /**< sorted, room for USAGE_SKETCH_EXACT */
    unsigned char *registers; /**< USAGE_SKETCH_REGISTERS, else NULL */
    apr_pool_t *pool;
} usage_sketch_t;

/** An empty sketch; all it needs comes from @a pool. */
usage_sketch_t usage_sketch_make(apr_pool_t *pool);

/** Add a hash, whose bits must be well spread. */
void usage_sketch_add(usage_sketch_t *sketch, apr_uint64_t hash);

/** Add all that is in another. */
void usage_sketch_merge(usage_sketch_t *sketch, const usage_sketch_t *other);

/** How many distinct hashes went in: exact while few, else estimated. */
apr_int64_t usage_sketch_count(const usage_sketch_t *sketch);

/** The sketch as a text. */
const char *usage_sketch_text(const usage_sketch_t *sketch, apr_pool_t *pool);

/**
 * Read a text back, adding it to @a sketch.
 * @return APR_SUCCESS (also for ""), or APR_EINVAL if it is no sketch's
 */
apr_status_t usage_sketch_read(usage_sketch_t *sketch, const char *text);

#endif
