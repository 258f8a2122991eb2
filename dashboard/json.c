/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One function for each part of the document, in its order. jansson keeps the
 * order in which fields are set; a part that finds no memory is left out, and
 * then the document isn't written (usage_json_write).
 */
#include "json.h"

#include <apr_strings.h>

#include "catalog.h"
#include "iso.h"
#include "visible.h"

/* What each part is made of. */
typedef struct making_t {
    const usage_model_t *model;
    const usage_zone_t *zone;
    apr_pool_t *pool;
} making_t;

json_t *usage_json_text(const char *text, apr_pool_t *pool)
{
    return text != NULL ? json_string(usage_visible_text(text, pool))
                        : json_null();
}

static void put_text(json_t *object, const char *name, const char *text,
                     const making_t *making)
{
    json_object_set_new(object, name, usage_json_text(text, making->pool));
}

static void put_number(json_t *object, const char *name, apr_int64_t number)
{
    json_object_set_new(object, name, json_integer(number));
}

static void put_bool(json_t *object, const char *name, bool is_true)
{
    json_object_set_new(object, name, json_boolean(is_true));
}

/* A moment as a number and, under the name with "_iso", for people; one that
 * never was is null. */
static void put_time(json_t *object, const char *name, apr_int64_t time,
                     const making_t *making)
{
    const char *iso = apr_pstrcat(making->pool, name, "_iso", NULL);
    if (time == 0) {
        json_object_set_new(object, name, json_null());
        json_object_set_new(object, iso, json_null());
        return;
    }
    put_number(object, name, time);
    put_text(object, iso, usage_iso_moment(making->zone, time, making->pool),
             making);
}

/* An interval's start, likewise: a day's is a date, a month's a month. */
static void put_start(json_t *object, const char *name, apr_int64_t start,
                      usage_grain_e grain, const making_t *making)
{
    put_number(object, name, start);
    put_text(object, apr_pstrcat(making->pool, name, "_iso", NULL),
             usage_iso_start(making->zone, grain, start, making->pool), making);
}

/* The names of counters, with their units. */
#define VALUE_NAME(id, column) #column,
static const char *const columns[] = { USAGE_COUNTER_LIST(VALUE_NAME) };

static const char *value_name(int counter)
{
    return counter == USAGE_MILLIS ? "milliseconds" : columns[counter];
}

static void put_values(json_t *object, const usage_values_t *values)
{
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        put_number(object, value_name(i), values->of[i]);
    }
}

static const char *grain_name(usage_grain_e grain)
{
    static const char *const names[] = { "interval", "day", "month" };
    return names[grain];
}

static json_t *query_part(const making_t *making)
{
    const usage_query_t *query = making->model->query;
    json_t *part = json_object();
    put_text(part, "site", *query->site != '\0' ? query->site : NULL, making);
    put_text(part, "period", usage_period_word(query->period), making);
    put_text(part, "grain", grain_name(query->grain), making);
    put_number(part, "interval_seconds", query->interval);
    put_text(part, "timezone", query->zone->name, making);
    put_start(part, "from", query->from, query->grain, making);
    put_start(part, "to", query->to, query->grain, making);
    put_start(part, "today", query->today, USAGE_GRAIN_DAY, making);
    return part;
}

static json_t *sites_part(const making_t *making)
{
    json_t *part = json_array();
    for (int i = 0; i < making->model->sites_count; i++) {
        json_array_append_new(
            part, usage_json_text(making->model->sites[i], making->pool));
    }
    return part;
}

static json_t *values_of(const usage_values_t *values)
{
    json_t *part = json_object();
    put_values(part, values);
    return part;
}

static json_t *totals_part(const making_t *making)
{
    const usage_model_t *model = making->model;
    json_t *part = json_object();
    json_t *period = values_of(&model->period);
    put_number(period, "hits", model->outcomes.sum);
    put_number(period, "days", model->days);
    json_object_set_new(part, "period", period);
    json_object_set_new(part, "today", values_of(&model->today));
    json_object_set_new(part, "yesterday", values_of(&model->yesterday));
    return part;
}

/* As the page's table: what is still to come is left out. */
static json_t *series_part(const making_t *making)
{
    const usage_model_t *model = making->model;
    json_t *part = json_array();
    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];
        if (usage_query_is_ahead(model->query, point->start)) {
            break;
        }
        json_t *its = json_object();
        put_start(its, "start", point->start, model->query->grain, making);
        put_values(its, &point->values);
        put_number(its, "days", point->days);
        put_bool(its, "is_running", point->is_running);
        json_array_append_new(part, its);
    }
    return part;
}

/* What is of usage_event has one number, a page all of them. */
static json_t *ranked_row(const usage_ranked_t *row, bool is_page,
                          const making_t *making)
{
    json_t *its = json_object();
    put_text(its, "name", row->name, making);
    put_text(its, "note", row->note, making);
    put_number(its, "count", row->values.of[USAGE_VIEWS]);
    if (is_page) {
        put_values(its, &row->values);
    }
    return its;
}

