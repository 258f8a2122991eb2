/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keyed 64-bit hashes of what clients send, good for finding it again: XXH3
 * under a secret that nobody outside can know, so that nobody makes strings
 * whose hashes meet. To guard something, take SipHash (visitor.h).
 */
#ifndef USAGE_SECRET_H
#define USAGE_SECRET_H

#include <apr.h>

typedef struct usage_secret_t {
    unsigned char bytes[192]; /**< as many as XXH3 makes of a seed */
} usage_secret_t;

/** Make a secret of a random number. */
void usage_secret_make(usage_secret_t *secret, apr_uint64_t seed);

/** The hash of @a length bytes under a secret. */
apr_uint64_t usage_secret_hash(const usage_secret_t *secret, const char *data,
                               apr_size_t length);

#endif
