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
#include "text_cell.h"
#include "words.h"

/* Marks that are listed. */
#define MARKS 20

typedef struct writing_t {
    usage_sink_t *sink;
    const usage_model_t *model;
    apr_pool_t *pool;
} writing_t;

static void put(const writing_t *writing, const char *text)
{
    usage_sink_raw(writing->sink, text, strlen(text));
}

static void left(const writing_t *writing, const char *text, int columns)
{
    usage_text_left(writing->sink, text, columns);
}

static void right(const writing_t *writing, const char *text, int columns)
{
    usage_text_right(writing->sink, text, columns);
}

typedef void words_fn(usage_sink_t *sink, apr_int64_t number);

static const char *words_of(const writing_t *writing, words_fn *words,
                            apr_int64_t number)
{
    return usage_text_of(words, number, writing->model->query->zone,
                         writing->pool);
}

static void number(const writing_t *writing, apr_int64_t value, int columns)
{
    right(writing, words_of(writing, usage_words_grouped, value), columns);
}

static void heading(const writing_t *writing, const char *title)
{
    usage_text_heading(writing->sink, title);
}

/* "label: value", as far as it fits. */
static void line(const writing_t *writing, const char *label, const char *value)
{
    left(writing, label, 20);
    usage_text_cut(writing->sink, value, USAGE_TEXT_COLUMNS - 20);
    put(writing, "\n");
}

static void paragraph(const writing_t *writing, const char *text)
{
    usage_text_paragraph(writing->sink, text, writing->pool);
}

static void title_part(const writing_t *writing)
{
    const usage_query_t *query = writing->model->query;
    const char *site = *query->site != '\0' ? query->site : "all sites";
    const char *period = query->period < USAGE_PERIODS
                             ? usage_period_label(query->period)
                             : "From";
    put(writing, "Usage of ");
    usage_text_cut(writing->sink, site, USAGE_TEXT_COLUMNS - 9);
    put(writing, "\n");
    line(writing, period,
         apr_pstrcat(
             writing->pool, words_of(writing, usage_words_date, query->from),
             " until ", words_of(writing, usage_words_date, query->to), NULL));
    for (int i = 0; i < USAGE_FILTERS; i++) {
        if (*query->filters[i] != '\0') {
            line(writing,
                 apr_pstrcat(writing->pool, "Only ",
                             usage_filter_word((usage_filter_e)i), NULL),
                 query->filters[i]);
        }
    }
    if (*query->counted != '\0') {
        line(writing, "Only",
             apr_pstrcat(writing->pool, query->counted,
                         *query->name != '\0' ? ": " : "", query->name, NULL));
    }
    line(writing, "As of",
         apr_pstrcat(writing->pool,
                     words_of(writing, usage_words_moment, query->now), " ",
                     query->zone->name, NULL));
}

static void notices_part(const writing_t *writing)
{
    const usage_health_t *health = &writing->model->health;
    if (health->database_error != NULL) {
        put(writing, "\n");
        paragraph(writing,
                  apr_pstrcat(writing->pool,
                              "Live numbers only. The database can't be read: ",
                              health->database_error, NULL));
    }
    if (health->flush_error != NULL) {
        put(writing, "\n");
        paragraph(writing, apr_pstrcat(writing->pool, "Flushes fail since ",
                                       words_of(writing, usage_words_moment,
                                                health->failing_since),
                                       ": ", health->flush_error, NULL));
    }
}

static void total(const writing_t *writing, const char *label, int counter)
{
    const usage_model_t *model = writing->model;
    left(writing, label, 20);
    number(writing, model->today.of[counter], 15);
    number(writing, model->yesterday.of[counter], 15);
    number(writing, model->period.of[counter], 15);
    number(writing, model->compared.of[counter], 15);
    put(writing, "\n");
}

