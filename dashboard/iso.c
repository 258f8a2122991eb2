/* SPDX-License-Identifier: Apache-2.0 */
#include "iso.h"

#include <stdlib.h>

#include <apr_strings.h>

#define MINUTE 60
#define HOUR   3600

static const char *date_of(apr_int64_t time, apr_pool_t *pool)
{
    usage_date_t date = usage_calendar_date(time);
    return apr_psprintf(pool, "%04d-%02d-%02d", (int)date.year, (int)date.month,
                        (int)date.day);
}

static const char *offset_of(apr_int64_t offset, apr_pool_t *pool)
{
    int minutes = (int)(llabs(offset) / MINUTE);
    return offset == 0
               ? "Z"
               : apr_psprintf(pool, "%c%02d:%02d", offset < 0 ? '-' : '+',
                              minutes / 60, minutes % 60);
}

const char *usage_iso_moment(const usage_zone_t *zone, apr_int64_t time,
                             apr_pool_t *pool)
{
    apr_int64_t clock = usage_zone_clock(zone, time);
    int second = (int)(clock - usage_calendar_day(clock));
    return apr_psprintf(pool, "%sT%02d:%02d:%02d%s", date_of(clock, pool),
                        second / HOUR, second / MINUTE % 60, second % MINUTE,
                        offset_of(clock - time, pool));
}

const char *usage_iso_start(const usage_zone_t *zone, usage_grain_e grain,
                            apr_int64_t start, apr_pool_t *pool)
{
    switch (grain) {
    case USAGE_GRAIN_MONTH:
        return apr_pstrndup(pool, date_of(start, pool), 7);
    case USAGE_GRAIN_DAY:
        return date_of(start, pool);
    default:
        return usage_iso_moment(zone, start, pool);
    }
}
