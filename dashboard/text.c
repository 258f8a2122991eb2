/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One function for each part, in the order of usage_text_render() at the end.
 * Cells are cut and filled by text_cell.h, so that no line is wider than a
 * terminal.
 */
#include "text.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include "catalog.h"
#include "measure.h"
#include "text_lists.h"
#include "text_page.h"
#include "words.h"

/* Marks that are listed. */
#define MARKS 20

/* The first and the last day, or the one. */
static const char *dates_of(const usage_text_page_t *writing,
                            const usage_range_t *dates)
{
    const char *last = usage_text_words(writing, usage_words_date, dates->to);
    const char *first =
        usage_text_words(writing, usage_words_date, dates->from);
    return dates->from <= 0 ? apr_pstrcat(writing->pool, "until ", last, NULL)
           : dates->from >= dates->to
               ? last
               : apr_pstrcat(writing->pool, first, " to ", last, NULL);
}

static void title_part(const usage_text_page_t *writing)
{
    const usage_query_t *query = writing->model->query;
    const char *site = *query->site != '\0' ? query->site : "all sites";
    const char *period = query->period < USAGE_PERIODS
                             ? usage_period_label(query->period)
                             : "From";
    usage_text_put(writing, "Usage of ");
    usage_text_cut(writing->sink, site, USAGE_TEXT_COLUMNS - 9);
    usage_text_put(writing, "\n");
    usage_text_line(writing, period, dates_of(writing, &query->dates));
    for (int i = 0; i < USAGE_FILTERS; i++) {
        if (*query->filters[i] != '\0') {
            usage_text_line(writing,
                            apr_pstrcat(writing->pool, "Only ",
                                        usage_filter_word((usage_filter_e)i),
                                        NULL),
                            query->filters[i]);
        }
    }
    if (*query->counted != '\0') {
        usage_text_line(writing, "Only",
                        apr_pstrcat(writing->pool, query->counted,
                                    *query->name != '\0' ? ": " : "",
                                    query->name, NULL));
    }
    usage_text_line(
        writing, "As of",
        apr_pstrcat(writing->pool,
                    usage_text_words(writing, usage_words_moment, query->now),
                    " ", query->zone->name, NULL));
}

static void notices_part(const usage_text_page_t *writing)
{
    const usage_health_t *health = &writing->model->health;
    if (health->database_error != NULL) {
        usage_text_put(writing, "\n");
        usage_text_say(
            writing,
            apr_pstrcat(writing->pool,
                        "Live numbers only. The database can't be read: ",
                        health->database_error, NULL));
    }
    if (health->flush_error != NULL) {
        usage_text_put(writing, "\n");
        usage_text_say(writing,
                       apr_pstrcat(writing->pool, "Flushes fail since ",
                                   usage_text_words(writing, usage_words_moment,
                                                    health->failing_since),
                                   ": ", health->flush_error, NULL));
    }
}

/* What isn't known is left empty. */
static void number(const usage_text_page_t *writing, bool is_known,
                   apr_int64_t value)
{
    if (is_known) {
        usage_text_number(writing, value, 15);
    }
    else {
        usage_text_align(writing, "", 15);
    }
}

static void total(const usage_text_page_t *writing, const char *label,
                  int counter)
{
    const usage_model_t *model = writing->model;
    bool is_known = counter != USAGE_VISITORS || model->has_visitors;
    bool is_compared = usage_query_is_compared(model->query);
    usage_text_fill(writing, label, 20);
    number(writing, model->has_days, model->today.of[counter]);
    number(writing, model->has_days, model->yesterday.of[counter]);
    number(writing, is_known, model->period.of[counter]);
    number(writing, is_known && is_compared, model->compared.of[counter]);
    usage_text_put(writing, "\n");
}

static void measure(const usage_text_page_t *writing, bool is_known,
                    usage_metric_e metric, const usage_values_t *values)
{
    usage_text_capture_t kept;
    usage_measure_put(usage_text_capture(&kept), metric,
                      usage_measure_of(metric, values, 0));
    usage_text_align(
        writing, is_known ? usage_text_captured(&kept, writing->pool) : "", 15);
}

static void ratio(const usage_text_page_t *writing, usage_metric_e metric)
{
    const usage_model_t *model = writing->model;
    usage_text_fill(writing, usage_metric_label(metric), 20);
    measure(writing, model->has_days, metric, &model->today);
    measure(writing, model->has_days, metric, &model->yesterday);
    measure(writing, true, metric, &model->period);
    measure(writing, usage_query_is_compared(model->query), metric,
            &model->compared);
    usage_text_put(writing, "\n");
}

