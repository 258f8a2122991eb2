/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time zones for tests: UTC, where it doesn't matter, and others as the
 * system has them.
 */
#ifndef ZONED_H
#define ZONED_H

#include <check.h>

#include "engine/clock.h"
#include "engine/zone_read.h"
#include "engine/zones.h"

/** A zone of the system's. */
static inline const usage_zone_t *zone_named(const char *name, apr_pool_t *pool)
{
    const usage_zone_t *zone = NULL;
    ck_assert_int_eq(usage_zone_read(name, &zone, pool), APR_SUCCESS);
    return zone;
}

/** All sites in UTC. */
static inline const usage_zones_t *all_utc(apr_int64_t interval,
                                           apr_pool_t *pool)
{
    return usage_zones_make(interval, &usage_zone_utc, pool);
}

#endif
