/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A zone's clock, as the way of a request reads it: the interval and the day
 * of now. It remembers the interval that was asked for last, in one word that
 * threads may write at once, so that most questions are a look and a compare.
 */
#ifndef USAGE_CLOCK_H
#define USAGE_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>

#include "often.h"
#include "zone.h"

/** Of one zone and interval; each process has its own. */
typedef struct usage_clock_t {
    const usage_zone_t *zone;
    apr_int64_t interval; /**< seconds of a base interval */
    _Atomic apr_uint64_t word; /**< see below; 0: nothing yet */
} usage_clock_t;

/** When something happens. */
typedef struct usage_moment_t {
    apr_int64_t start; /**< of the base interval */
    apr_int64_t minute; /**< of the start: it tells intervals apart */
    apr_int64_t day; /**< the day's first second */
    apr_int64_t date; /**< its start in the database: usage_zone_start */
} usage_moment_t;

/*
 * The word, in minutes, as all offsets are whole minutes: what of the day is
 * over at the start, and how far the date is ahead of the day, plus HALF.
 *
 *    63             36 35      24 23       12 11        0
 *   [ start          | date      | of the day | length    ]
 */
#define USAGE_CLOCK_MINUTE 60
#define USAGE_CLOCK_BITS   12
#define USAGE_CLOCK_MOST   ((1 << USAGE_CLOCK_BITS) - 1)
#define USAGE_CLOCK_HALF   (1 << (USAGE_CLOCK_BITS - 1))

/** Work it out, and remember it where it can be. */
usage_moment_t usage_clock_look(usage_clock_t *clock, apr_int64_t time);

/** The minute in which the interval of a word starts. */
static inline apr_int64_t usage_clock_minute(apr_uint64_t word)
{
    return (apr_int64_t)(word >> 3 * USAGE_CLOCK_BITS);
}

/** Whether a word is of the interval of a minute: none begins within one. */
static inline bool usage_clock_holds(apr_uint64_t word, apr_int64_t minute)
{
    return (apr_uint64_t)(minute - usage_clock_minute(word))
           < (word & USAGE_CLOCK_MOST);
}

/** The word that is remembered. */
static inline apr_uint64_t usage_clock_word(const usage_clock_t *clock)
{
    return atomic_load_explicit(&clock->word, memory_order_relaxed);
}

/**
 * The moment of @a time. It goes into its callers, so that no more of it is
 * worked out than they read.
 */
static USAGE_OFTEN usage_moment_t usage_clock_at(usage_clock_t *clock,
                                                 apr_int64_t time)
{
    apr_uint64_t word = usage_clock_word(clock);
    apr_int64_t minute = usage_clock_minute(word);
    apr_int64_t start = minute * USAGE_CLOCK_MINUTE;
    apr_uint64_t length = (word & USAGE_CLOCK_MOST) * USAGE_CLOCK_MINUTE;
    apr_uint64_t since = word >> USAGE_CLOCK_BITS & USAGE_CLOCK_MOST;
    apr_uint64_t ahead = word >> 2 * USAGE_CLOCK_BITS & USAGE_CLOCK_MOST;
    if ((apr_uint64_t)(time - start) >= length) {
        return usage_clock_look(clock, time);
    }
    apr_int64_t day = start - (apr_int64_t)since * USAGE_CLOCK_MINUTE;
    return (usage_moment_t){
        .start = start,
        .minute = minute,
        .day = day,
        .date =
            day + ((apr_int64_t)ahead - USAGE_CLOCK_HALF) * USAGE_CLOCK_MINUTE,
    };
}

#endif
