/* SPDX-License-Identifier: Apache-2.0 */
/* Filled in while the configuration is read; then flusher and pages look. */
#include "zones.h"

static const usage_zone_t *zone_at(const usage_zones_t *zones, int i)
{
    return APR_ARRAY_IDX(zones->all, i, const usage_zone_t *);
}

static void note(usage_zones_t *zones, const usage_zone_t *zone)
{
    for (int i = 0; i < zones->all->nelts; i++) {
        if (zone_at(zones, i) == zone) {
            return;
        }
    }
    APR_ARRAY_PUSH(zones->all, const usage_zone_t *) = zone;
}

usage_zones_t *usage_zones_make(apr_int64_t interval,
                                const usage_zone_t *fallback, apr_pool_t *pool)
{
    usage_zones_t *zones = apr_palloc(pool, sizeof *zones);
    *zones = (usage_zones_t){
        .interval = interval,
        .fallback = fallback,
        .by_site = apr_hash_make(pool),
        .all = apr_array_make(pool, 4, sizeof(const usage_zone_t *)),
    };
    note(zones, fallback);
    return zones;
}

void usage_zones_set(usage_zones_t *zones, usage_text_t site,
                     const usage_zone_t *zone)
{
    apr_hash_set(zones->by_site, site.data, (apr_ssize_t)site.length, zone);
    note(zones, zone);
}

const usage_zone_t *usage_zones_of(const usage_zones_t *zones,
                                   usage_text_t site)
{
    const usage_zone_t *zone =
        apr_hash_get(zones->by_site, site.data, (apr_ssize_t)site.length);
    return zone != NULL ? zone : zones->fallback;
}

apr_int64_t usage_zones_first_date(const usage_zones_t *zones, apr_int64_t time)
{
    apr_int64_t first = usage_zone_date(zones->fallback, time);
    for (int i = 0; i < zones->all->nelts; i++) {
        apr_int64_t date = usage_zone_date(zone_at(zones, i), time);
        first = date < first ? date : first;
    }
    return first;
}

apr_int64_t usage_zones_last_date(const usage_zones_t *zones, apr_int64_t time)
{
    apr_int64_t last = usage_zone_date(zones->fallback, time);
    for (int i = 0; i < zones->all->nelts; i++) {
        apr_int64_t date = usage_zone_date(zone_at(zones, i), time);
        last = date > last ? date : last;
    }
    return last;
}
