/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of a table in plain text, by columns as terminals show them. */
#ifndef USAGE_TEXT_CELL_H
#define USAGE_TEXT_CELL_H

#include "sink.h"

/** Columns of a page of text. */
#define USAGE_TEXT_COLUMNS 80

/** Write a text from outside as it may be shown (visible.h), cut with an
 * ellipsis to @a columns at most. @return how many it took */
int usage_text_cut(usage_sink_t *sink, const char *text, int columns);

/** The same, then spaces up to @a columns. */
void usage_text_left(usage_sink_t *sink, const char *text, int columns);

/** Spaces, then what fits of a text of ours (ASCII): @a columns. */
void usage_text_right(usage_sink_t *sink, const char *text, int columns);

/** A bar of blocks, @a columns long where @a part is @a whole. */
void usage_text_bar(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole,
                    int columns);

/** Counts as blocks of eight heights, side by side in @a columns at most, each
 * of as many counts. */
void usage_text_spark(usage_sink_t *sink, const apr_int64_t *counts, int count,
                      int columns);

/** A title with a line under it, after an empty line. */
void usage_text_heading(usage_sink_t *sink, const char *title);

/** A text from outside, broken between its words. */
void usage_text_paragraph(usage_sink_t *sink, const char *text,
                          apr_pool_t *pool);

/** A short text that is being made. */
typedef struct usage_text_capture_t {
    usage_sink_t sink;
    char text[64];
    apr_size_t length;
} usage_text_capture_t;

/** Begin one. @return what to write to */
usage_sink_t *usage_text_capture(usage_text_capture_t *kept);

/** End it. @return the text, in @a pool */
const char *usage_text_captured(usage_text_capture_t *kept, apr_pool_t *pool);

/** What a function of words.h writes, as a text in @a pool. */
const char *usage_text_of(void (*words)(usage_sink_t *sink, apr_int64_t number),
                          apr_int64_t number, const usage_zone_t *zone,
                          apr_pool_t *pool);

#endif
