/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One function for each part of the document, in its order. jansson keeps the
 * order in which fields are set; a part that finds no memory is left out, and
 * then the document isn't written (usage_json_write).
 */
#include "json.h"

#include <apr_strings.h>

#include "catalog.h"
#include "json_put.h"

static const char *grain_name(usage_grain_e grain)
{
    static const char *const names[] = { "interval", "day", "month" };
    return names[grain];
}

static json_t *filters(const usage_making_t *making)
{
    json_t *part = json_object();
    for (int i = 0; i < USAGE_FILTERS; i++) {
        const char *value = making->model->query->filters[i];
        usage_json_put_text(part, usage_filter_word((usage_filter_e)i),
                            *value != '\0' ? value : NULL, making);
    }
    return part;
}

/* From one start to another; null if there is nothing between. */
static void put_range(json_t *object, const char *name,
                      const usage_range_t *range, usage_grain_e grain,
                      const usage_making_t *making)
{
    json_t *part = range->from != range->to ? json_object() : json_null();
    if (range->from != range->to) {
        usage_json_put_start(part, "from", range->from, grain, making);
        usage_json_put_start(part, "to", range->to, grain, making);
    }
    json_object_set_new(object, name, part);
}

static json_t *query_part(const usage_making_t *making)
{
    const usage_query_t *query = making->model->query;
    json_t *part = json_object();
    usage_json_put_text(part, "site", *query->site != '\0' ? query->site : NULL,
                        making);
    usage_json_put_text(
        part, "period",
        query->period < USAGE_PERIODS ? usage_period_word(query->period) : NULL,
        making);
    usage_json_put_text(part, "compare", usage_compare_word(query->compare),
                        making);
    usage_json_put_text(part, "sort", usage_sort_word(query->sort), making);
    json_object_set_new(part, "filters", filters(making));
    usage_json_put_text(part, "counted",
                        *query->counted ? query->counted : NULL, making);
    usage_json_put_text(part, "counted_name", *query->name ? query->name : NULL,
                        making);
    usage_json_put_number(part, "limit", query->limit);
    usage_json_put_text(part, "grain", grain_name(query->grain), making);
    usage_json_put_number(part, "interval_seconds", query->interval);
    usage_json_put_text(part, "timezone", query->zone->name, making);
    usage_json_put_start(part, "from", query->from, query->grain, making);
    usage_json_put_start(part, "to", query->to, query->grain, making);
    put_range(part, "compared", &query->compared, query->grain, making);
    usage_json_put_start(part, "today", query->today, USAGE_GRAIN_DAY, making);
    return part;
}

static json_t *sites_part(const usage_making_t *making)
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
    usage_json_put_values(part, values);
    return part;
}

/* What of the values is known, where the query filters by something. */
static json_t *known_part(const usage_making_t *making)
{
    const usage_model_t *model = making->model;
    json_t *part = json_object();
    usage_json_put_bool(part, "visitors", model->has_visitors);
    usage_json_put_bool(part, "visits", model->has_visits);
    usage_json_put_bool(part, "names", model->has_names);
    return part;
}

static json_t *totals_part(const usage_making_t *making)
{
    const usage_model_t *model = making->model;
    json_t *part = json_object();
    json_t *period = values_of(&model->period);
    json_t *compared = values_of(&model->compared);
    usage_json_put_number(period, "hits", model->hits);
    usage_json_put_number(period, "days", model->days);
    usage_json_put_number(compared, "days", model->compared_days);
    json_object_set_new(part, "period", period);
    json_object_set_new(part, "compared", compared);
    json_object_set_new(part, "today",
                        model->has_days ? values_of(&model->today)
                                        : json_null());
    json_object_set_new(part, "yesterday",
                        model->has_days ? values_of(&model->yesterday)
                                        : json_null());
    return part;
}

/* As the page's table: what is still to come is left out. */
static json_t *points(const usage_making_t *making, const usage_point_t *all,
                      int count)
{
    const usage_query_t *query = making->model->query;
    json_t *part = json_array();
    for (int i = 0; i < count; i++) {
        const usage_point_t *point = &all[i];
        if (usage_query_is_ahead(query, point->start)) {
            break;
        }
        json_t *its = json_object();
        usage_json_put_start(its, "start", point->start, query->grain, making);
        usage_json_put_values(its, &point->values);
        usage_json_put_number(its, "days", point->days);
        usage_json_put_bool(its, "is_running", point->is_running);
        json_array_append_new(part, its);
    }
    return part;
}

