/* SPDX-License-Identifier: Apache-2.0 */
/* A page of plain text that is being written, and what all of its parts use. */
#ifndef USAGE_TEXT_PAGE_H
#define USAGE_TEXT_PAGE_H

#include "model.h"
#include "text_cell.h"

typedef struct usage_text_page_t {
    usage_sink_t *sink;
    const usage_model_t *model;
    apr_pool_t *pool;
} usage_text_page_t;

/** A function of words.h. */
typedef void usage_words_fn(usage_sink_t *sink, apr_int64_t number);

/** Write a text of ours. */
void usage_text_put(const usage_text_page_t *writing, const char *text);

/** Write a text in so many columns, from the left or, of ours, to the right. */
void usage_text_fill(const usage_text_page_t *writing, const char *text,
                     int columns);
void usage_text_align(const usage_text_page_t *writing, const char *text,
                      int columns);

/** What @a words make of a number. */
const char *usage_text_words(const usage_text_page_t *writing,
                             usage_words_fn *words, apr_int64_t number);

/** Write a number to the right. */
void usage_text_number(const usage_text_page_t *writing, apr_int64_t value,
                       int columns);

/** Begin a part. */
void usage_text_title(const usage_text_page_t *writing, const char *title);

/** Write a label and a value, as far as it fits. */
void usage_text_line(const usage_text_page_t *writing, const char *label,
                     const char *value);

/** Write sentences, broken between words. */
void usage_text_say(const usage_text_page_t *writing, const char *text);

#endif
