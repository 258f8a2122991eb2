/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts bots by name. A bot's number has its place in the site's cache in the
 * low bits; the word there (place.h) has in place of a time the minute in which
 * the interval starts, and below it the rest of the number: so a word is good
 * for one bot and one interval. Runs in every thread of every child.
 */
#include "bot.h"

#include <string.h>

#include "often.h"

#define NUMBERS_PER_PLACE (USAGE_BOT_NUMBERS / USAGE_BOT_PLACES)

static apr_int64_t stamp_of(unsigned bot, apr_int64_t minute)
{
    return minute * NUMBERS_PER_PLACE + bot / USAGE_BOT_PLACES;
}

static usage_text_t name_of(const usage_hit_t *hit)
{
    usage_text_t name = usage_agent_bot_name(hit->host->patterns,
                                             usage_agent_bits_bot(hit->agent));
    return name.length > 0 ? name
                           : (usage_text_t){ USAGE_BOT_OVERFLOW,
                                             sizeof USAGE_BOT_OVERFLOW - 1 };
}

/* The way of a bot's first hit in an interval. */
USAGE_RARELY static usage_slot_t *bot_slot(const usage_memory_t *memory,
                                           const usage_hit_t *hit,
                                           usage_place_t *place)
{
    int kind = usage_agent_bits_bot_kind(hit->agent);
    if (kind == USAGE_BOT_KIND_NONE || kind >= USAGE_BOT_KINDS) {
        kind = USAGE_BOT_KIND_OTHER;
    }
    const char *category = usage_bot_category(kind);
    usage_addition_t addition = {
        .key = { .start = usage_clock_at(hit->host->clock, hit->time).start,
                 .kind = USAGE_KIND_EVENT,
                 .site = hit->host->site,
                 .category = { category, strlen(category) },
                 .name = name_of(hit) },
        .overflow = USAGE_BOT_OVERFLOW,
        .resort = USAGE_RESORT_BOT(kind),
    };
    return usage_memory_claim(memory, &addition, hit->time, place);
}

void usage_bot_count(const usage_memory_t *memory, const usage_active_t *active,
                     const usage_hit_t *hit, apr_int64_t minute)
{
    unsigned bot = usage_agent_bits_bot(hit->agent);
    apr_int64_t stamp = stamp_of(bot, minute);
    _Atomic apr_uint64_t *word = &hit->host->bots[bot % USAGE_BOT_PLACES];
    usage_slot_t *slot = usage_active_cached(
        active, atomic_load_explicit(word, memory_order_relaxed), stamp);
    usage_place_t place;
    if (slot == NULL) {
        slot = bot_slot(memory, hit, &place);
        atomic_store_explicit(word, usage_place_pack(place, stamp, true),
                              memory_order_relaxed);
    }
    atomic_fetch_add_explicit(&slot->total[USAGE_VIEWS], 1,
                              memory_order_relaxed);
}
