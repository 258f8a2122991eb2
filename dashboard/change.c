/* SPDX-License-Identifier: Apache-2.0 */
/* Told by signs and words; the stylesheet's colours only stress them. */
#include "change.h"

#include <string.h>

#include "words.h"

#define MINUS "\xE2\x88\x92"
#define TIMES "\xC3\x97"

enum { PERMILLE = 1000, PERCENT = 100, TENFOLD = 10 };

/* A fall is one of all only where nothing is left. */
static apr_int64_t rate_of(apr_int64_t value, apr_int64_t was,
                           apr_int64_t scale)
{
    apr_int64_t rise = value - was;

    return rise < 0 ? usage_share(-rise, was, scale)
                    : rise / was * scale
                          + usage_nearest(rise % was, was, scale);
}

/* Above ten percent, tenths are of no use. */
static void rate_put(usage_sink_t *sink, apr_int64_t value, apr_int64_t was)
{
    apr_int64_t rate = rate_of(value, was, PERMILLE);

    if (rate < PERMILLE / 10) {
        usage_words_permille(sink, rate);
    }
    else {
        usage_sink_html(sink, "%n%%", rate_of(value, was, PERCENT));
    }
}

void usage_change_say(usage_sink_t *sink, apr_int64_t value, apr_int64_t was)
{
    if (was <= 0) {
        usage_sink_html(sink, "%w", value > 0 ? N_("new") : "");
    }
    else if (value == was) {
        usage_sink_html(sink, "=");
    }
    else if (value / was >= TENFOLD) {
        usage_sink_html(sink, TIMES "%n", value / was);
    }
    else {
        usage_sink_html(sink, value > was ? "+" : MINUS);
        rate_put(sink, value, was);
    }
}

void usage_change_amount(usage_sink_t *sink, apr_int64_t value, apr_int64_t was)
{
    usage_sink_html(sink, value > was ? "+" : value < was ? MINUS : "");
    usage_sink_html(sink, "%n", value > was ? value - was : was - value);
}

void usage_change_put(usage_sink_t *sink, const char *element,
                      apr_int64_t value, apr_int64_t was)
{
    const char *way = value > was   ? " class=\"rise\""
                      : value < was ? " class=\"fall\""
                                    : "";

    usage_sink_html(sink, "<%s", element);
    usage_sink_raw(sink, way, strlen(way));
    usage_sink_html(sink, ">");
    usage_change_say(sink, value, was);
    usage_sink_html(sink, "</%s>", element);
}
