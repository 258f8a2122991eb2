/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a document, and how it is written. */
#include "json_put.h"

#include <apr_strings.h>

#include "iso.h"
#include "visible.h"

json_t *usage_json_text(const char *text, apr_pool_t *pool)
{
    return text != NULL ? json_string(usage_visible_text(text, pool))
                        : json_null();
}

void usage_json_put_text(json_t *object, const char *name, const char *text,
                         const usage_making_t *making)
{
    json_object_set_new(object, name, usage_json_text(text, making->pool));
}

void usage_json_put_number(json_t *object, const char *name, apr_int64_t number)
{
    json_object_set_new(object, name, json_integer(number));
}

void usage_json_put_bool(json_t *object, const char *name, bool is_true)
{
    json_object_set_new(object, name, json_boolean(is_true));
}

void usage_json_put_time(json_t *object, const char *name, apr_int64_t time,
                         const usage_making_t *making)
{
    const char *iso = apr_pstrcat(making->pool, name, "_iso", NULL);
    if (time == 0) {
        json_object_set_new(object, name, json_null());
        json_object_set_new(object, iso, json_null());
        return;
    }
    usage_json_put_number(object, name, time);
    usage_json_put_text(object, iso,
                        usage_iso_moment(making->zone, time, making->pool),
                        making);
}

void usage_json_put_start(json_t *object, const char *name, apr_int64_t start,
                          usage_grain_e grain, const usage_making_t *making)
{
    usage_json_put_number(object, name, start);
    usage_json_put_text(
        object, apr_pstrcat(making->pool, name, "_iso", NULL),
        usage_iso_start(making->zone, grain, start, making->pool), making);
}

#define VALUE_NAME(id, column) #column,
static const char *const columns[] = { USAGE_COUNTER_LIST(VALUE_NAME) };

static const char *value_name(int counter)
{
    return counter == USAGE_MILLIS ? "milliseconds" : columns[counter];
}

void usage_json_put_values(json_t *object, const usage_values_t *values)
{
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        usage_json_put_number(object, value_name(i), values->of[i]);
    }
}

static int write_part(const char *data, size_t length, void *baton)
{
    usage_sink_raw(baton, data, length);
    return 0;
}

apr_status_t usage_json_write(json_t *document, usage_sink_t *sink)
{
    int failed = json_dump_callback(document, write_part, sink,
                                    JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    json_decref(document);
    usage_sink_raw(sink, "\n", 1);
    return failed ? APR_ENOMEM : usage_sink_flush(sink);
}
