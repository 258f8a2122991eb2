/* SPDX-License-Identifier: Apache-2.0 */
/* One hit, ready to be counted, and what counting it means. */
#ifndef USAGE_HIT_H
#define USAGE_HIT_H

#include <apr_time.h>

#include "agent_patterns.h"
#include "clock.h"
#include "memory.h"
#include "often.h"
#include "outcome.h"
#include "visitor.h"

/** Bots whose counters are remembered, at most; divides USAGE_BOT_NUMBERS. */
#define USAGE_BOT_PLACES 64

/**
 * What all hits of a virtual host share. Made when the configuration is read;
 * from then on only `outcomes` and `bots` change: they say where this process
 * found the counters of the site's outcomes and bots, so that most hits cost a
 * look and an add. Threads may write them at once: each entry is one word
 * (place.h; the time is the interval's first minute, of a bot see bot.c), and
 * is checked when it is used. Zeros are an empty cache.
 */
typedef struct usage_host_t {
    usage_text_t site;
    apr_uint64_t key; /**< usage_site_key */
    usage_clock_t *clock; /**< of UsageTimezone and UsageInterval */
    apr_int64_t window; /**< seconds: UsageSessionWindow */
    apr_uint32_t paths; /**< the day's budget: UsagePaths */
    usage_mask_t mask; /**< UsageAddressMask */
    const usage_agent_patterns_t *patterns; /**< UsageBotPattern, or NULL */
    _Atomic apr_uint64_t outcomes[USAGE_OUTCOMES];
    _Atomic apr_uint64_t bots[USAGE_BOT_PLACES];
} usage_host_t;

typedef struct usage_hit_t {
    usage_host_t *host;
    usage_outcome_e outcome;
    apr_int64_t time; /**< Unix seconds of the request */
    apr_uint32_t agent; /**< usage_agent_pack; of a view or a bot */
    /* Of a view only: */
    usage_text_t path; /**< as it came, with a NUL at its end */
    apr_uint64_t path_hash; /**< usage_secret_hash of it, the header's secret;
                                 replaced by that of the path it counts for */
    usage_visitor_t visitor; /**< its site and mask are filled in */
    apr_int64_t bytes; /**< queued as the response's body */
    apr_int64_t millis; /**< until the response was generated */
    bool begins_visit; /**< set when it is counted: a visit began with it */
} usage_hit_t;

/**
 * Count a hit: its outcome; if a bot's, which; and if it is a view, itself, its
 * visitor and what it means for the visit. Never fails; what finds no room is
 * counted under "everything else". A path is cleaned by usage_path_clean; one
 * too many for the day counts as USAGE_PATH_OVERFLOW.
 */
void usage_hit_count(const usage_memory_t *memory, usage_hit_t *hit);

/** As usage_hit_count_outcome, of the first in an interval. */
void usage_hit_count_new_outcome(const usage_memory_t *memory,
                                 usage_host_t *host, usage_outcome_e outcome,
                                 apr_int64_t time);

/** Where an outcome is counted in the interval that starts with @a minute; NULL
 * if that is not known. */
static inline usage_slot_t *usage_hit_outcome(const usage_active_t *active,
                                              const usage_host_t *host,
                                              usage_outcome_e outcome,
                                              apr_int64_t minute)
{
    return usage_active_cached(
        active,
        atomic_load_explicit(&host->outcomes[outcome], memory_order_relaxed),
        minute);
}

/**
 * Count a hit of which there is nothing to count but its outcome: any but a
 * view or a bot. Most hits are such, so this is inline, and asks the clock for
 * the minute, which takes one division as the second does, and no more.
 * @param time of the request
 */
static USAGE_OFTEN void usage_hit_count_outcome(const usage_memory_t *memory,
                                                usage_host_t *host,
                                                usage_outcome_e outcome,
                                                apr_time_t time)
{
    const apr_uint64_t minute = USAGE_CLOCK_MINUTE * APR_USEC_PER_SEC;
    usage_active_t active = usage_memory_now(memory);
    apr_uint64_t word = usage_clock_word(host->clock);
    usage_slot_t *slot =
        usage_hit_outcome(&active, host, outcome, usage_clock_minute(word));
    if (slot == NULL
        || !usage_clock_holds(word,
                              (apr_int64_t)((apr_uint64_t)time / minute))) {
        usage_hit_count_new_outcome(memory, host, outcome, apr_time_sec(time));
        return;
    }
    atomic_fetch_add_explicit(&slot->total[USAGE_VIEWS], 1,
                              memory_order_relaxed);
}

#endif
