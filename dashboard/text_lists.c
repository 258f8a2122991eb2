/* SPDX-License-Identifier: Apache-2.0 */
/* A line for each row: its name, its numbers, and a bar. */
#include "text_lists.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include "catalog.h"
#include "change.h"
#include "rows.h"
#include "words.h"

/* Shades of an hour of the week, by how much of the busiest it is. */
static const char *const shades[] = { " \xC2\xB7", "\xE2\x96\x91\xE2\x96\x91",
                                      "\xE2\x96\x92\xE2\x96\x92",
                                      "\xE2\x96\x93\xE2\x96\x93",
                                      "\xE2\x96\x88\xE2\x96\x88" };

enum { SHADES = 4, COURSE = 9 };

static const char *share_of(const usage_text_page_t *writing, apr_int64_t part,
                            apr_int64_t whole)
{
    apr_int64_t share = usage_share(part, whole, 1000);
    return part > 0 && share == 0
               ? "<0.1%"
               : usage_text_words(writing, usage_words_permille, share);
}

/* What it has changed, if that is asked for and known. */
static void change_put(const usage_text_page_t *writing,
                       const usage_ranked_t *row)
{
    usage_text_capture_t kept;
    usage_sink_t *sink = usage_text_capture(&kept);
    if (row != NULL && row->has_was) {
        usage_change_say(sink, row->values.of[USAGE_VIEWS],
                         row->was.of[USAGE_VIEWS]);
    }
    usage_text_align(writing, usage_text_captured(&kept, writing->pool), 9);
}

/* What the rows of a list are measured by. */
typedef struct scale_t {
    apr_int64_t sum; /* of all, listed or not */
    apr_int64_t most; /* of those listed */
} scale_t;

/* @a row is NULL of several together. */
static void row_put(const usage_text_page_t *writing, const char *name,
                    apr_int64_t count, const usage_ranked_t *row,
                    const scale_t *scale)
{
    bool has_change = usage_query_is_compared(writing->model->query);
    apr_int64_t most = scale->most;
    usage_text_fill(writing, name, has_change ? 37 : 46);
    usage_text_number(writing, count, 13);
    usage_text_align(writing, share_of(writing, count, scale->sum), 8);
    if (has_change) {
        change_put(writing, row);
    }
    usage_text_put(writing, "  ");
    usage_text_bar(writing->sink, count < most ? count : most, most, 11);
    usage_text_put(writing, "\n");
}

/* With its kind, or of a country, its name. */
static const char *name_of(const usage_text_page_t *writing,
                           const usage_panel_t *panel,
                           const usage_ranked_t *row)
{
    const char *name = *row->name != '\0' ? row->name : "(no name)";
    const char *note = row->note;
    if (note == NULL && panel->has_flags) {
        note = usage_meaning_of(panel->meanings, row->name);
    }
    return note != NULL
               ? apr_pstrcat(writing->pool, name, " (", note, ")", NULL)
               : name;
}

static void rest_put(const usage_text_page_t *writing,
                     const usage_ranking_t *ranking, const scale_t *scale)
{
    apr_int64_t rest = ranking->sum;
    int more = ranking->distinct - ranking->count;
    for (int i = 0; i < ranking->count; i++) {
        rest -= ranking->rows[i].values.of[USAGE_VIEWS];
    }
    if (more > 0 && *writing->model->query->panel == '\0') {
        row_put(writing, apr_psprintf(writing->pool, "and %d more", more), rest,
                NULL, scale);
    }
}

static void panel_put(const usage_text_page_t *writing,
                      const usage_panel_t *panel,
                      const usage_ranking_t *ranking)
{
    const scale_t scale = { ranking->sum, usage_rows_most(ranking) };
    usage_text_title(writing, panel->title);
    for (int i = 0; i < ranking->count; i++) {
        const usage_ranked_t *row = &ranking->rows[i];
        row_put(writing, name_of(writing, panel, row),
                row->values.of[USAGE_VIEWS], row, &scale);
    }
    if (ranking->distinct == 0) {
        usage_text_say(writing,
                       panel->empty != NULL ? panel->empty : "None yet.");
    }
    else if (ranking->count == 0) {
        usage_text_say(writing,
                       apr_psprintf(writing->pool,
                                    "This list has no more rows than %d.",
                                    ranking->distinct));
    }
    rest_put(writing, ranking, &scale);
}