static void totals_part(const writing_t *writing)
{
    const usage_model_t *model = writing->model;
    heading(writing, "Totals");
    left(writing, "", 20);
    right(writing, "Today", 15);
    right(writing, "Yesterday", 15);
    right(writing, "Period", 15);
    right(writing, "Compared", 15);
    put(writing, "\n");
    total(writing, "Views", USAGE_VIEWS);
    total(writing, "Visits", USAGE_VISITS);
    total(writing, "Visits of one page", USAGE_BOUNCES);
    total(writing, "Visitors, by day", USAGE_VISITORS);
    left(writing, "Hits", 20);
    number(writing, model->outcomes.sum, 45);
    put(writing, "\n");
}

static const char *interval_of(const writing_t *writing, apr_int64_t start)
{
    switch (writing->model->query->grain) {
    case USAGE_GRAIN_MONTH:
        return words_of(writing, usage_words_month, start);
    case USAGE_GRAIN_DAY:
        return words_of(writing, usage_words_date, start);
    default:
        return words_of(writing, usage_words_moment, start);
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

static void series_part(const writing_t *writing)
{
    const usage_model_t *model = writing->model;
    apr_int64_t most = most_of(model);
    heading(writing, "Views");
    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];
        apr_int64_t views = point->values.of[USAGE_VIEWS];
        if (usage_query_is_ahead(model->query, point->start)) {
            break;
        }
        left(writing, interval_of(writing, point->start), 18);
        left(writing, point->is_running ? "so far" : "", 7);
        number(writing, views, 13);
        put(writing, "  ");
        usage_text_bar(writing->sink, views, most, 40);
        put(writing, "\n");
    }
}

static const char *share_of(const writing_t *writing, apr_int64_t part,
                            apr_int64_t whole)
{
    return words_of(writing, usage_words_permille,
                    usage_ratio(part, whole, 1000));
}

static void row_put(const writing_t *writing, const char *name,
                    apr_int64_t count, const usage_ranking_t *ranking)
{
    apr_int64_t most = ranking->rows[0].values.of[USAGE_VIEWS];
    left(writing, name, 46);
    number(writing, count, 13);
    right(writing, share_of(writing, count, ranking->sum), 8);
    put(writing, "  ");
    usage_text_bar(writing->sink, count < most ? count : most, most, 11);
    put(writing, "\n");
}

static const char *name_of(const writing_t *writing, const usage_ranked_t *row)
{
    const char *name = *row->name != '\0' ? row->name : "(no name)";
    return row->note != NULL
               ? apr_pstrcat(writing->pool, name, " (", row->note, ")", NULL)
               : name;
}

static void panel_put(const writing_t *writing, const usage_panel_t *panel,
                      const usage_ranking_t *ranking)
{
    apr_int64_t rest = ranking->sum;
    int more = ranking->distinct - ranking->count;
    heading(writing, panel->title);
    for (int i = 0; i < ranking->count; i++) {
        const usage_ranked_t *row = &ranking->rows[i];
        rest -= row->values.of[USAGE_VIEWS];
        row_put(writing, name_of(writing, row), row->values.of[USAGE_VIEWS],
                ranking);
    }
    if (ranking->count == 0) {
        paragraph(writing, panel->empty);
    }
    if (more > 0) {
        row_put(writing, apr_psprintf(writing->pool, "and %d more", more), rest,
                ranking);
    }
}

static void panels_part(const writing_t *writing)
{
    const usage_model_t *model = writing->model;
    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_panel_t *panel = &usage_catalog[i];
        const usage_ranking_t *ranking = usage_panel_ranking(model, i);
        bool is_shown = ranking->count == 0
                            ? panel->empty && usage_panel_is_on(panel, model)
                            : ranking->count >= panel->least;
        if (is_shown) {
            panel_put(writing, panel, ranking);
        }
    }
}

static void hour_part(const writing_t *writing)
{
    const usage_model_t *model = writing->model;
    apr_int64_t most = 0;
    apr_int64_t views = 0;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        most = model->minutes[i] > most ? model->minutes[i] : most;
        views += model->minutes[i];
    }
    heading(writing, "The last hour");
    if (model->shares_hour) {
        paragraph(writing, "Not known of this site: it shares its place in "
                           "memory with others.");
        return;
    }
    line(writing, "Views", words_of(writing, usage_words_grouped, views));
    line(writing, "Busiest minute",
         words_of(writing, usage_words_grouped, most));
    line(writing, "Busiest so far",
         words_of(writing, usage_words_grouped, model->peak));
}

