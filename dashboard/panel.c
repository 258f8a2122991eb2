/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A panel is a row of the catalog. Which of them there are is told here, and
 * what stands around their rows; the rows are those of rows.c.
 */
#include "panel.h"

#include <string.h>

#include "catalog.h"
#include "link.h"
#include "page_list.h"
#include "rows.h"
#include "words.h"

void usage_panel_begin(usage_sink_t *sink, const char *id, const char *title,
                       const char *about)
{
    usage_sink_html(sink,
                    "<section id=\"%s\">"
                    "<h2 id=\"%s-title\">%w</h2>",
                    id, id, title);
    if (about) {
        usage_sink_html(sink,
                        "<details><summary aria-label=\"%w\">?"
                        "</summary><p>%w</p></details>",
                        N_("About"), about);
    }
}

static void head_put(usage_sink_t *sink, const char *word)
{
    usage_sink_html(sink, "<th scope=\"col\">%w</th>", word);
}

static void heads_put(usage_sink_t *sink, const usage_model_t *model,
                      const usage_panel_t *panel)
{
    usage_sink_html(sink, "<thead><tr><th scope=\"col\">%w</th>",
                    panel->column);
    if (usage_rows_are_pages(panel)) {
        usage_page_list_heads(sink, model);
    }
    else {
        head_put(sink, panel->count);
        if (usage_query_is_compared(model->query)) {
            head_put(sink, N_("Change"));
        }
        if (usage_rows_have_share(panel, model)) {
            head_put(sink, N_("Share"));
        }
    }
    usage_sink_html(sink, "</tr></thead><tbody>");
}

/* Of several rows together: no change, as what they were is not known. */
static void shares_put(usage_sink_t *sink, const usage_model_t *model,
                       const usage_panel_t *panel, apr_int64_t part,
                       apr_int64_t whole)
{
    if (usage_query_is_compared(model->query)) {
        usage_sink_html(sink, "<td></td>");
    }
    if (usage_rows_have_share(panel, model)) {
        usage_panel_share(sink, part, whole);
    }
}

/* What is not listed, so that the numbers still add up, and the way there. */
static void rest_render(usage_sink_t *sink, const usage_model_t *model,
                        const usage_panel_t *panel,
                        const usage_ranking_t *ranking)
{
    usage_query_t other = *model->query;
    apr_int64_t rest = ranking->sum;

    if (ranking->distinct <= ranking->count || *other.panel) {
        return;
    }
    for (int i = 0; i < ranking->count; i++) {
        rest -= ranking->rows[i].values.of[USAGE_VIEWS];
    }
    other.panel = panel->id;
    other.page = 1;
    usage_sink_html(sink, "<tr class=\"rest\"><th scope=\"row\"><a href=\"");
    usage_link_put(sink, &other);
    usage_sink_html(sink, "\">");
    usage_sink_say(sink, "and %n more",
                   (apr_int64_t)ranking->distinct - ranking->count);
    usage_sink_html(sink, "</a></th><td>%n</td>", rest);
    if (usage_rows_are_pages(panel)) {
        usage_sink_html(sink, "<td colspan=\"%d\"></td>",
                        (apr_int64_t)usage_page_list_count(model) - 1);
    }
    else {
        shares_put(sink, model, panel, rest, ranking->sum);
    }
    usage_sink_html(sink, "</tr>");
}

static void foot_render(usage_sink_t *sink, const usage_model_t *model,
                        const usage_panel_t *panel,
                        const usage_ranking_t *ranking)
{
    if (!panel->sum) {
        return;
    }
    usage_sink_html(sink, "<tfoot><tr><th scope=\"row\">%w</th><td>%n</td>",
                    panel->sum, ranking->sum);
    shares_put(sink, model, panel, ranking->sum, ranking->sum);
    usage_sink_html(sink, "</tr></tfoot>\n");
}

/* Wide tables scroll within their panel, by key too. */
static void table_render(usage_sink_t *sink, const usage_model_t *model,
                         const usage_panel_t *panel,
                         const usage_ranking_t *ranking)
{
    bool is_page = usage_rows_are_pages(panel);

    if (is_page) {
        usage_sink_html(sink,
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                        "aria-labelledby=\"%s-title\">",
                        panel->id);
    }
    usage_sink_html(sink, "<table aria-labelledby=\"%s-title\">", panel->id);
    heads_put(sink, model, panel);
    usage_rows_render(sink, model, panel, ranking);
    rest_render(sink, model, panel, ranking);
    usage_sink_html(sink, "</tbody>");
    foot_render(sink, model, panel, ranking);
    usage_sink_html(sink, is_page ? "</table></div>\n" : "</table>\n");
}

/* What isn't counted, and the directive that it takes. */
static void missing_put(usage_sink_t *sink, const usage_panel_t *panel)
{
    usage_sink_html(sink, "%w (<code>%s</code>)",
                    panel->missing ? panel->missing : panel->title,
                    panel->directive);
}

