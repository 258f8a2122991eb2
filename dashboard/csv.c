/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each panel of the catalog is a table by its id; the others are rows of the
 * table at the end, each a head and a function that writes what follows it.
 */
#include "csv.h"

#include <string.h>

#include <apr_strings.h>

#include "catalog.h"
#include "iso.h"
#include "visible.h"
#include "words.h"

/* A table that is being written. */
typedef struct writing_t {
    usage_sink_t *sink;
    const usage_model_t *model;
    apr_pool_t *pool;
    int fields; /* of the line so far */
} writing_t;

static void put(writing_t *writing, const char *text)
{
    usage_sink_raw(writing->sink, text, strlen(text));
}

static void begin_field(writing_t *writing)
{
    if (writing->fields++ > 0) {
        put(writing, ",");
    }
}

static void end_line(writing_t *writing)
{
    put(writing, "\r\n");
    writing->fields = 0;
}

/* What begins a formula, also in its full width. Of control characters there
 * are none by now. */
static bool begins_formula(const char *text)
{
    static const char *const signs[] = {
        "=",
        "+",
        "-",
        "@",
        "\xEF\xBC\x9D",
        "\xEF\xBC\x8B",
        "\xEF\xBC\x8D",
        "\xEF\xBC\xA0",
    };
    for (apr_size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (strncmp(text, signs[i], strlen(signs[i])) == 0) {
            return true;
        }
    }
    return *text == '\t' || *text == '\r';
}

static void put_text(writing_t *writing, const char *text)
{
    usage_visible_t next;
    begin_field(writing);
    if (text == NULL || *text == '\0') {
        return;
    }
    put(writing, begins_formula(text) ? "\"'" : "\"");
    while ((next = usage_visible_next(&text)).length > 0) {
        if (next.code == '"') {
            put(writing, "\"");
        }
        usage_sink_raw(writing->sink, next.data, next.length);
    }
    put(writing, "\"");
}

static void put_number(writing_t *writing, apr_int64_t number)
{
    begin_field(writing);
    usage_words_number(writing->sink, number);
}

static void put_bool(writing_t *writing, bool is_true)
{
    put_number(writing, is_true);
}

/* A moment as a number and for people; empty if it never was. */
static void put_time(writing_t *writing, apr_int64_t time)
{
    const usage_zone_t *zone = writing->model->query->zone;
    if (time == 0) {
        put_text(writing, NULL);
        put_text(writing, NULL);
        return;
    }
    put_number(writing, time);
    put_text(writing, usage_iso_moment(zone, time, writing->pool));
}

static void put_values(writing_t *writing, const usage_values_t *values)
{
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        put_number(writing, values->of[i]);
    }
}

#define VALUES                                                                 \
    "views,visitors,visits,returning_visits,bounces,exits,seconds,bytes,"      \
    "milliseconds"

static void points_put(writing_t *writing, const usage_point_t *points,
                       int count)
{
    const usage_query_t *query = writing->model->query;
    for (int i = 0; i < count; i++) {
        const usage_point_t *point = &points[i];
        if (usage_query_is_ahead(query, point->start)) {
            break;
        }
        put_number(writing, point->start);
        put_text(writing, usage_iso_start(query->zone, query->grain,
                                          point->start, writing->pool));
        put_values(writing, &point->values);
        put_number(writing, point->days);
        put_bool(writing, point->is_running);
        end_line(writing);
    }
}

static void series_put(writing_t *writing)
{
    points_put(writing, writing->model->points, writing->model->points_count);
}

static void compared_put(writing_t *writing)
{
    points_put(writing, writing->model->compared_points,
               writing->model->compared_count);
}

/* Hits are told of the period alone, days of what has an average one. */
static void total_put(writing_t *writing, const char *name,
                      const usage_values_t *values, apr_int64_t days)
{
    const usage_model_t *model = writing->model;
    put_text(writing, name);
    put_values(writing, values);
    if (values == &model->period) {
        put_number(writing, model->hits);
    }
    else {
        put_text(writing, NULL);
    }
    if (days >= 0) {
        put_number(writing, days);
    }
    else {
        put_text(writing, NULL);
    }
    end_line(writing);
}

static void totals_put(writing_t *writing)
{
    const usage_model_t *model = writing->model;
    total_put(writing, "period", &model->period, model->days);
    total_put(writing, "compared", &model->compared, model->compared_days);
    if (model->has_days) {
        total_put(writing, "today", &model->today, -1);
        total_put(writing, "yesterday", &model->yesterday, -1);
    }
}

static void distinct_put(writing_t *writing)
{
    for (int i = 0; i < writing->model->distincts.count; i++) {
        const usage_distinct_t *row = &writing->model->distincts.rows[i];
        put_text(writing, row->category);
        put_number(writing, row->today);
        put_number(writing, row->yesterday);
        put_number(writing, row->period);
        put_number(writing, row->days);
        end_line(writing);
    }
}

