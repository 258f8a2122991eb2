/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which node keeps the database, and whether its clock can be believed. All
 * that keeping changes is changed in a transaction that has taken the lease
 * first: so a node that lost it while it slept changes nothing.
 */
#ifndef USAGE_LEASE_H
#define USAGE_LEASE_H

#include <stdbool.h>

#include "keeper.h"

/** Seconds after which another node may take over from one that died. */
#define USAGE_LEASE_LENGTH 60

/** Seconds from which on a lease has been given by a clock that went wrong. */
#define USAGE_LEASE_LONGEST 3600

/** Keeping is done once in each interval of so many seconds. */
#define USAGE_LEASE_INTERVAL 1800

/**
 * A clock that is so many seconds past the last complete run may be wrong, or
 * the servers were down: a day's rows can't be deleted twice, so it has to stay
 * so for a while before it is believed.
 */
#define USAGE_LEASE_GAP   (2 * 86400)
#define USAGE_LEASE_DOUBT 3600

/** Whether there is anything to do since the last complete run. */
bool usage_lease_is_due(const usage_lease_t *lease, apr_int64_t now);

/** Whether a node may take the lease. */
bool usage_lease_is_free(const usage_lease_t *lease, const char *node,
                         apr_int64_t now);

/**
 * Take the lease, or keep it, within a transaction.
 * @param lease set to what it is then
 * @return APR_SUCCESS, APR_EAGAIN if it is another's, or the store's error
 */
apr_status_t usage_lease_take(usage_store_t *store, const char *node,
                              apr_int64_t now, usage_lease_t *lease,
                              apr_pool_t *pool);

/**
 * Whether what @a now says may be acted on.
 * @param lease its `doubted` is set to what is to be noted
 */
bool usage_lease_believes(usage_lease_t *lease, apr_int64_t now);

#endif
