/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a JSON document, and how it is written. */
#ifndef USAGE_JSON_PUT_H
#define USAGE_JSON_PUT_H

#include <jansson.h>

#include "model.h"
#include "sink.h"

/** What each part of a document is made of. */
typedef struct usage_making_t {
    const usage_model_t *model;
    const usage_zone_t *zone;
    apr_pool_t *pool;
} usage_making_t;

/** A text from outside, made fit for JSON (visible.h); null of NULL. */
json_t *usage_json_text(const char *text, apr_pool_t *pool);

void usage_json_put_text(json_t *object, const char *name, const char *text,
                         const usage_making_t *making);
void usage_json_put_number(json_t *object, const char *name,
                           apr_int64_t number);
void usage_json_put_bool(json_t *object, const char *name, bool is_true);

/** A moment as a number and, under the name with "_iso", for people; one that
 * never was (0) is null. */
void usage_json_put_time(json_t *object, const char *name, apr_int64_t time,
                         const usage_making_t *making);

/** An interval's start, likewise: a day's is a date, a month's a month. */
void usage_json_put_start(json_t *object, const char *name, apr_int64_t start,
                          usage_grain_e grain, const usage_making_t *making);

/** All counters, by their names with units. */
void usage_json_put_values(json_t *object, const usage_values_t *values);

/** Write a document, and let it go. @return what usage_sink_flush() returns */
apr_status_t usage_json_write(json_t *document, usage_sink_t *sink);

#endif
