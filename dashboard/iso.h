/* SPDX-License-Identifier: Apache-2.0 */
/* Times as ISO 8601 has them, for documents that programs read. */
#ifndef USAGE_ISO_H
#define USAGE_ISO_H

#include <apr_pools.h>

#include "engine/zone.h"

/** A moment, as the zone's clock shows it: 2026-07-14T17:04:00+02:00, and
 * 2026-07-14T15:04:00Z where that is no other than UTC. */
const char *usage_iso_moment(const usage_zone_t *zone, apr_int64_t time,
                             apr_pool_t *pool);

/** What begins at a start of the database (usage_zone_start): a moment, a date
 * (2026-07-14) or a month (2026-07). */
const char *usage_iso_start(const usage_zone_t *zone, usage_grain_e grain,
                            apr_int64_t start, apr_pool_t *pool);

#endif
