/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a zone once an interval. Runs in every thread of every child. */
#include "clock.h"

/* The word of a moment, 0 if it does not fit into one. */
static apr_uint64_t pack(const usage_moment_t *moment, apr_int64_t next)
{
    apr_int64_t length = (next - moment->start) / USAGE_CLOCK_MINUTE;
    apr_int64_t since = (moment->start - moment->day) / USAGE_CLOCK_MINUTE;
    apr_int64_t ahead =
        (moment->date - moment->day) / USAGE_CLOCK_MINUTE + USAGE_CLOCK_HALF;
    bool is_even = moment->start % USAGE_CLOCK_MINUTE == 0
                   && moment->day % USAGE_CLOCK_MINUTE == 0
                   && next % USAGE_CLOCK_MINUTE == 0;
    if (!is_even || moment->start < 0 || length > USAGE_CLOCK_MOST
        || since > USAGE_CLOCK_MOST || ahead < 0 || ahead > USAGE_CLOCK_MOST) {
        return 0;
    }
    return (apr_uint64_t)(moment->start / USAGE_CLOCK_MINUTE)
               << 3 * USAGE_CLOCK_BITS
           | (apr_uint64_t)ahead << 2 * USAGE_CLOCK_BITS
           | (apr_uint64_t)since << USAGE_CLOCK_BITS | (apr_uint64_t)length;
}

usage_moment_t usage_clock_look(usage_clock_t *clock, apr_int64_t time)
{
    usage_moment_t moment = {
        .start = usage_zone_base(clock->zone, time, clock->interval),
        .day = usage_zone_day(clock->zone, time),
        .date = usage_zone_start(clock->zone, time, USAGE_GRAIN_DAY,
                                 clock->interval),
    };
    moment.minute = moment.start / USAGE_CLOCK_MINUTE;
    apr_int64_t next = usage_zone_base_next(clock->zone, time, clock->interval);
    atomic_store_explicit(&clock->word, pack(&moment, next),
                          memory_order_relaxed);
    return moment;
}
