/* SPDX-License-Identifier: Apache-2.0 */
/* Sketches of the flusher's: nobody else touches one while it does. */
#include "sketch.h"

#include <math.h>
#include <string.h>

#include <apr_base64.h>

/* The longest rank: 49 zeros, plus one. */
#define RANKS (64 - USAGE_SKETCH_BITS + 1)

usage_sketch_t usage_sketch_make(apr_pool_t *pool)
{
    return (usage_sketch_t){
        .is_exact = true,
        .hashes = apr_palloc(pool, USAGE_SKETCH_EXACT * sizeof(apr_uint64_t)),
        .pool = pool,
    };
}

static unsigned char rank_of(apr_uint64_t hash)
{
    apr_uint64_t rest = hash >> USAGE_SKETCH_BITS;
    int rank = 1;
    for (int bit = 64 - USAGE_SKETCH_BITS - 1; bit >= 0; bit--) {
        if ((rest >> bit & 1) != 0) {
            break;
        }
        rank++;
    }
    return (unsigned char)rank;
}

static void raise_register(usage_sketch_t *sketch, apr_uint64_t index,
                           unsigned char rank)
{
    if (sketch->registers[index] < rank) {
        sketch->registers[index] = rank;
    }
}

static void add_to_registers(usage_sketch_t *sketch, apr_uint64_t hash)
{
    raise_register(sketch, hash & (USAGE_SKETCH_REGISTERS - 1), rank_of(hash));
}

/* From the list to registers. */
static void unfold(usage_sketch_t *sketch)
{
    if (!sketch->is_exact) {
        return;
    }
    sketch->is_exact = false;
    sketch->registers = apr_pcalloc(sketch->pool, USAGE_SKETCH_REGISTERS);
    for (int i = 0; i < sketch->count; i++) {
        add_to_registers(sketch, sketch->hashes[i]);
    }
}

/* Where a hash is in the list, or where it would go. */
static int search(const usage_sketch_t *sketch, apr_uint64_t hash)
{
    int low = 0;
    int high = sketch->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (sketch->hashes[middle] < hash) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

static void insert(usage_sketch_t *sketch, int at, apr_uint64_t hash)
{
    apr_size_t after = (apr_size_t)(sketch->count - at);
    memmove(&sketch->hashes[at + 1], &sketch->hashes[at],
            after * sizeof *sketch->hashes);
    sketch->hashes[at] = hash;
    sketch->count++;
}

void usage_sketch_add(usage_sketch_t *sketch, apr_uint64_t hash)
{
    if (sketch->is_exact) {
        int at = search(sketch, hash);
        if (at < sketch->count && sketch->hashes[at] == hash) {
            return;
        }
        if (sketch->count < USAGE_SKETCH_EXACT) {
            insert(sketch, at, hash);
            return;
        }
        unfold(sketch);
    }
    add_to_registers(sketch, hash);
}

void usage_sketch_merge(usage_sketch_t *sketch, const usage_sketch_t *other)
{
    if (other->is_exact) {
        for (int i = 0; i < other->count; i++) {
            usage_sketch_add(sketch, other->hashes[i]);
        }
        return;
    }
    unfold(sketch);
    for (apr_uint64_t i = 0; i < USAGE_SKETCH_REGISTERS; i++) {
        raise_register(sketch, i, other->registers[i]);
    }
}

/* Ertl's sigma: x + sum of x^(2^k) * 2^(k-1). */
static double sigma(double x)
{
    double y = 1;
    double z = x;
    double before;
    if (x == 1) {
        return INFINITY;
    }
    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);
    return z;
}

/* Ertl's tau: (1 - x - sum of (1 - x^(2^-k))^2 * 2^-k) / 3. */
static double tau(double x)
{
    double y = 1;
    double z = 1 - x;
    double before;
    if (x == 0 || x == 1) {
        return 0;
    }
    do {
        x = sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
}

static double estimate(const usage_sketch_t *sketch)
{
    const double m = USAGE_SKETCH_REGISTERS;
    int counts[RANKS + 1] = { 0 };
    for (int i = 0; i < USAGE_SKETCH_REGISTERS; i++) {
        counts[sketch->registers[i] <= RANKS ? sketch->registers[i] : RANKS]++;
    }
    double z = m * tau(1 - counts[RANKS] / m);
    for (int k = RANKS - 1; k >= 1; k--) {
        z = 0.5 * (z + counts[k]);
    }
    z += m * sigma(counts[0] / m);
    return m / (2 * log(2)) * m / z;
}

apr_int64_t usage_sketch_count(const usage_sketch_t *sketch)
{
    return sketch->is_exact ? sketch->count
                            : (apr_int64_t)llround(estimate(sketch));
}

static void store_hash(unsigned char *to, apr_uint64_t hash)
{
    for (int i = 0; i < 8; i++) {
        to[i] = (unsigned char)(hash >> 8 * i);
    }
}

static apr_uint64_t load_hash(const unsigned char *from)
{
    apr_uint64_t hash = 0;
    for (int i = 7; i >= 0; i--) {
        hash = hash << 8 | from[i];
    }
    return hash;
}

const char *usage_sketch_text(const usage_sketch_t *sketch, apr_pool_t *pool)
{
    const unsigned char *bytes = sketch->registers;
    int length = USAGE_SKETCH_REGISTERS;
    if (sketch->is_exact) {
        length = sketch->count * 8;
        unsigned char *list = apr_palloc(pool, (apr_size_t)length + 1);
        for (int i = 0; i < sketch->count; i++) {
            store_hash(list + (apr_size_t)i * 8, sketch->hashes[i]);
        }
        bytes = list;
    }
    char *text =
        apr_palloc(pool, (apr_size_t)apr_base64_encode_len(length) + 1);
    *text = sketch->is_exact ? 'E' : 'H';
    apr_base64_encode_binary(text + 1, bytes, length);
    return text;
}

static apr_status_t read_exact(usage_sketch_t *sketch,
                               const unsigned char *bytes, int length)
{
    if (length % 8 != 0 || length > USAGE_SKETCH_EXACT * 8) {
        return APR_EINVAL;
    }
    for (int i = 0; i < length; i += 8) {
        usage_sketch_add(sketch, load_hash(bytes + i));
    }
    return APR_SUCCESS;
}

static apr_status_t read_registers(usage_sketch_t *sketch,
                                   const unsigned char *bytes, int length)
{
    if (length != USAGE_SKETCH_REGISTERS) {
        return APR_EINVAL;
    }
    unfold(sketch);
    for (int i = 0; i < length; i++) {
        raise_register(sketch, (apr_uint64_t)i,
                       bytes[i] <= RANKS ? bytes[i] : 0);
    }
    return APR_SUCCESS;
}

apr_status_t usage_sketch_read(usage_sketch_t *sketch, const char *text)
{
    if (*text == '\0') {
        return APR_SUCCESS;
    }
    const char *code = text + 1;
    unsigned char *bytes =
        apr_palloc(sketch->pool, (apr_size_t)apr_base64_decode_len(code) + 1);
    int length = apr_base64_decode_binary(bytes, code);
    switch (*text) {
    case 'E':
        return read_exact(sketch, bytes, length);
    case 'H':
        return read_registers(sketch, bytes, length);
    default:
        return APR_EINVAL;
    }
}
