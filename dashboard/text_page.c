/* SPDX-License-Identifier: Apache-2.0 */
/* What text.c and text_lists.c write with. */
#include "text_page.h"

#include <string.h>

#include "words.h"

void usage_text_put(const usage_text_page_t *writing, const char *text)
{
    usage_sink_raw(writing->sink, text, strlen(text));
}

void usage_text_fill(const usage_text_page_t *writing, const char *text,
                     int columns)
{
    usage_text_left(writing->sink, text, columns);
}

void usage_text_align(const usage_text_page_t *writing, const char *text,
                      int columns)
{
    usage_text_right(writing->sink, text, columns);
}

const char *usage_text_words(const usage_text_page_t *writing,
                             usage_words_fn *words, apr_int64_t number)
{
    return usage_text_of(words, number, writing->model->query->zone,
                         writing->pool);
}

void usage_text_number(const usage_text_page_t *writing, apr_int64_t value,
                       int columns)
{
    usage_text_align(writing,
                     usage_text_words(writing, usage_words_grouped, value),
                     columns);
}

void usage_text_title(const usage_text_page_t *writing, const char *title)
{
    usage_text_heading(writing->sink, title);
}

void usage_text_line(const usage_text_page_t *writing, const char *label,
                     const char *value)
{
    usage_text_fill(writing, label, 20);
    usage_text_cut(writing->sink, value, USAGE_TEXT_COLUMNS - 20);
    usage_text_put(writing, "\n");
}

void usage_text_say(const usage_text_page_t *writing, const char *text)
{
    usage_text_paragraph(writing->sink, text, writing->pool);
}