static void heat_put(writing_t *writing)
{
    for (int i = 0; i < 7 * 24; i++) {
        put_number(writing, i / 24 + 1);
        put_number(writing, i % 24);
        put_number(writing, writing->model->heat.views[i / 24][i % 24]);
        end_line(writing);
    }
}

static void newest_put(writing_t *writing)
{
    for (int i = 0; i < writing->model->newest_count; i++) {
        const usage_recent_row_t *row = &writing->model->newest[i];
        put_time(writing, row->time);
        put_text(writing, row->site);
        put_text(writing, row->path);
        put_text(writing, row->device);
        put_text(writing, row->browser);
        put_text(writing, row->system);
        put_bool(writing, row->is_new != 0);
        end_line(writing);
    }
}

static void minutes_put(writing_t *writing)
{
    for (int i = 0; i < USAGE_MINUTES; i++) {
        put_number(writing, USAGE_MINUTES - 1 - i);
        put_number(writing, writing->model->minutes[i]);
        end_line(writing);
    }
}

static void marks_put(writing_t *writing)
{
    for (int i = 0; i < writing->model->flags.count; i++) {
        const usage_mark_row_t *mark = &writing->model->flags.rows[i].mark;
        put_time(writing, mark->time);
        put_text(writing, mark->name);
        put_text(writing, mark->category);
        put_text(writing, mark->site);
        end_line(writing);
    }
}

static void servers_put(writing_t *writing)
{
    for (int i = 0; i < writing->model->nodes.count; i++) {
        const usage_node_t *node = &writing->model->nodes.rows[i];
        put_text(writing, node->name);
        put_text(writing, node->version);
        put_time(writing, node->last_flush);
        put_number(writing, node->batch);
        put_bool(writing, node->is_own);
        put_bool(writing, node->is_silent);
        end_line(writing);
    }
}

/* clang-format off */
static const struct {
    const char *name;
    const char *head;
    void (*put)(writing_t *writing);
} tables[] = {
    { "totals", "time," VALUES ",hits,days", totals_put },
    { "series", "start,start_iso," VALUES ",days,is_running", series_put },
    { "compared", "start,start_iso," VALUES ",days,is_running", compared_put },
    { "heat", "weekday,hour,views", heat_put },
    { "newest", "time,time_iso,site,path,device,browser,system,begins_visit",
      newest_put },
    { "minutes", "minutes_ago,views", minutes_put },
    { "distinct", "category,today,yesterday,period,days", distinct_put },
    { "marks", "time,time_iso,name,category,site", marks_put },
    { "servers", "name,version,last_flush,last_flush_iso,batch,is_own,"
      "is_silent", servers_put },
};
/* clang-format on */

enum { TABLES = sizeof tables / sizeof *tables };

static int table_named(const char *name)
{
    int i = 0;
    while (i < TABLES && strcmp(tables[i].name, name) != 0) {
        i++;
    }
    return i;
}

static int panel_named(const char *name)
{
    int i = 0;
    while (i < usage_catalog_count && strcmp(usage_catalog[i].id, name) != 0) {
        i++;
    }
    return i;
}

bool usage_csv_has(const char *table)
{
    return table != NULL
           && (table_named(table) < TABLES
               || panel_named(table) < usage_catalog_count);
}

const char *usage_csv_tables(apr_pool_t *pool)
{
    const char *names = "";
    for (int i = 0; i < TABLES; i++) {
        names = apr_pstrcat(pool, names, tables[i].name, ", ", NULL);
    }
    for (int i = 0; i < usage_catalog_count; i++) {
        names = apr_pstrcat(pool, names, i > 0 ? ", " : "", usage_catalog[i].id,
                            NULL);
    }
    return names;
}

/* Of pages all values are known, of what else there is its count. */
static void panel_put(writing_t *writing, int row)
{
    const usage_ranking_t *ranking = usage_panel_ranking(writing->model, row);
    bool is_page = ranking == &writing->model->pages;
    put(writing, is_page ? "name," VALUES ",compared_views"
                         : "name,note,category,count,compared_count");
    end_line(writing);
    for (int i = 0; i < ranking->count; i++) {
        const usage_ranked_t *its = &ranking->rows[i];
        put_text(writing, its->name);
        if (is_page) {
            put_values(writing, &its->values);
        }
        else {
            put_text(writing, its->note);
            put_text(writing, its->category);
            put_number(writing, its->values.of[USAGE_VIEWS]);
        }
        if (its->has_was) {
            put_number(writing, its->was.of[USAGE_VIEWS]);
        }
        else {
            put_text(writing, NULL);
        }
        end_line(writing);
    }
}

apr_status_t usage_csv_render(const usage_model_t *model, const char *table,
                              apr_pool_t *pool, usage_sink_t *sink)
{
    writing_t writing = { sink, model, pool, 0 };
    int at = table_named(table);
    if (at < TABLES) {
        put(&writing, tables[at].head);
        end_line(&writing);
        tables[at].put(&writing);
    }
    else {
        panel_put(&writing, panel_named(table));
    }
    return usage_sink_flush(sink);
}