static void totals_part(const usage_text_page_t *writing)
{
    const usage_model_t *model = writing->model;
    usage_text_title(writing, "Totals");
    usage_text_fill(writing, "", 20);
    usage_text_align(writing, "Today", 15);
    usage_text_align(writing, "Yesterday", 15);
    usage_text_align(writing, "Period", 15);
    usage_text_align(writing, "Compared", 15);
    usage_text_put(writing, "\n");
    total(writing, "Views", USAGE_VIEWS);
    total(writing, "Visits", USAGE_VISITS);
    total(writing, "Visits of one page", USAGE_BOUNCES);
    total(writing, "Visitors, by day", USAGE_VISITORS);
    usage_text_fill(writing, "Hits", 20);
    usage_text_number(writing, model->hits, 45);
    usage_text_put(writing, "\n");
    for (int i = 0; model->has_visits && i < USAGE_METRICS; i++) {
        if (!usage_measure_is_count((usage_metric_e)i)) {
            ratio(writing, (usage_metric_e)i);
        }
    }
}

static const char *interval_of(const usage_text_page_t *writing,
                               apr_int64_t start)
{
    switch (writing->model->query->grain) {
    case USAGE_GRAIN_MONTH:
        return usage_text_words(writing, usage_words_month, start);
    case USAGE_GRAIN_DAY:
        return usage_text_words(writing, usage_words_date, start);
    default:
        return usage_text_words(writing, usage_words_moment, start);
    }
}

static apr_int64_t most_of(const usage_model_t *model)
{
    apr_int64_t most = 0;
    for (int i = 0; i < model->points_count; i++) {
        apr_int64_t views = model->points[i].values.of[USAGE_VIEWS];
        most = views > most ? views : most;
    }
    return most;
}

static void series_part(const usage_text_page_t *writing)
{
    const usage_model_t *model = writing->model;
    apr_int64_t most = most_of(model);
    usage_text_title(writing, "Views");
    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];
        apr_int64_t views = point->values.of[USAGE_VIEWS];
        if (usage_query_is_ahead(model->query, point->start)) {
            break;
        }
        usage_text_fill(writing, interval_of(writing, point->start), 18);
        usage_text_fill(writing, point->is_running ? "so far" : "", 7);
        usage_text_number(writing, views, 13);
        usage_text_put(writing, "  ");
        usage_text_bar(writing->sink, views, most, 40);
        usage_text_put(writing, "\n");
    }
}

static void hour_part(const usage_text_page_t *writing)
{
    const usage_model_t *model = writing->model;
    apr_int64_t most = 0;
    apr_int64_t views = 0;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        most = model->minutes[i] > most ? model->minutes[i] : most;
        views += model->minutes[i];
    }
    usage_text_title(writing, "The last hour");
    if (model->shares_hour) {
        usage_text_say(writing,
                       "Not known of this site: it shares its place in "
                       "memory with others.");
        return;
    }
    usage_text_line(writing, "Views",
                    usage_text_words(writing, usage_words_grouped, views));
    usage_text_line(writing, "Busiest minute",
                    usage_text_words(writing, usage_words_grouped, most));
    usage_text_fill(writing, "By the minute", 20);
    usage_text_spark(writing->sink, model->minutes, USAGE_MINUTES,
                     USAGE_MINUTES);
    usage_text_put(writing, "\n");
    if (!model->is_peak_of_hour) {
        usage_text_line(
            writing, "Busiest so far",
            usage_text_words(writing, usage_words_grouped, model->peak));
    }
}

static void newest_part(const usage_text_page_t *writing)
{
    const usage_model_t *model = writing->model;
    usage_text_title(writing, "The newest views");
    for (int i = 0; i < model->newest_count; i++) {
        const usage_recent_row_t *row = &model->newest[i];
        usage_text_fill(
            writing, usage_text_words(writing, usage_words_moment, row->time),
            18);
        usage_text_fill(writing, row->path, 33);
        usage_text_put(writing, row->is_new ? " *" : "  ");
        usage_text_cut(writing->sink,
                       apr_pstrcat(writing->pool, row->device, ", ",
                                   row->browser, ", ", row->system, NULL),
                       27);
        usage_text_put(writing, "\n");
    }
    if (model->newest_count == 0) {
        usage_text_put(writing, "None yet.\n");
        return;
    }
    usage_text_put(writing, "* began a visit\n");
}