static void newest_part(const writing_t *writing)
{
    const usage_model_t *model = writing->model;
    heading(writing, "The newest views");
    for (int i = 0; i < model->newest_count; i++) {
        const usage_recent_row_t *row = &model->newest[i];
        left(writing, words_of(writing, usage_words_moment, row->time), 18);
        left(writing, row->path, 34);
        put(writing, " ");
        usage_text_cut(writing->sink,
                       apr_pstrcat(writing->pool, row->device, ", ",
                                   row->browser, ", ", row->system, NULL),
                       27);
        put(writing, "\n");
    }
    if (model->newest_count == 0) {
        put(writing, "None yet.\n");
    }
}

static void marks_part(const writing_t *writing)
{
    const usage_flags_t *flags = &writing->model->flags;
    if (flags->count == 0) {
        return;
    }
    heading(writing, "Marks");
    for (int i = 0; i < flags->count && i < MARKS; i++) {
        const usage_mark_row_t *mark = &flags->rows[i].mark;
        left(writing, words_of(writing, usage_words_moment, mark->time), 18);
        left(writing, mark->name, 30);
        put(writing, " ");
        left(writing, mark->category, 12);
        put(writing, " ");
        usage_text_cut(writing->sink,
                       *mark->site != '\0' ? mark->site : "all sites", 18);
        put(writing, "\n");
    }
    if (flags->count > MARKS) {
        put(writing, apr_psprintf(writing->pool, "and %d older\n",
                                  flags->count - MARKS));
    }
}

static void servers_part(const writing_t *writing)
{
    const usage_nodes_t *nodes = &writing->model->nodes;
    if (nodes->count == 0) {
        return;
    }
    heading(writing, "The servers");
    for (int i = 0; i < nodes->count; i++) {
        const usage_node_t *node = &nodes->rows[i];
        left(writing, node->name, 44);
        put(writing, " ");
        left(writing, node->version, 11);
        put(writing, " ");
        left(writing, words_of(writing, usage_words_age, node->age), 14);
        put(writing, node->is_silent ? "silent\n" : "\n");
    }
}

static void health_part(const writing_t *writing)
{
    const usage_health_t *health = &writing->model->health;
    heading(writing, "The counter itself");
    line(writing, "Table in use",
         words_of(writing, usage_words_permille, health->fill));
    line(writing, "Views waiting",
         words_of(writing, usage_words_grouped, health->waiting));
    line(writing, "Last flush",
         words_of(writing, usage_words_age, health->age));
    line(writing, "Last error",
         health->flush_error != NULL ? health->flush_error : "none");
    line(writing, "Node", health->node);
    line(writing, "Version",
         apr_pstrcat(writing->pool, "mod_usage ", health->version, NULL));
}

/* What could be counted, and isn't. */
static void missing_part(const writing_t *writing)
{
    const usage_model_t *model = writing->model;
    const char *missing = NULL;
    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_panel_t *panel = &usage_catalog[i];
        if (panel->missing && usage_panel_ranking(model, i)->count == 0
            && !usage_panel_is_on(panel, model)) {
            missing = apr_pstrcat(writing->pool, missing != NULL ? missing : "",
                                  missing != NULL ? ", " : "", panel->missing,
                                  " (", panel->directive, ")", NULL);
        }
    }
    if (missing != NULL) {
        put(writing, "\n");
        paragraph(writing, apr_pstrcat(writing->pool, "Not counted here: ",
                                       missing, ".", NULL));
    }
}

apr_status_t usage_text_render(const usage_model_t *model, apr_pool_t *pool,
                               usage_sink_t *sink)
{
    const writing_t writing = { sink, model, pool };
    title_part(&writing);
    notices_part(&writing);
    totals_part(&writing);
    series_part(&writing);
    panels_part(&writing);
    hour_part(&writing);
    newest_part(&writing);
    marks_part(&writing);
    servers_part(&writing);
    health_part(&writing);
    missing_part(&writing);
    return usage_sink_flush(sink);
}
