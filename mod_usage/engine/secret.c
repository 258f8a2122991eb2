/* SPDX-License-Identifier: Apache-2.0 */
/* Runs in every thread of every child. */
#include "secret.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

_Static_assert(sizeof(usage_secret_t) == XXH_SECRET_DEFAULT_SIZE, "a secret");

void usage_secret_make(usage_secret_t *secret, apr_uint64_t seed)
{
    XXH3_generateSecret_fromSeed(secret->bytes, seed);
}

apr_uint64_t usage_secret_hash(const usage_secret_t *secret, const char *data,
                               apr_size_t length)
{
    return XXH3_64bits_withSecret(data, length, secret->bytes,
                                  sizeof secret->bytes);
}
