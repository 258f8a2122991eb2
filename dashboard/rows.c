/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names come from outside: isolated (as <bdi> or link) and written from left
 * to right by the stylesheet, they leave the rest of the page where it is.
 */
#include "rows.h"

#include <string.h>

#include "change.h"
#include "engine/event.h"
#include "link.h"
#include "page_list.h"
#include "words.h"

/* A bar behind a name is as long as a class of the stylesheet says: s1 to
 * s25. */
enum { SHARES = 25 };

/* Of any list of events: what the day's budget of names has no room for. */
static const char *const overflow_meaning =
    N_("names without a place of their own");

bool usage_rows_are_pages(const usage_panel_t *panel)
{
    return usage_filter_of_panel(panel->id) == USAGE_FILTER_PAGE;
}

bool usage_rows_are_of_views(const usage_panel_t *panel)
{
    return usage_filter_of_panel(panel->id) != USAGE_FILTERS;
}

bool usage_rows_are_shown(const usage_model_t *model, int row)
{
    const usage_panel_t *panel = &usage_catalog[row];
    const usage_ranking_t *ranking = usage_panel_ranking(model, row);

    if (!model->has_names && !usage_rows_are_of_views(panel)) {
        return false;
    }
    return ranking->count == 0 ? panel->empty && usage_panel_is_on(panel, model)
                               : ranking->count >= panel->least;
}

bool usage_rows_have_share(const usage_panel_t *panel,
                           const usage_model_t *model)
{
    return panel->is_whole || !usage_query_is_compared(model->query);
}

/* The first, unless rows are sorted by change. */
apr_int64_t usage_rows_most(const usage_ranking_t *ranking)
{
    apr_int64_t most = 0;

    for (int i = 0; i < ranking->count; i++) {
        apr_int64_t count = ranking->rows[i].values.of[USAGE_VIEWS];

        most = count > most ? count : most;
    }
    return most;
}

void usage_rows_change(usage_sink_t *sink, const usage_ranked_t *row)
{
    if (row->has_was) {
        usage_change_put(sink, "td", row->values.of[USAGE_VIEWS],
                         row->was.of[USAGE_VIEWS]);
    }
    else {
        usage_sink_html(sink, "<td></td>");
    }
}

static const char *meaning_of(const usage_panel_t *panel, const char *name)
{
    return panel->rows != USAGE_ROWS_OF_MODEL
                   && strcmp(name, USAGE_EVENT_OVERFLOW) == 0
               ? overflow_meaning
               : usage_meaning_of(panel->meanings, name);
}

void usage_panel_share(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole)
{
    apr_int64_t share = usage_share(part, whole, 1000);

    if (part > 0 && share == 0) {
        usage_sink_html(sink, "<td><bdi>%s%p</bdi></td>", "<", (apr_int64_t)1);
        return;
    }
    usage_sink_html(sink, "<td>%p</td>", share);
}

/* The flag of a country's code, as two letters that are drawn as one. */
static void flag_put(usage_sink_t *sink, const char *code)
{
    char letters[] = "\xF0\x9F\x87\xA6\xF0\x9F\x87\xA6";

    letters[3] = (char)(letters[3] + (code[0] - 'A'));
    letters[7] = (char)(letters[7] + (code[1] - 'A'));
    usage_sink_html(sink, "<span aria-hidden=\"true\">%s</span> ", letters);
}

/* The query in which a row is all there is; whether there is such a one. */
static bool narrowed(const usage_panel_t *panel, const usage_ranked_t *row,
                     usage_query_t *query)
{
    usage_filter_e filter = usage_filter_of_panel(panel->id);
    const char *category = panel->rows == USAGE_ROWS_OF_MODEL
                               ? panel->category
                               : row->category;

    query->panel = "";
    query->page = 1;
    if (filter != USAGE_FILTERS) {
        query->filters[filter] = row->name;
        query->counted = query->name = "";
        return *row->name != '\0';
    }
    if (!category || panel->rows == USAGE_ROWS_OF_LINKS) {
        return false;
    }
    for (int i = 0; i < USAGE_FILTERS; i++) {
        query->filters[i] = "";
    }
    query->counted = category;
    query->name = panel->rows == USAGE_ROWS_OF_KINDS ? "" : row->name;
    return *query->counted != '\0';
}

static void link_put(usage_sink_t *sink, const usage_query_t *query,
                     const usage_panel_t *panel, const usage_ranked_t *row)
{
    usage_query_t other = *query;

    if (!narrowed(panel, row, &other)) {
        usage_sink_html(sink, "<bdi>%s</bdi>",
                        *row->name
                            ? row->name
                            : usage_translate(sink->language, N_("(no name)")));
        return;
    }
    usage_sink_html(sink, "<a href=\"");
    usage_link_put(sink, &other);
    usage_sink_html(sink, "\">%s</a>", row->name);
}

/* A note comes from outside, as a name does; a meaning is ours. */
static void name_put(usage_sink_t *sink, const usage_query_t *query,
                     const usage_panel_t *panel, const usage_ranked_t *row)
{
    const char *meaning = meaning_of(panel, row->name);

    if (panel->has_flags && meaning && strlen(row->name) == 2) {
        flag_put(sink, row->name);
    }
    link_put(sink, query, panel, row);
    if (row->note && panel->rows == USAGE_ROWS_OF_LINKS) {
        usage_sink_html(sink, " <small>%w <bdi>%s</bdi></small>",
                        N_("linked from"), row->note);
    }
    else if (row->note) {
        usage_sink_html(sink, " <small>%w</small>", row->note);
    }
    else if (meaning) {
        usage_sink_html(sink, " <small>%w</small>", meaning);
    }
}

static void numbers_put(usage_sink_t *sink, const usage_model_t *model,
                        const usage_panel_t *panel, const usage_ranked_t *row,
                        apr_int64_t sum)
{
    apr_int64_t views = row->values.of[USAGE_VIEWS];

    usage_sink_html(sink, "<td>%n</td>", views);
    if (usage_query_is_compared(model->query)) {
        usage_rows_change(sink, row);
    }
    if (usage_rows_have_share(panel, model)) {
        usage_panel_share(sink, views, sum);
    }
}

/* A bar behind the name, so many SHARES long. */
static void head_put(usage_sink_t *sink, apr_int64_t share)
{
    usage_sink_html(sink,
                    share > 0 ? "<tr><th scope=\"row\" class=\"s%d\">"
                              : "<tr><th scope=\"row\">",
                    share);
}

void usage_rows_render(usage_sink_t *sink, const usage_model_t *model,
                       const usage_panel_t *panel,
                       const usage_ranking_t *ranking)
{
    apr_int64_t most = usage_rows_most(ranking);

    for (int i = 0; i < ranking->count; i++) {
        const usage_ranked_t *row = &ranking->rows[i];

        head_put(sink, usage_ratio(row->values.of[USAGE_VIEWS], most, SHARES));
        name_put(sink, model->query, panel, row);
        usage_sink_html(sink, "</th>");
        if (usage_rows_are_pages(panel)) {
            usage_page_list_cells(sink, model, row);
        }
        else {
            numbers_put(sink, model, panel, row, ranking->sum);
        }
        usage_sink_html(sink, "</tr>");
    }
}
