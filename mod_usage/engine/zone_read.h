/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones as the system's C library and its package of rules (tzdata) know them.
 */
#ifndef USAGE_ZONE_READ_H
#define USAGE_ZONE_READ_H

#include <apr_errno.h>

#include "zone.h"

/** Years whose changes of the clock are known; outside, the nearest holds. */
#define USAGE_ZONE_YEAR_FIRST 2000
#define USAGE_ZONE_YEAR_LAST  2069

/** The folder of the rules: $TZDIR, or where systems have it. */
const char *usage_zone_folder(void);

/**
 * Read a zone by its name, such as Europe/Berlin. "UTC" needs no rules. For a
 * moment it sets TZ, so call it only where there is one thread: while the
 * configuration is read. It takes some 5 ms.
 * @return APR_SUCCESS; APR_ENOENT if there is no zone of that name;
 *         APR_ENODIR if there are no rules at all
 */
apr_status_t usage_zone_read(const char *name, const usage_zone_t **zone,
                             apr_pool_t *pool);

#endif