static json_t *series_part(const usage_making_t *making)
{
    const usage_model_t *model = making->model;
    return points(making, model->points, model->points_count);
}

static json_t *compared_part(const usage_making_t *making)
{
    const usage_model_t *model = making->model;
    return points(making, model->compared_points, model->compared_count);
}

static json_t *heat_part(const usage_making_t *making)
{
    const usage_heat_t *heat = &making->model->heat;
    json_t *part = json_object();
    json_t *week = json_array();
    for (int i = 0; i < 7; i++) {
        json_t *day = json_array();
        for (int j = 0; j < 24; j++) {
            json_array_append_new(day, json_integer(heat->views[i][j]));
        }
        json_array_append_new(week, day);
    }
    usage_json_put_start(part, "from", heat->from, USAGE_GRAIN_DAY, making);
    usage_json_put_start(part, "to", heat->to, USAGE_GRAIN_DAY, making);
    json_object_set_new(part, "views", week);
    return part;
}

/* Views of a page in each interval of the series. */
static json_t *course(const usage_ranked_t *row, const usage_model_t *model)
{
    json_t *part = row->course != NULL ? json_array() : json_null();
    for (int i = 0; row->course != NULL && i < model->points_count; i++) {
        if (usage_query_is_ahead(model->query, model->points[i].start)) {
            break;
        }
        json_array_append_new(part, json_integer(row->course[i]));
    }
    return part;
}

/* What is of usage_event has one number, a page all of them. */
static json_t *ranked_row(const usage_ranked_t *row, bool is_page,
                          const usage_making_t *making)
{
    json_t *its = json_object();
    usage_json_put_text(its, "name", row->name, making);
    usage_json_put_text(its, "note", row->note, making);
    usage_json_put_text(its, "category", row->category, making);
    usage_json_put_number(its, "count", row->values.of[USAGE_VIEWS]);
    if (row->has_was) {
        usage_json_put_number(its, "compared_count", row->was.of[USAGE_VIEWS]);
    }
    else {
        usage_json_put_text(its, "compared_count", NULL, making);
    }
    if (is_page) {
        usage_json_put_values(its, &row->values);
        json_object_set_new(its, "course", course(row, making->model));
    }
    return its;
}

static json_t *panel(const usage_making_t *making, int row)
{
    const usage_panel_t *its = &usage_catalog[row];
    const usage_ranking_t *ranking = usage_panel_ranking(making->model, row);
    bool is_page = ranking == &making->model->pages;
    json_t *part = json_object();
    json_t *rows = json_array();
    usage_json_put_text(part, "title", its->title, making);
    usage_json_put_text(part, "counts", its->count, making);
    usage_json_put_text(part, "directive", its->directive, making);
    usage_json_put_bool(part, "is_on", usage_panel_is_on(its, making->model));
    usage_json_put_number(part, "sum", ranking->sum);
    usage_json_put_number(part, "distinct", ranking->distinct);
    usage_json_put_number(part, "first", ranking->first);
    for (int i = 0; i < ranking->count; i++) {
        json_array_append_new(rows,
                              ranked_row(&ranking->rows[i], is_page, making));
    }
    json_object_set_new(part, "rows", rows);
    return part;
}

static json_t *panels_part(const usage_making_t *making)
{
    json_t *part = json_object();
    for (int i = 0; i < usage_catalog_count; i++) {
        json_object_set_new(part, usage_catalog[i].id, panel(making, i));
    }
    return part;
}

static json_t *distinct_part(const usage_making_t *making)
{
    json_t *part = json_array();
    for (int i = 0; i < making->model->distincts.count; i++) {
        const usage_distinct_t *row = &making->model->distincts.rows[i];
        json_t *its = json_object();
        usage_json_put_text(its, "category", row->category, making);
        usage_json_put_number(its, "today", row->today);
        usage_json_put_number(its, "yesterday", row->yesterday);
        usage_json_put_number(its, "period", row->period);
        usage_json_put_number(its, "days", row->days);
        json_array_append_new(part, its);
    }
    return part;
}

static json_t *newest_part(const usage_making_t *making)
{
    json_t *part = json_array();
    for (int i = 0; i < making->model->newest_count; i++) {
        const usage_recent_row_t *row = &making->model->newest[i];
        json_t *its = json_object();
        usage_json_put_time(its, "time", row->time, making);
        usage_json_put_text(its, "site", row->site, making);
        usage_json_put_text(its, "path", row->path, making);
        usage_json_put_text(its, "device", row->device, making);
        usage_json_put_text(its, "browser", row->browser, making);
        usage_json_put_text(its, "system", row->system, making);
        usage_json_put_bool(its, "begins_visit", row->is_new != 0);
        json_array_append_new(part, its);
    }
    return part;
}

