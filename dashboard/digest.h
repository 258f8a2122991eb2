/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a body would be, without a place for it: its length, and a digest that
 * tells it from any other, for a strong ETag. A renderer writes it here first,
 * then into the answer; that is dear only where a body is, and holds none.
 */
#ifndef USAGE_DIGEST_H
#define USAGE_DIGEST_H

#include <apr_pools.h>

#include "sink.h"

typedef struct usage_digest_t usage_digest_t;

/** Nothing is written yet. */
usage_digest_t *usage_digest_make(apr_pool_t *pool);

/** A usage_sink_fn; @a baton is a usage_digest_t. */
apr_status_t usage_digest_write(void *baton, const char *data,
                                apr_size_t length);

/** Bytes that were written. */
apr_int64_t usage_digest_length(const usage_digest_t *digest);

/** Bytes of a version, with its NUL. */
#define USAGE_VERSION_ROOM 17

/** Tell a file from any other of its name, by sixteen hexadecimal digits. */
void usage_digest_version(const char *data, apr_size_t length,
                          char version[USAGE_VERSION_ROOM]);

/** The ETag of what was written, in its quotes. */
const char *usage_digest_etag(const usage_digest_t *digest, apr_pool_t *pool);

#endif
