/* SPDX-License-Identifier: Apache-2.0 */
/* Counts events. Runs in every thread of every child. */
#include "event.h"

#include <string.h>

#include "often.h"
#include "text.h"

static const char *const reserved[] = { USAGE_OUTCOME_CATEGORY,
                                        "country",
                                        "language",
                                        "browser-version",
                                        "system-version",
                                        "status",
                                        "download",
                                        "not-found",
                                        NULL };

/* What categories of the module's own begin with. */
static const char *const beginnings[] = { "bot-", "source-", "campaign-",
                                          NULL };

static bool begins(usage_text_t text, const char *word)
{
    apr_size_t length = strlen(word);
    return text.length >= length && memcmp(text.data, word, length) == 0;
}

bool usage_event_is_reserved(usage_text_t category)
{
    bool is_reserved = false;
    for (int i = 0; !is_reserved && reserved[i] != NULL; i++) {
        is_reserved = usage_text_is(category, reserved[i]);
    }
    for (int i = 0; !is_reserved && beginnings[i] != NULL; i++) {
        is_reserved = begins(category, beginnings[i]);
    }
    return is_reserved;
}

/* A category of the module's own that somebody else names. */
static usage_text_t set_apart(usage_text_t category,
                              usage_clean_buffer_t *buffer)
{
    apr_size_t length =
        category.length < USAGE_NAME_MAX ? category.length : USAGE_NAME_MAX - 1;
    memmove(buffer->data + 1, category.data, length);
    buffer->data[0] = '_';
    return (usage_text_t){ buffer->data, length + 1 };
}

bool usage_event_make(const usage_event_words_t *words,
                      usage_event_room_t *room, usage_event_t *event)
{
    usage_text_t category = { USAGE_EVENT_CATEGORY,
                              sizeof USAGE_EVENT_CATEGORY - 1 };
    if (words->category.length > 0) {
        category = usage_clean_name(words->category, &room->category);
    }
    bool is_reserved = usage_event_is_reserved(category);
    if (is_reserved) {
        category = set_apart(category, &room->category);
    }
    *event =
        (usage_event_t){ .sort = USAGE_NAMES_EVENT,
                         .category = category,
                         .name = usage_clean_name(words->name, &room->name),
                         .count = words->count };
    return !is_reserved;
}

static bool is_admitted(const usage_memory_t *memory, const usage_host_t *host,
                        const usage_event_t *event, apr_int64_t day)
{
    usage_candidate_t candidate = { .sort = event->sort,
                                    .category = event->category,
                                    .name = event->name,
                                    .day = day,
                                    .budget = USAGE_NAMES_BUDGET };
    return event->sort == USAGE_NAMES_CLOSED
           || usage_site_admits(usage_site_of(&memory->sites, host->key),
                                &memory->seen, &candidate);
}

/* An event, and where and when it is counted. */
typedef struct counting_t {
    const usage_memory_t *memory;
    const usage_host_t *host;
    const usage_event_t *event;
    apr_int64_t time;
} counting_t;

/* Only a name that is new in this interval can be one too many for the day. */
USAGE_SOMETIMES static usage_slot_t *
new_slot(const counting_t *counting, const usage_key_t *key, apr_uint32_t *bits)
{
    const usage_host_t *host = counting->host;
    usage_addition_t addition = { .key = *key,
                                  .overflow = USAGE_EVENT_OVERFLOW,
                                  .resort = USAGE_RESORT_EVENT };
    usage_moment_t moment = usage_clock_at(host->clock, counting->time);
    usage_place_t place;
    if (!is_admitted(counting->memory, host, counting->event, moment.day)) {
        addition.key.name = usage_text_of(USAGE_EVENT_OVERFLOW);
    }
    usage_slot_t *slot =
        usage_memory_claim(counting->memory, &addition, counting->time, &place);
    *bits = usage_place_bits(place);
    return slot;
}

apr_uint64_t usage_event_count(const usage_memory_t *memory,
                               const usage_host_t *host,
                               const usage_event_t *event, apr_int64_t time)
{
    usage_key_t key = { .start = usage_clock_at(host->clock, time).start,
                        .kind = USAGE_KIND_EVENT,
                        .site = host->site,
                        .category = event->category,
                        .name = event->name,
                        .site_hash = host->key };
    usage_active_t active = usage_memory_now(memory);
    apr_uint32_t bits;
    if (event->count <= 0) {
        return 0;
    }
    usage_slot_t *slot = usage_active_find(&active, &key);
    if (slot != NULL) {
        bits = usage_active_place(&active, slot);
    }
    else {
        counting_t counting = { memory, host, event, time };
        slot = new_slot(&counting, &key, &bits);
    }
    atomic_fetch_add_explicit(&slot->total[USAGE_VIEWS], event->count,
                              memory_order_relaxed);
    return usage_place_word(bits, key.start, true);
}