static void visits_row(const usage_text_page_t *writing,
                       const usage_ranked_t *row)
{
    const apr_int64_t *of = row->values.of;
    bool has_time = of[USAGE_VIEWS] > 0 && of[USAGE_SECONDS] > 0;
    usage_text_fill(writing, *row->name != '\0' ? row->name : "(no name)", 25);
    if (writing->model->has_visitors) {
        usage_text_number(writing, of[USAGE_VISITORS], 9);
    }
    else {
        usage_text_align(writing, "", 9);
    }
    usage_text_number(writing, of[USAGE_VISITS], 9);
    usage_text_number(writing, of[USAGE_EXITS], 9);
    usage_text_align(writing,
                     share_of(writing, of[USAGE_BOUNCES], of[USAGE_VISITS]), 8);
    usage_text_align(writing,
                     has_time
                         ? usage_text_words(writing, usage_words_duration,
                                            of[USAGE_SECONDS] / of[USAGE_VIEWS])
                         : "",
                     10);
    usage_text_put(writing, " ");
    if (row->course != NULL) {
        usage_text_spark(writing->sink, row->course,
                         writing->model->points_count, COURSE);
    }
    usage_text_put(writing, "\n");
}

/* What else is known of pages. */
static void visits_part(const usage_text_page_t *writing)
{
    static const struct {
        const char *word;
        int columns;
    } heads[] = { { "Visitors", 34 }, { "Entries", 9 }, { "Exits", 9 },
                  { "Bounces", 8 },   { "Time", 10 },   { "Course", 7 } };
    const usage_ranking_t *pages = &writing->model->pages;
    if (pages->count == 0) {
        return;
    }
    usage_text_title(writing, "Visits of these pages");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        usage_text_align(writing, heads[i].word, heads[i].columns);
    }
    usage_text_put(writing, "\n");
    for (int i = 0; i < pages->count; i++) {
        visits_row(writing, &pages->rows[i]);
    }
}

static void hours_put(const usage_text_page_t *writing, const char *weekday,
                      const apr_int64_t *views, apr_int64_t greatest)
{
    usage_text_fill(writing, weekday, 4);
    for (int hour = 0; hour < 24; hour++) {
        apr_int64_t shade = usage_ratio(views[hour], greatest, SHADES);
        shade += views[hour] > 0 && shade < SHADES ? 1 : 0;
        usage_text_put(writing, hour > 0 ? " " : "");
        usage_text_put(writing, shades[shade]);
    }
    usage_text_put(writing, "\n");
}

static void heat_part(const usage_text_page_t *writing)
{
    static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu",
                                            "Fri", "Sat", "Sun" };
    const usage_heat_t *heat = &writing->model->heat;
    if (heat->greatest <= 0) {
        return;
    }
    usage_text_title(writing, "Hours of the week");
    usage_text_fill(writing, "", 4);
    for (int hour = 0; hour < 24; hour++) {
        usage_text_put(writing, apr_psprintf(writing->pool, "%s%2d",
                                             hour > 0 ? " " : "", hour));
    }
    usage_text_put(writing, "\n");
    for (int day = 0; day < 7; day++) {
        hours_put(writing, weekdays[day], heat->views[day], heat->greatest);
    }
    usage_text_say(
        writing,
        apr_pstrcat(
            writing->pool, "Views from ",
            usage_text_words(writing, usage_words_date, heat->from), " to ",
            usage_text_words(writing, usage_words_date, heat->to),
            ", in quarters of the busiest hour, which had ",
            usage_text_words(writing, usage_words_grouped, heat->greatest),
            "; \xC2\xB7 is none.", NULL));
}

static bool is_shown(const usage_text_page_t *writing, int row)
{
    const usage_model_t *model = writing->model;
    const usage_panel_t *panel = &usage_catalog[row];
    return *model->query->panel != '\0'
               ? strcmp(model->query->panel, panel->id) == 0
               : usage_rows_are_shown(model, row);
}

static void panels_put(const usage_text_page_t *writing, bool is_late)
{
    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_panel_t *panel = &usage_catalog[i];
        if (panel->is_late != is_late || !is_shown(writing, i)) {
            continue;
        }
        panel_put(writing, panel, usage_panel_ranking(writing->model, i));
        if (usage_rows_are_pages(panel)) {
            visits_part(writing);
        }
    }
}

void usage_text_lists(const usage_text_page_t *writing)
{
    panels_put(writing, false);
    if (*writing->model->query->panel == '\0') {
        heat_part(writing);
    }
    panels_put(writing, true);
}
