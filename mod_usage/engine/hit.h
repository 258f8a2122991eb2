/* SPDX-License-Identifier: Apache-2.0 */
/* One hit, ready to be counted, and what counting it means. */
#ifndef USAGE_HIT_H
#define USAGE_HIT_H

#include "agent.h"
#include "memory.h"
#include "outcome.h"
#include "visitor.h"

/**
 * What all hits of a virtual host share. Made when the configuration is read;
 * from then on only `outcomes` changes: it says where this process found the
 * counters of the site's outcomes, so that most hits cost a look and an add.
 * Threads may write it at once: each entry is one word (place.h; the time is
 * the interval's start), and is checked when it is used. Zeros are an empty
 * cache.
 */
typedef struct usage_host_t {
    usage_text_t site;
    apr_uint64_t key; /**< usage_site_key */
    apr_int64_t interval; /**< seconds of a base interval */
    apr_int64_t window; /**< seconds: UsageSessionWindow */
    apr_uint32_t paths; /**< the day's budget: UsagePaths */
    usage_mask_t mask; /**< UsageAddressMask */
    _Atomic apr_uint64_t outcomes[USAGE_OUTCOMES];
} usage_host_t;

typedef struct usage_hit_t {
    usage_host_t *host;
    usage_outcome_e outcome;
    apr_int64_t time; /**< Unix seconds of the request */
    /* Of a view only: */
    usage_text_t path; /**< cleaned by usage_path_clean; if it is one too many
                            for the day, it is replaced */
    apr_uint64_t path_hash; /**< usage_secret_hash of it, the header's secret */
    apr_uint32_t agent; /**< usage_agent_pack */
    usage_visitor_t visitor; /**< its site and mask are filled in */
    apr_int64_t bytes; /**< queued as the response's body */
    apr_int64_t millis; /**< until the response was generated */
} usage_hit_t;

/**
 * Count a hit: its outcome, and if it is a view, itself, its visitor and what
 * it means for the visit. Never fails; what finds no room is counted under
 * "everything else".
 */
void usage_hit_count(const usage_memory_t *memory, usage_hit_t *hit);

#endif
