/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days and intervals of a time zone. Pure arithmetic on a table of the zone's
 * offsets, which zone_read.h makes.
 *
 * A day begins when the zone's clock first shows its date: at midnight, or,
 * where the clock is set over midnight, when it is. A clock that is set back
 * into the day before stays in the new day.
 *
 * A base interval ends when the clock, running on, comes to a multiple of the
 * interval's length, or when a new day begins. If the clock is set in between,
 * the interval is as much longer or shorter. With an hour, and a clock that is
 * set back by an hour at three:
 *
 *   clock       00   01   02   03=02   03   04
 *   interval    |----|----|----|-------|----|--      25 in this day
 *
 * So days are whole intervals, and no two intervals have the same start.
 */
#ifndef USAGE_ZONE_H
#define USAGE_ZONE_H

#include <stdbool.h>

#include <apr_pools.h>

#include "calendar.h"

/** From when on a zone is so far from UTC. */
typedef struct usage_zone_span_t {
    apr_int64_t from; /**< Unix seconds */
    apr_int64_t offset; /**< seconds, greater in the east */
    apr_int64_t date; /**< of the day at `from`; usage_zone_make's */
} usage_zone_span_t;

typedef struct usage_zone_t {
    const char *name;
    const usage_zone_span_t *spans; /**< by `from`; the first holds before */
    int count; /**< at least 1 */
} usage_zone_t;

/** UTC, which needs no table of anybody's. */
extern const usage_zone_t usage_zone_utc;

/**
 * A zone of these spans, which it keeps.
 * @param spans sorted by `from`; their dates are filled in
 */
const usage_zone_t *usage_zone_make(const char *name, usage_zone_span_t *spans,
                                    int count, apr_pool_t *pool);

/** Seconds from UTC to the zone's clock. */
apr_int64_t usage_zone_offset(const usage_zone_t *zone, apr_int64_t time);

/**
 * What the zone's clock shows, as if it were UTC: its date and time of day are
 * those of calendar.h.
 */
static inline apr_int64_t usage_zone_clock(const usage_zone_t *zone,
                                           apr_int64_t time)
{
    return time + usage_zone_offset(zone, time);
}

/** Whether the clock showed this time of day before, and was then set back. */
bool usage_zone_is_repeated(const usage_zone_t *zone, apr_int64_t time);

/** The day that holds @a time, in days since 1970-01-01. */
apr_int64_t usage_zone_date(const usage_zone_t *zone, apr_int64_t time);

/**
 * The first second of the day @a date, in days since 1970-01-01; if the zone
 * left that day out, of the next.
 */
apr_int64_t usage_zone_date_start(const usage_zone_t *zone, apr_int64_t date);

/** The first second of the day that holds @a time. */
apr_int64_t usage_zone_day(const usage_zone_t *zone, apr_int64_t time);

/** The first second of the day after the one that holds @a time. */
apr_int64_t usage_zone_day_next(const usage_zone_t *zone, apr_int64_t time);

/**
 * The first second of the base interval that holds @a time.
 * @param interval its length in seconds, a divisor of a day
 */
apr_int64_t usage_zone_base(const usage_zone_t *zone, apr_int64_t time,
                            apr_int64_t interval);

/** The first second of the base interval after the one that holds @a time. */
apr_int64_t usage_zone_base_next(const usage_zone_t *zone, apr_int64_t time,
                                 apr_int64_t interval);

/**
 * The start by which the database knows the interval of @a grain that holds
 * @a time: of a base interval its first second; of a day or a month its date,
 * as the second in which that begins in UTC. So a date is the same row for
 * every zone, and calendar.h tells what follows it.
 */
apr_int64_t usage_zone_start(const usage_zone_t *zone, apr_int64_t time,
                             usage_grain_e grain, apr_int64_t interval);

/** The start of the interval of @a grain after the one known by @a start. */
apr_int64_t usage_zone_next(const usage_zone_t *zone, apr_int64_t start,
                            usage_grain_e grain, apr_int64_t interval);

#endif
