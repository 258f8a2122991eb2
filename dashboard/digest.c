/* SPDX-License-Identifier: Apache-2.0 */
/* XXH3: no secret is in it, and nobody gains by a collision. */
#include "digest.h"

#include <apr_strings.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct usage_digest_t {
    XXH3_state_t *state; /* aligned to 64 bytes */
    apr_int64_t length;
};

usage_digest_t *usage_digest_make(apr_pool_t *pool)
{
    usage_digest_t *digest = apr_pcalloc(pool, sizeof *digest);
    apr_uintptr_t room =
        (apr_uintptr_t)apr_pcalloc(pool, sizeof(XXH3_state_t) + 63);

    digest->state = (XXH3_state_t *)((room + 63) & ~(apr_uintptr_t)63);
    XXH3_128bits_reset(digest->state);
    return digest;
}

apr_status_t usage_digest_write(void *baton, const char *data,
                                apr_size_t length)
{
    usage_digest_t *digest = baton;

    digest->length += (apr_int64_t)length;
    XXH3_128bits_update(digest->state, data, length);
    return APR_SUCCESS;
}

apr_int64_t usage_digest_length(const usage_digest_t *digest)
{
    return digest->length;
}

void usage_digest_version(const char *data, apr_size_t length,
                          char version[USAGE_VERSION_ROOM])
{
    apr_snprintf(version, USAGE_VERSION_ROOM, "%016" APR_UINT64_T_HEX_FMT,
                 (apr_uint64_t)XXH3_64bits(data, length));
}

const char *usage_digest_etag(const usage_digest_t *digest, apr_pool_t *pool)
{
    XXH128_hash_t hash = XXH3_128bits_digest(digest->state);

    return apr_psprintf(
        pool, "\"%016" APR_UINT64_T_HEX_FMT "%016" APR_UINT64_T_HEX_FMT "\"",
        hash.high64, hash.low64);
}
