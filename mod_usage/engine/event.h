/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is counted beside views, by category and name: the pair is the key, so
 * a name may stand in two categories.
 */
#ifndef USAGE_EVENT_H
#define USAGE_EVENT_H

#include "clean.h"
#include "hit.h"

/** The name that events are counted under when the day's budget of names, or
 * the table, has no room for their own. */
#define USAGE_EVENT_OVERFLOW "*"

/** The category of events that name none. */
#define USAGE_EVENT_CATEGORY "event"

/** What one event may count at once, at most. */
#define USAGE_EVENT_COUNT_MAX 1000000

/** One event, ready to be counted; its texts are clean (clean.h). */
typedef struct usage_event_t {
    usage_names_e sort; /**< whose budget its name takes of */
    usage_text_t category;
    usage_text_t name;
    apr_int64_t count; /**< 1 to USAGE_EVENT_COUNT_MAX; 0 counts nothing */
} usage_event_t;

/** One event as it was written, not yet cleaned. */
typedef struct usage_event_words_t {
    usage_text_t name; /**< empty: it has none */
    usage_text_t category; /**< empty: it has none */
    apr_int64_t count; /**< 0 to USAGE_EVENT_COUNT_MAX */
} usage_event_words_t;

/** Room for the texts of an event. */
typedef struct usage_event_room_t {
    usage_clean_buffer_t category;
    usage_clean_buffer_t name;
} usage_event_room_t;

/**
 * Make an event of words. It lives as long as they and @a room.
 * @return whether its category may be counted in by anybody: one of the
 *         module's own is set apart, by a `_` before it
 */
bool usage_event_make(const usage_event_words_t *words,
                      usage_event_room_t *room, usage_event_t *event);

/** Whether a category is one of the module's own, which nobody else may count
 * in: outcome, bot-…, source-…, status … */
bool usage_event_is_reserved(usage_text_t category);

/**
 * Count an event of a site. Never fails; what finds no room is counted as
 * USAGE_EVENT_OVERFLOW.
 * @param time Unix seconds
 * @return where it is counted (place.h; the time is the interval's start); 0 if
 *         it counts nothing
 */
apr_uint64_t usage_event_count(const usage_memory_t *memory,
                               const usage_host_t *host,
                               const usage_event_t *event, apr_int64_t time);

#endif