static json_t *panel(const making_t *making, int row)
{
    const usage_panel_t *its = &usage_catalog[row];
    const usage_ranking_t *ranking = usage_panel_ranking(making->model, row);
    bool is_page = ranking == &making->model->pages;
    json_t *part = json_object();
    json_t *rows = json_array();
    put_text(part, "title", its->title, making);
    put_text(part, "counts", its->count, making);
    put_text(part, "directive", its->directive, making);
    put_bool(part, "is_on", usage_panel_is_on(its, making->model));
    put_number(part, "sum", ranking->sum);
    put_number(part, "distinct", ranking->distinct);
    for (int i = 0; i < ranking->count; i++) {
        json_array_append_new(rows,
                              ranked_row(&ranking->rows[i], is_page, making));
    }
    json_object_set_new(part, "rows", rows);
    return part;
}

static json_t *panels_part(const making_t *making)
{
    json_t *part = json_object();
    for (int i = 0; i < usage_catalog_count; i++) {
        json_object_set_new(part, usage_catalog[i].id, panel(making, i));
    }
    return part;
}

static json_t *newest_part(const making_t *making)
{
    json_t *part = json_array();
    for (int i = 0; i < making->model->newest_count; i++) {
        const usage_recent_row_t *row = &making->model->newest[i];
        json_t *its = json_object();
        put_time(its, "time", row->time, making);
        put_text(its, "site", row->site, making);
        put_text(its, "path", row->path, making);
        put_text(its, "device", row->device, making);
        put_text(its, "browser", row->browser, making);
        put_text(its, "system", row->system, making);
        put_bool(its, "begins_visit", row->is_new != 0);
        json_array_append_new(part, its);
    }
    return part;
}

static json_t *minutes_part(const making_t *making)
{
    const usage_model_t *model = making->model;
    json_t *part = json_object();
    json_t *views = json_array();
    for (int i = 0; i < USAGE_MINUTES; i++) {
        json_array_append_new(views, json_integer(model->minutes[i]));
    }
    put_bool(part, "is_known", !model->shares_hour);
    put_number(part, "peak_views", model->peak);
    json_object_set_new(part, "views", views);
    return part;
}

static json_t *marks_part(const making_t *making)
{
    json_t *part = json_array();
    for (int i = 0; i < making->model->flags.count; i++) {
        const usage_mark_row_t *mark = &making->model->flags.rows[i].mark;
        json_t *its = json_object();
        put_time(its, "time", mark->time, making);
        put_text(its, "name", mark->name, making);
        put_text(its, "category", mark->category, making);
        put_text(its, "site", *mark->site != '\0' ? mark->site : NULL, making);
        json_array_append_new(part, its);
    }
    return part;
}

static json_t *health_part(const making_t *making)
{
    const usage_health_t *health = &making->model->health;
    json_t *part = json_object();
    put_text(part, "node", health->node, making);
    put_text(part, "version", health->version, making);
    put_number(part, "fill_permille", health->fill);
    put_number(part, "waiting_views", health->waiting);
    put_number(part, "batch", health->batch);
    put_time(part, "last_flush", health->last_flush, making);
    put_text(part, "flush_error", health->flush_error, making);
    put_time(part, "flush_failing_since", health->failing_since, making);
    put_text(part, "database_error", health->database_error, making);
    return part;
}

static json_t *server(const making_t *making, const usage_node_t *node)
{
    json_t *its = json_object();
    put_text(its, "name", node->name, making);
    put_text(its, "version", node->version, making);
    put_time(its, "last_flush", node->last_flush, making);
    put_number(its, "batch", node->batch);
    put_bool(its, "is_own", node->is_own);
    put_bool(its, "is_silent", node->is_silent);
    put_bool(its, "is_late", node->late > 0);
    put_bool(its, "is_ahead", node->ahead > 0);
    return its;
}

static json_t *servers_part(const making_t *making)
{
    const usage_nodes_t *nodes = &making->model->nodes;
    json_t *part = json_object();
    json_t *rows = json_array();
    for (int i = 0; i < nodes->count; i++) {
        json_array_append_new(rows, server(making, &nodes->rows[i]));
    }
    put_text(part, "keeper", nodes->keeper, making);
    put_time(part, "kept", nodes->kept, making);
    put_number(part, "patience_seconds", nodes->patience);
    put_number(part, "more", nodes->more);
    put_number(part, "gone", nodes->gone);
    json_object_set_new(part, "rows", rows);
    return part;
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

/* clang-format off */
static const struct {
    const char *name;
    json_t *(*make)(const making_t *making);
} parts[] = {
    { "query", query_part },
    { "sites", sites_part },
    { "totals", totals_part },
    { "series", series_part },
    { "panels", panels_part },
    { "minutes", minutes_part },
    { "newest", newest_part },
    { "marks", marks_part },
    { "servers", servers_part },
    { "health", health_part },
};
/* clang-format on */

apr_status_t usage_json_render(const usage_model_t *model, apr_pool_t *pool,
                               usage_sink_t *sink)
{
    const making_t making = { model, model->query->zone, pool };
    json_t *document = json_object();
    put_number(document, "version", USAGE_JSON_VERSION);
    for (apr_size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_object_set_new(document, parts[i].name, parts[i].make(&making));
    }
    return usage_json_write(document, sink);
}
