/* SPDX-License-Identifier: Apache-2.0 */
/* One hit, ready to be counted. */
#ifndef USAGE_HIT_H
#define USAGE_HIT_H

#include "agent.h"
#include "memory.h"
#include "outcome.h"

typedef struct usage_hit_t {
    usage_text_t site;
    usage_outcome_e outcome;
    apr_int64_t time; /**< Unix seconds of the request */
    apr_int64_t interval; /**< seconds of a base interval */
    /* Of a view only: */
    usage_text_t path; /**< cleaned by usage_path_clean */
    usage_agent_t agent;
    apr_int64_t bytes; /**< queued as the response's body */
    apr_int64_t millis; /**< until the response was generated */
} usage_hit_t;

/** Count a hit: its outcome, and itself if it is a view. */
void usage_hit_count(const usage_memory_t *memory, const usage_hit_t *hit);

#endif
