/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The salts that all servers of one database share. Each asks for those of
 * today and tomorrow at every flush: who comes first makes them, all others
 * find them, and who comes after a day's end deletes them. Runs in the flusher,
 * before the flush's own transaction.
 */
#ifndef USAGE_SALT_SHARE_H
#define USAGE_SALT_SHARE_H

#include <apr_pools.h>

#include "salt.h"
#include "store.h"

typedef struct usage_salt_share_t {
    usage_salts_t *salts;
    usage_store_t *store;
    usage_salts_need_t need;
    usage_random_fn *random; /**< called for 16 bytes each */
} usage_salt_share_t;

/**
 * Make the salts of the segment those of the database, in one transaction.
 * What is in the segment already is offered to a database that has none. Salts
 * are only used once they are committed.
 * @param news set to how many are new to the segment
 * @return APR_SUCCESS, also where salts are not shared; APR_EINVAL for one that
 *         is no salt; else what the store or @a random returned
 */
apr_status_t usage_salt_share(const usage_salt_share_t *share, int *news,
                              apr_pool_t *pool);

/**
 * Delete the salts of days that are over: also where none is shared any more.
 * Needs a transaction.
 */
apr_status_t usage_salt_trim(usage_store_t *store, apr_int64_t now);

#endif
