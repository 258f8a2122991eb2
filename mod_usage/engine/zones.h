/* SPDX-License-Identifier: Apache-2.0 */
/* The time zones of all sites: read-only once the server runs. */
#ifndef USAGE_ZONES_H
#define USAGE_ZONES_H

#include <apr_hash.h>
#include <apr_tables.h>

#include "table.h"
#include "zone.h"

typedef struct usage_zones_t {
    apr_int64_t interval; /**< seconds of a base interval, in all of them */
    const usage_zone_t *fallback; /**< of sites that are not known */
    apr_hash_t *by_site; /**< name -> usage_zone_t */
    apr_array_header_t *all; /**< of const usage_zone_t *, each once */
} usage_zones_t;

/** No site yet: all would be in the zone @a fallback. */
usage_zones_t *usage_zones_make(apr_int64_t interval,
                                const usage_zone_t *fallback, apr_pool_t *pool);

/** Set a site's zone. @param site its name, which is kept */
void usage_zones_set(usage_zones_t *zones, usage_text_t site,
                     const usage_zone_t *zone);

/** The zone of a site. */
const usage_zone_t *usage_zones_of(const usage_zones_t *zones,
                                   usage_text_t site);

/** The earliest date that it still is anywhere, in days since 1970-01-01. */
apr_int64_t usage_zones_first_date(const usage_zones_t *zones,
                                   apr_int64_t time);

/** The latest date that it already is anywhere. */
apr_int64_t usage_zones_last_date(const usage_zones_t *zones, apr_int64_t time);

#endif