/* No row: there is none, or the page of them is one that there isn't. */
static void emptiness_put(usage_sink_t *sink, const usage_model_t *model,
                          const usage_panel_t *panel,
                          const usage_ranking_t *ranking)
{
    usage_query_t other = *model->query;

    usage_sink_html(sink, "<p class=\"empty\">");
    if (ranking->distinct == 0 && !usage_panel_is_on(panel, model)) {
        usage_sink_html(sink, "%w ", N_("Not counted here:"));
        missing_put(sink, panel);
        usage_sink_html(sink, ".</p>\n");
        return;
    }
    if (ranking->distinct == 0) {
        usage_sink_html(sink, "%w</p>\n",
                        panel->empty ? panel->empty : N_("None yet."));
        return;
    }
    other.page = 1;
    usage_sink_say(sink, "This list has no more rows than %n.",
                   (apr_int64_t)ranking->distinct);
    usage_sink_html(sink, " <a href=\"");
    usage_link_put(sink, &other);
    usage_sink_html(sink, "\">%w</a></p>\n", N_("The first rows"));
}

static void panel_render(usage_sink_t *sink, const usage_model_t *model,
                         const usage_panel_t *panel,
                         const usage_ranking_t *ranking)
{
    usage_panel_begin(sink, panel->id, panel->title, panel->about);
    if (usage_rows_are_pages(panel)) {
        usage_page_list_sorts(sink, model->query);
    }
    if (ranking->count > 0) {
        table_render(sink, model, panel, ranking);
    }
    else {
        emptiness_put(sink, model, panel, ranking);
    }
}

/* One line for all that could be counted, and isn't. */
void usage_missing_render(usage_sink_t *sink, const usage_model_t *model)
{
    int count = 0;

    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_panel_t *panel = &usage_catalog[i];

        if (panel->missing && usage_panel_ranking(model, i)->distinct == 0
            && !usage_panel_is_on(panel, model)) {
            if (count++ == 0) {
                usage_sink_html(sink, "<p class=\"missing\">%w ",
                                N_("Not counted here:"));
            }
            else {
                usage_sink_html(sink, ", ");
            }
            missing_put(sink, panel);
        }
    }
    usage_sink_html(sink, count > 0 ? ".</p>\n" : "");
}

void usage_panels_render(usage_sink_t *sink, const usage_model_t *model,
                         bool is_late)
{
    if (is_late && !model->has_names) {
        usage_sink_html(sink, "<p class=\"missing\">%w</p>\n",
                        N_("What is counted by name (sources, countries, "
                           "events and so on) isn\xE2\x80\x99t told apart by "
                           "page, device, browser or system: those lists are "
                           "left out here. The hours of the week, the newest "
                           "views and the last hour are of all views."));
    }
    usage_sink_html(sink, "<div class=\"panels\">");
    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_ranking_t *ranking = usage_panel_ranking(model, i);

        if (usage_catalog[i].is_late == is_late
            && usage_rows_are_shown(model, i)) {
            panel_render(sink, model, &usage_catalog[i], ranking);
            usage_sink_html(sink, "</section>\n");
        }
    }
    usage_sink_html(sink, "</div>\n");
}

static void turn_put(usage_sink_t *sink, const usage_query_t *query, int page,
                     const char *words, const char *key)
{
    usage_query_t other = *query;

    other.page = page;
    usage_sink_html(sink, "<a rel=\"%s\" href=\"",
                    page < query->page ? "prev" : "next");
    usage_link_put(sink, &other);
    usage_sink_html(sink, "\" data-key=\"%s\">%w</a>", key, words);
}

/* Which of the rows these are, and the way to the others. */
static void pages_put(usage_sink_t *sink, const usage_query_t *query,
                      const usage_ranking_t *ranking)
{
    usage_query_t other = *query;

    usage_sink_html(sink, "<nav class=\"turn\" aria-label=\"%w\">", N_("Rows"));
    if (ranking->count > 0) {
        usage_sink_html(sink, "<span>");
        usage_sink_say(sink, "%n to %n of %n", (apr_int64_t)ranking->first + 1,
                       (apr_int64_t)ranking->first + ranking->count,
                       (apr_int64_t)ranking->distinct);
        usage_sink_html(sink, "</span> ");
    }
    if (query->page > 1 && ranking->count > 0) {
        turn_put(sink, query, query->page - 1, N_("Previous"), "k");
    }
    if (ranking->first + ranking->count < ranking->distinct) {
        turn_put(sink, query, query->page + 1, N_("Next"), "j");
    }
    other.panel = "";
    other.page = 1;
    usage_sink_html(sink, "<a href=\"");
    usage_link_put(sink, &other);
    usage_sink_html(sink, "\">%w</a></nav>\n", N_("All lists"));
}

void usage_panel_alone_render(usage_sink_t *sink, const usage_model_t *model)
{
    for (int i = 0; i < usage_catalog_count; i++) {
        if (strcmp(usage_catalog[i].id, model->query->panel) == 0) {
            const usage_ranking_t *ranking = usage_panel_ranking(model, i);

            panel_render(sink, model, &usage_catalog[i], ranking);
            pages_put(sink, model->query, ranking);
            usage_sink_html(sink, "</section>\n");
        }
    }
}
