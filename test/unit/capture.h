/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sink whose output a test can look at.
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <string.h>

#include <apr_strings.h>

#include "sink.h"
#include "unit.h"

typedef struct capture_t {
    usage_sink_t sink;
    char *text; /**< what was written so far, in unit_pool */
    apr_size_t length;
    int writes;
    apr_status_t status; /**< what the next write returns */
} capture_t;

static inline apr_status_t capture_write(void *baton, const char *data,
                                         apr_size_t length)
{
    capture_t *capture = baton;
    char *text = apr_palloc(unit_pool, capture->length + length + 1);

    memcpy(text, capture->text, capture->length);
    memcpy(text + capture->length, data, length);
    capture->length += length;
    text[capture->length] = '\0';
    capture->text = text;
    capture->writes++;
    return capture->status;
}

static inline capture_t *capture_begin(void)
{
    capture_t *capture = apr_pcalloc(unit_pool, sizeof(*capture));

    capture->text = apr_pstrdup(unit_pool, "");
    usage_sink_init(&capture->sink, capture_write, capture);
    return capture;
}

/** All that was written. */
static inline const char *capture_text(capture_t *capture)
{
    ck_assert_int_eq(usage_sink_flush(&capture->sink), APR_SUCCESS);
    return capture->text;
}

/** How often @a part stands in @a text. */
static inline int count_of(const char *text, const char *part)
{
    int count = 0;

    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        count++;
    }
    return count;
}

/** A long text is cut: a message of Check has a limit. */
#define assert_has(text, part)                                                 \
    ck_assert_msg(strstr((text), (part)) != NULL, "no %s in %.1500s", (part),  \
                  (text))

#define assert_lacks(text, part)                                               \
    ck_assert_msg(strstr((text), (part)) == NULL, "%s in %.1500s", (part),     \
                  (text))

#endif