static void things_part(const usage_text_page_t *writing)
{
    const usage_distincts_t *distincts = &writing->model->distincts;
    if (distincts->count == 0) {
        return;
    }
    usage_text_title(writing, "Distinct by the day");
    usage_text_fill(writing, "", 35);
    usage_text_align(writing, "Today", 15);
    usage_text_align(writing, "Yesterday", 15);
    usage_text_align(writing, "Average day", 15);
    usage_text_put(writing, "\n");
    for (int i = 0; i < distincts->count; i++) {
        const usage_distinct_t *row = &distincts->rows[i];
        usage_text_capture_t kept;
        usage_text_fill(writing, row->category, 35);
        usage_text_number(writing, row->today, 15);
        usage_text_number(writing, row->yesterday, 15);
        usage_words_average(usage_text_capture(&kept), row->period, row->days);
        usage_text_align(writing, usage_text_captured(&kept, writing->pool),
                         15);
        usage_text_put(writing, "\n");
    }
}

static void marks_part(const usage_text_page_t *writing)
{
    const usage_flags_t *flags = &writing->model->flags;
    if (flags->count == 0) {
        return;
    }
    usage_text_title(writing, "Marks");
    for (int i = 0; i < flags->count && i < MARKS; i++) {
        const usage_mark_row_t *mark = &flags->rows[i].mark;
        usage_text_fill(
            writing, usage_text_words(writing, usage_words_moment, mark->time),
            18);
        usage_text_fill(writing, mark->name, 30);
        usage_text_put(writing, " ");
        usage_text_fill(writing, mark->category, 12);
        usage_text_put(writing, " ");
        usage_text_cut(writing->sink,
                       *mark->site != '\0' ? mark->site : "all sites", 18);
        usage_text_put(writing, "\n");
    }
    if (flags->count > MARKS) {
        usage_text_put(writing, apr_psprintf(writing->pool, "and %d older\n",
                                             flags->count - MARKS));
    }
}

static void servers_part(const usage_text_page_t *writing)
{
    const usage_nodes_t *nodes = &writing->model->nodes;
    if (nodes->count == 0) {
        return;
    }
    usage_text_title(writing, "The servers");
    for (int i = 0; i < nodes->count; i++) {
        const usage_node_t *node = &nodes->rows[i];
        usage_text_fill(writing, node->name, 44);
        usage_text_put(writing, " ");
        usage_text_fill(writing, node->version, 11);
        usage_text_put(writing, " ");
        usage_text_fill(
            writing, usage_text_words(writing, usage_words_age, node->age), 14);
        usage_text_put(writing, node->is_silent ? "silent\n" : "\n");
    }
}

static void health_part(const usage_text_page_t *writing)
{
    const usage_health_t *health = &writing->model->health;
    usage_text_title(writing, "The counter itself");
    usage_text_line(
        writing, "Table in use",
        usage_text_words(writing, usage_words_permille, health->fill));
    usage_text_line(
        writing, "Views waiting",
        usage_text_words(writing, usage_words_grouped, health->waiting));
    usage_text_line(writing, "Last flush",
                    usage_text_words(writing, usage_words_age, health->age));
    usage_text_line(writing, "Last error",
                    health->flush_error != NULL ? health->flush_error : "none");
    usage_text_line(writing, "Node", health->node);
    usage_text_line(
        writing, "Version",
        apr_pstrcat(writing->pool, "mod_usage ", health->version, NULL));
}

/* What could be counted, and isn't. */
static void missing_part(const usage_text_page_t *writing)
{
    const usage_model_t *model = writing->model;
    const char *missing = NULL;
    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_panel_t *panel = &usage_catalog[i];
        if (panel->missing && usage_panel_ranking(model, i)->distinct == 0
            && !usage_panel_is_on(panel, model)) {
            missing = apr_pstrcat(writing->pool, missing != NULL ? missing : "",
                                  missing != NULL ? ", " : "", panel->missing,
                                  " (", panel->directive, ")", NULL);
        }
    }
    if (missing != NULL) {
        usage_text_put(writing, "\n");
        usage_text_say(writing, apr_pstrcat(writing->pool, "Not counted here: ",
                                            missing, ".", NULL));
    }
}

apr_status_t usage_text_render(const usage_model_t *model, apr_pool_t *pool,
                               usage_sink_t *sink)
{
    const usage_text_page_t writing = { sink, model, pool };
    title_part(&writing);
    notices_part(&writing);
    if (*model->query->panel != '\0') {
        usage_text_lists(&writing);
        return usage_sink_flush(sink);
    }
    totals_part(&writing);
    series_part(&writing);
    usage_text_lists(&writing);
    newest_part(&writing);
    hour_part(&writing);
    things_part(&writing);
    marks_part(&writing);
    servers_part(&writing);
    health_part(&writing);
    missing_part(&writing);
    return usage_sink_flush(sink);
}
