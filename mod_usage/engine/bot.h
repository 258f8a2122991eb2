/* SPDX-License-Identifier: Apache-2.0 */
/* Which bots come: each by its kind and its name, as an event of the site. */
#ifndef USAGE_BOT_H
#define USAGE_BOT_H

#include "hit.h"

/** Whether a bot sent a hit, for a page: its outcome is `bot`, or `view` where
 * bots' views are counted. */
static inline bool usage_bot_sent(const usage_hit_t *hit)
{
    return hit->outcome == USAGE_OUTCOME_BOT
           || (hit->outcome == USAGE_OUTCOME_VIEW
               && usage_agent_bits_is_bot(hit->agent));
}

/**
 * Count the bot that sent a hit. Never fails; one that finds no room is
 * counted as USAGE_BOT_OVERFLOW of its kind.
 * @param minute in which the hit's base interval starts
 */
void usage_bot_count(const usage_memory_t *memory, const usage_active_t *active,
                     const usage_hit_t *hit, apr_int64_t minute);

#endif
