/* SPDX-License-Identifier: Apache-2.0 */
/* One hit, ready to be counted, and what counting it means. */
#ifndef USAGE_HIT_H
#define USAGE_HIT_H

#include "agent_patterns.h"
#include "memory.h"
#include "outcome.h"
#include "visitor.h"

/** Bots whose counters are remembered, at most; divides USAGE_BOT_NUMBERS. */
#define USAGE_BOT_PLACES 64

/**
 * Where this process found the counters of a site's outcomes and bots, so that
 * most hits cost a look and an add. Threads may write it at once: each entry is
 * one word (place.h; the time is the interval's start, of a bot see bot.c), and
 * is checked when it is used. Zeros are an empty cache.
 */
typedef struct usage_outcome_cache_t {
    _Atomic apr_uint64_t places[USAGE_OUTCOMES];
    _Atomic apr_uint64_t bots[USAGE_BOT_PLACES];
} usage_outcome_cache_t;

typedef struct usage_hit_t {
    usage_text_t site;
    usage_outcome_cache_t *outcomes; /**< the site's, or NULL */
    usage_outcome_e outcome;
    apr_int64_t time; /**< Unix seconds of the request */
    apr_int64_t interval; /**< seconds of a base interval */
    /* Of a view or a bot: */
    usage_agent_t agent;
    const usage_agent_patterns_t *patterns; /**< of the site, or NULL */
    /* Of a view only: */
    usage_text_t path; /**< cleaned by usage_path_clean; if it is one too many
                            for the day, it is replaced */
    usage_visitor_t visitor; /**< its site is filled in */
    apr_int64_t window; /**< seconds: UsageSessionWindow */
    apr_uint32_t paths; /**< the day's budget: UsagePaths */
    apr_int64_t bytes; /**< queued as the response's body */
    apr_int64_t millis; /**< until the response was generated */
} usage_hit_t;

/**
 * Count a hit: its outcome; if a bot's, which; and if it is a view, itself, its
 * visitor and what it means for the visit. Never fails; what finds no room is
 * counted under "everything else".
 */
void usage_hit_count(const usage_memory_t *memory, usage_hit_t *hit);

#endif