static json_t *minutes_part(const usage_making_t *making)
{
    const usage_model_t *model = making->model;
    json_t *part = json_object();
    json_t *views = json_array();
    for (int i = 0; i < USAGE_MINUTES; i++) {
        json_array_append_new(views, json_integer(model->minutes[i]));
    }
    usage_json_put_bool(part, "is_known", !model->shares_hour);
    usage_json_put_number(part, "peak_views", model->peak);
    json_object_set_new(part, "views", views);
    return part;
}

static json_t *marks_part(const usage_making_t *making)
{
    json_t *part = json_array();
    for (int i = 0; i < making->model->flags.count; i++) {
        const usage_mark_row_t *mark = &making->model->flags.rows[i].mark;
        json_t *its = json_object();
        usage_json_put_time(its, "time", mark->time, making);
        usage_json_put_text(its, "name", mark->name, making);
        usage_json_put_text(its, "category", mark->category, making);
        usage_json_put_text(its, "site",
                            *mark->site != '\0' ? mark->site : NULL, making);
        json_array_append_new(part, its);
    }
    return part;
}

static json_t *health_part(const usage_making_t *making)
{
    const usage_health_t *health = &making->model->health;
    json_t *part = json_object();
    usage_json_put_text(part, "node", health->node, making);
    usage_json_put_text(part, "version", health->version, making);
    usage_json_put_number(part, "fill_permille", health->fill);
    usage_json_put_number(part, "waiting_views", health->waiting);
    usage_json_put_number(part, "batch", health->batch);
    usage_json_put_time(part, "last_flush", health->last_flush, making);
    usage_json_put_text(part, "flush_error", health->flush_error, making);
    usage_json_put_time(part, "flush_failing_since", health->failing_since,
                        making);
    usage_json_put_text(part, "database_error", health->database_error, making);
    return part;
}

static json_t *server(const usage_making_t *making, const usage_node_t *node)
{
    json_t *its = json_object();
    usage_json_put_text(its, "name", node->name, making);
    usage_json_put_text(its, "version", node->version, making);
    usage_json_put_time(its, "last_flush", node->last_flush, making);
    usage_json_put_number(its, "batch", node->batch);
    usage_json_put_bool(its, "is_own", node->is_own);
    usage_json_put_bool(its, "is_silent", node->is_silent);
    usage_json_put_bool(its, "is_late", node->late > 0);
    usage_json_put_bool(its, "is_ahead", node->ahead > 0);
    return its;
}

static json_t *servers_part(const usage_making_t *making)
{
    const usage_nodes_t *nodes = &making->model->nodes;
    json_t *part = json_object();
    json_t *rows = json_array();
    for (int i = 0; i < nodes->count; i++) {
        json_array_append_new(rows, server(making, &nodes->rows[i]));
    }
    usage_json_put_text(part, "keeper", nodes->keeper, making);
    usage_json_put_time(part, "kept", nodes->kept, making);
    usage_json_put_number(part, "patience_seconds", nodes->patience);
    usage_json_put_number(part, "more", nodes->more);
    usage_json_put_number(part, "gone", nodes->gone);
    json_object_set_new(part, "rows", rows);
    return part;
}

/* clang-format off */
static const struct {
    const char *name;
    json_t *(*make)(const usage_making_t *making);
} parts[] = {
    { "query", query_part },
    { "sites", sites_part },
    { "known", known_part },
    { "totals", totals_part },
    { "series", series_part },
    { "compared_series", compared_part },
    { "heat", heat_part },
    { "panels", panels_part },
    { "minutes", minutes_part },
    { "newest", newest_part },
    { "distinct", distinct_part },
    { "marks", marks_part },
    { "servers", servers_part },
    { "health", health_part },
};
/* clang-format on */

apr_status_t usage_json_render(const usage_model_t *model, apr_pool_t *pool,
                               usage_sink_t *sink)
{
    const usage_making_t making = { model, model->query->zone, pool };
    json_t *document = json_object();
    usage_json_put_number(document, "version", USAGE_JSON_VERSION);
    for (apr_size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_object_set_new(document, parts[i].name, parts[i].make(&making));
    }
    return usage_json_write(document, sink);
}
