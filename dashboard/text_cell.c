/* SPDX-License-Identifier: Apache-2.0 */
#include "text_cell.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include "visible.h"
#include "words.h"

#define ELLIPSIS "\xE2\x80\xA6"

/* Parts of a block that make a bar's end. */
#define EIGHTHS 8

static int columns_of(const char *text)
{
    usage_visible_t next;
    int columns = 0;

    while ((next = usage_visible_next(&text)).length > 0) {
        columns += usage_visible_columns(next.code);
    }
    return columns;
}

int usage_text_cut(usage_sink_t *sink, const char *text, int columns)
{
    bool is_cut = columns_of(text) > columns;
    int room = is_cut ? columns - 1 : columns;
    int used = 0;
    usage_visible_t next = usage_visible_next(&text);

    while (next.length > 0 && used + usage_visible_columns(next.code) <= room) {
        usage_sink_raw(sink, next.data, next.length);
        used += usage_visible_columns(next.code);
        next = usage_visible_next(&text);
    }
    if (is_cut) {
        usage_sink_raw(sink, ELLIPSIS, sizeof ELLIPSIS - 1);
        used++;
    }
    return used;
}

static void pad(usage_sink_t *sink, int columns)
{
    for (; columns > 0; columns--) {
        usage_sink_raw(sink, " ", 1);
    }
}

void usage_text_left(usage_sink_t *sink, const char *text, int columns)
{
    pad(sink, columns - usage_text_cut(sink, text, columns));
}

void usage_text_right(usage_sink_t *sink, const char *text, int columns)
{
    pad(sink, columns - columns_of(text));
    usage_text_cut(sink, text, columns);
}

static apr_int64_t sum_of(const apr_int64_t *counts, int from, int to)
{
    apr_int64_t sum = 0;

    for (; from < to; from++) {
        sum += counts[from];
    }
    return sum;
}

void usage_text_spark(usage_sink_t *sink, const apr_int64_t *counts, int count,
                      int columns)
{
    apr_int64_t most = 0;

    columns = columns < count ? columns : count;
    for (int i = 0; i < columns; i++) {
        apr_int64_t sum =
            sum_of(counts, count * i / columns, count * (i + 1) / columns);

        most = sum > most ? sum : most;
    }
    for (int i = 0; i < columns; i++) {
        apr_int64_t sum =
            sum_of(counts, count * i / columns, count * (i + 1) / columns);
        const char block[] = {
            '\xE2', '\x96', (char)(0x81 + usage_ratio(sum, most, EIGHTHS - 1))
        };

        usage_sink_raw(sink, sum > 0 ? block : " ", sum > 0 ? sizeof block : 1);
    }
}

/* U+2588 is a whole block, those after it ever less of one. */
static void block_put(usage_sink_t *sink, apr_int64_t eighths)
{
    const char block[] = { '\xE2', '\x96', (char)(0x88 + EIGHTHS - eighths) };

    usage_sink_raw(sink, block, sizeof block);
}

void usage_text_bar(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole,
                    int columns)
{
    apr_int64_t eighths =
        usage_ratio(part, whole, (apr_int64_t)columns * EIGHTHS);

    if (part > 0 && eighths == 0) {
        eighths = 1;
    }
    for (; eighths > 0; eighths -= EIGHTHS) {
        block_put(sink, eighths < EIGHTHS ? eighths : EIGHTHS);
    }
}

static apr_status_t keep(void *baton, const char *data, apr_size_t length)
{
    usage_text_capture_t *kept = baton;
    apr_size_t room = sizeof kept->text - 1 - kept->length;

    length = length < room ? length : room;
    memcpy(kept->text + kept->length, data, length);
    kept->length += length;
    return APR_SUCCESS;
}

usage_sink_t *usage_text_capture(usage_text_capture_t *kept)
{
    kept->length = 0;
    usage_sink_init(&kept->sink, keep, kept);
    return &kept->sink;
}

const char *usage_text_captured(usage_text_capture_t *kept, apr_pool_t *pool)
{
    usage_sink_flush(&kept->sink);
    return apr_pstrmemdup(pool, kept->text, kept->length);
}

const char *usage_text_of(void (*words)(usage_sink_t *sink, apr_int64_t number),
                          apr_int64_t number, const usage_zone_t *zone,
                          apr_pool_t *pool)
{
    usage_text_capture_t kept;
    usage_sink_t *sink = usage_text_capture(&kept);

    sink->zone = zone;
    words(sink, number);
    return usage_text_captured(&kept, pool);
}

void usage_text_heading(usage_sink_t *sink, const char *title)
{
    usage_sink_raw(sink, "\n", 1);
    int columns = usage_text_cut(sink, title, USAGE_TEXT_COLUMNS);
    usage_sink_raw(sink, "\n", 1);
    for (int i = 0; i < columns; i++) {
        usage_sink_raw(sink, "-", 1);
    }
    usage_sink_raw(sink, "\n", 1);
}

void usage_text_paragraph(usage_sink_t *sink, const char *text,
                          apr_pool_t *pool)
{
    int used = 0;

    while (*text != '\0') {
        apr_size_t length = strcspn(text, " ");
        const char *word = apr_pstrmemdup(pool, text, length);

        if (used > 0) {
            bool is_full = used + 1 + columns_of(word) > USAGE_TEXT_COLUMNS;

            usage_sink_raw(sink, is_full ? "\n" : " ", 1);
            used = is_full ? 0 : used + 1;
        }
        used += usage_text_cut(sink, word, USAGE_TEXT_COLUMNS);
        text += length;
        text += strspn(text, " ");
    }
    usage_sink_raw(sink, "\n", 1);
}
