/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the lease. Runs in the flusher. */
#include "lease.h"

#include <string.h>

bool usage_lease_is_due(const usage_lease_t *lease, apr_int64_t now)
{
    return lease->done > now
           || lease->done / USAGE_LEASE_INTERVAL < now / USAGE_LEASE_INTERVAL;
}

bool usage_lease_is_free(const usage_lease_t *lease, const char *node,
                         apr_int64_t now)
{
    return strcmp(lease->node, node) == 0 || lease->expires <= now
           || lease->expires > now + USAGE_LEASE_LONGEST;
}

apr_status_t usage_lease_take(usage_store_t *store, const char *node,
                              apr_int64_t now, usage_lease_t *lease,
                              apr_pool_t *pool)
{
    usage_claim_t claim = { .node = node,
                            .now = now,
                            .expires = now + USAGE_LEASE_LENGTH,
                            .latest = now + USAGE_LEASE_LONGEST };
    apr_status_t rv = store->keeper->lease_take(store, &claim);
    if (rv == APR_SUCCESS) {
        rv = store->keeper->lease_get(store, lease, pool);
    }
    if (rv == APR_SUCCESS && strcmp(lease->node, node) != 0) {
        rv = APR_EAGAIN;
    }
    return rv;
}

bool usage_lease_believes(usage_lease_t *lease, apr_int64_t now)
{
    apr_int64_t doubted = now - lease->doubted;
    if (now - lease->done <= USAGE_LEASE_GAP) {
        lease->doubted = 0;
        return true;
    }
    if (lease->doubted == 0 || doubted < 0 || doubted > USAGE_LEASE_GAP) {
        lease->doubted = now;
        return false;
    }
    return doubted >= USAGE_LEASE_DOUBT;
}
