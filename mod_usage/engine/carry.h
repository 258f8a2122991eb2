/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that one segment knows, carried into one of other sizes: counts with
 * what is flushed of them, the batch that is pending, visits, the day's
 * visitors and salts, the newest views. Runs as the server's user, in a
 * process of its own, while nobody else is in either segment.
 */
#ifndef USAGE_CARRY_H
#define USAGE_CARRY_H

#include <apr_pools.h>

#include "memory.h"

/** What found no room, or was damaged. */
typedef struct usage_carried_t {
    apr_uint32_t visitors; /**< will be counted again if they come again */
    apr_uint32_t damaged; /**< counts with damaged names */
} usage_carried_t;

/**
 * @param to   new, of the seed of @a from
 * @param lost set to what could not be carried
 * @return APR_SUCCESS; APR_ENOSPC if counts that are not flushed find no room:
 *         then @a to is of no use
 */
apr_status_t usage_memory_carry(const usage_memory_t *from,
                                const usage_memory_t *to, usage_carried_t *lost,
                                apr_pool_t *pool);

#endif
