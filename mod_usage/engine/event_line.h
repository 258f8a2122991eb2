/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value of a Usage-Event header, as applications send it:
 *
 *     signup; category=account; count=3, "a name, quoted"
 *
 * Events are parted by commas. Each is a name and parameters, as HTTP has them
 * (RFC 9110, section 5.6.6): tokens or quoted strings, but that a name or a
 * value without quotes may have any bytes except those that end it.
 */
#ifndef USAGE_EVENT_LINE_H
#define USAGE_EVENT_LINE_H

#include "event.h"

/** Bytes of a line that are looked at, at most; what follows is no event. */
#define USAGE_EVENT_LINE_MAX 8192

/** Room for the texts of a line. */
typedef struct usage_event_line_t {
    char text[USAGE_EVENT_LINE_MAX];
} usage_event_line_t;

/** Where the next event of a line begins. */
typedef struct usage_event_reader_t {
    const char *at; /**< the rest of the line */
    char *to; /**< the rest of the room */
    char *end; /**< of the room */
} usage_event_reader_t;

/** Begin to read a line; its events live as long as @a room. */
usage_event_reader_t usage_event_read(const char *line,
                                      usage_event_line_t *room);

/**
 * Read the next event.
 * @return APR_SUCCESS; APR_EINVAL if it is none: an unknown parameter, a count
 *         that is no number from 0 to USAGE_EVENT_COUNT_MAX, a quote without
 *         an end; APR_EOF if there is no other
 */
apr_status_t usage_event_next(usage_event_reader_t *reader,
                              usage_event_words_t *words);

#endif
