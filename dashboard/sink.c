/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A buffered, escaping writer. Each letter of a format is one row in one
 * table: a function that writes a text, or one that writes a number.
 */
#include "sink.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "visible.h"
#include "words.h"

void usage_sink_init(usage_sink_t *sink, usage_sink_fn *write, void *baton)
{
    sink->write = write;
    sink->baton = baton;
    sink->zone = &usage_zone_utc;
    sink->language = usage_language_default();
    sink->status = APR_SUCCESS;
    sink->used = 0;
}

apr_status_t usage_sink_flush(usage_sink_t *sink)
{
    if (sink->status == APR_SUCCESS && sink->used > 0) {
        sink->status = sink->write(sink->baton, sink->buffer, sink->used);
    }
    sink->used = 0;
    return sink->status;
}

void usage_sink_raw(usage_sink_t *sink, const char *data, apr_size_t length)
{
    while (length > 0) {
        apr_size_t room = sizeof(sink->buffer) - sink->used;
        apr_size_t piece = length < room ? length : room;

        memcpy(sink->buffer + sink->used, data, piece);
        sink->used += piece;
        data += piece;
        length -= piece;
        if (sink->used == sizeof(sink->buffer)) {
            usage_sink_flush(sink);
        }
    }
}

static void literal_put(usage_sink_t *sink, const char *text)
{
    usage_sink_raw(sink, text, strlen(text));
}

/* What stands for @a code in HTML, or NULL where it stands for itself. */
static const char *html_entity(apr_uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        break;
    }
    return NULL;
}

static void html_put(usage_sink_t *sink, const char *text)
{
    usage_visible_t next;

    while ((next = usage_visible_next(&text)).length > 0) {
        const char *entity = html_entity(next.code);

        if (entity) {
            literal_put(sink, entity);
        }
        else {
            usage_sink_raw(sink, next.data, next.length);
        }
    }
}

/* RFC 3986, section 2.3: the characters that need no encoding anywhere. */
static bool is_unreserved(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || (byte >= '0' && byte <= '9')
           || (byte != '\0' && strchr("-._~", byte) != NULL);
}

static void percent_put(usage_sink_t *sink, const char *text, char kept)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (is_unreserved(byte) || *text == kept) {
            usage_sink_raw(sink, text, 1);
        }
        else {
            const char code[] = { '%', digits[byte >> 4], digits[byte & 15] };

            usage_sink_raw(sink, code, sizeof(code));
        }
    }
}

static void word_put(usage_sink_t *sink, const char *text)
{
    html_put(sink, usage_translate(sink->language, text));
}

static void argument_put(usage_sink_t *sink, const char *text)
{
    percent_put(sink, text, '\0');
}

static void path_put(usage_sink_t *sink, const char *text)
{
    percent_put(sink, text, '/');
}

typedef struct usage_format_t {
    void (*text)(usage_sink_t *sink, const char *text);
    void (*number)(usage_sink_t *sink, apr_int64_t number);
} usage_format_t;

/* clang-format off */
static const usage_format_t formats[UCHAR_MAX + 1] = {
    ['s'] = { .text = html_put },
    ['w'] = { .text = word_put },
    ['u'] = { .text = argument_put },
    ['U'] = { .text = path_put },
    ['d'] = { .number = usage_words_number },
    ['n'] = { .number = usage_words_grouped },
    ['p'] = { .number = usage_words_permille },
    ['c'] = { .number = usage_words_coordinate },
    ['b'] = { .number = usage_words_bytes },
    ['a'] = { .number = usage_words_age },
    ['l'] = { .number = usage_words_length },
    ['t'] = { .number = usage_words_date },
    ['T'] = { .number = usage_words_moment },
    ['m'] = { .number = usage_words_month },
    ['j'] = { .number = usage_words_day },
    ['h'] = { .number = usage_words_clock },
};
/* clang-format on */

static void format_put(usage_sink_t *sink, const char *format, va_list values)
{
    const char *mark;

    while ((mark = strchr(format, '%')) != NULL) {
        const usage_format_t *way = &formats[(unsigned char)mark[1]];

        usage_sink_raw(sink, format, (apr_size_t)(mark - format));
        if (way->text) {
            way->text(sink, va_arg(values, const char *));
        }
        else if (way->number) {
            way->number(sink, va_arg(values, apr_int64_t));
        }
        else {
            assert(mark[1] == '%' && "an unknown format letter");
            literal_put(sink, "%");
        }
        format = mark + (mark[1] ? 2 : 1);
    }
    literal_put(sink, format);
}

void usage_sink_html(usage_sink_t *sink, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    format_put(sink, format, values);
    va_end(values);
}

void usage_sink_say(usage_sink_t *sink, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    format_put(sink, usage_translate(sink->language, format), values);
    va_end(values);
}
