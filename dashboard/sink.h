/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way out: every renderer writes through a sink, and a sink is the one
 * place that escapes. Text from outside (a path, a site, an error message)
 * goes through %s or %u and never through a literal or usage_sink_raw().
 *
 * An error sticks: after the first failing write nothing more is written and
 * usage_sink_flush() returns it, so renderers need not look.
 */
#ifndef USAGE_SINK_H
#define USAGE_SINK_H

#include <apr_errno.h>

#include "engine/zone.h"
#include "translate.h"

/** Take @a length bytes of output, all of them or fail. */
typedef apr_status_t usage_sink_fn(void *baton, const char *data,
                                   apr_size_t length);

typedef struct usage_sink_t {
    usage_sink_fn *write;
    void *baton;
    const usage_zone_t *zone; /**< in which moments are shown */
    const usage_language_t *language; /**< the reader's */
    apr_status_t status; /**< the first failure, which sticks */
    apr_size_t used; /**< bytes waiting in the buffer */
    char buffer[4096];
} usage_sink_t;

/**
 * Begin a sink over @a write, which gets its output in larger pieces. Moments
 * are shown in UTC, until `zone` is set, and all in English until `language`
 * is.
 */
void usage_sink_init(usage_sink_t *sink, usage_sink_fn *write, void *baton);

/**
 * Hand on what waits in the buffer.
 * @return APR_SUCCESS, or the first failure since the sink began
 */
apr_status_t usage_sink_flush(usage_sink_t *sink);

/** Write bytes as they are: for what is known to need no escaping. */
void usage_sink_raw(usage_sink_t *sink, const char *data, apr_size_t length);

/**
 * Write @a format, a literal of HTML, with values filled in:
 *
 *   %s  text, for HTML text and quoted attributes; what is no UTF-8, no
 *       visible character or turns the direction of writing is replaced
 *   %w  the same of our own text (N_), in the reader's language
 *   %u  text, percent-encoded, for the value of a URL's argument
 *   %U  text, percent-encoded but for its slashes, for the path of a URL
 *   %d  a number (12345)         %n  a grouped number (12,345)
 *   %p  per mille (12.3%)        %c  hundred-thousandths (12.345%)
 *   %b  bytes (1.2 MB)           %a  an age in seconds (3 min ago)
 *   %l  a length of time in seconds (3 min)
 *   %t  a date (2026-07-14)      %j  as a short day (14 Jul)
 *   %m  as year and month (2026-07)
 *   %T  a moment (2026-07-14 15:04)
 *   %h  as a time of day (15:04)
 *   %%  a percent sign
 *
 * Each text is a const char *, each number EXACTLY an apr_int64_t: cast what
 * is not. Dates and moments: see words.h. An unknown letter fails an assertion.
 */
void usage_sink_html(usage_sink_t *sink, const char *format, ...);

/**
 * Say @a format, a literal in English, in the reader's language: a sentence
 * with values filled in as by usage_sink_html(), in the order of the English.
 */
void usage_sink_say(usage_sink_t *sink, const char *format, ...);

#endif
