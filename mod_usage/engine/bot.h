/* SPDX-License-Identifier: Apache-2.0 */
/* Which bots come: each by its kind and its name, as an event of the site. */
#ifndef USAGE_BOT_H
#define USAGE_BOT_H

#include "hit.h"

/**
 * Count the bot of a hit, if a bot sent it and it was for a page: its outcome
 * is `bot`, or `view` where bots' views are counted. Never fails; a bot that
 * finds no room is counted as USAGE_BOT_OVERFLOW of its kind.
 * @param start of the hit's base interval
 */
void usage_bot_count(const usage_memory_t *memory, const usage_hit_t *hit,
                     apr_int64_t start);

#endif
