/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A panel is a row of the catalog. Names come from outside: isolated (bdi) and
 * written from left to right, they leave the rest of the page where it is.
 */
#include "panel.h"

#include <string.h>

#include "catalog.h"
#include "engine/event.h"
#include "pulse.h"
#include "svg.h"
#include "words.h"

/* Of any list of events: what the day's budget of names has no room for. */
static const char overflow_meaning[] = "names without a place of their own";

static const char *meaning_of(const usage_panel_t *panel, const char *name)
{
    return panel->rows != USAGE_ROWS_OF_MODEL
                   && strcmp(name, USAGE_EVENT_OVERFLOW) == 0
               ? overflow_meaning
               : usage_meaning_of(panel->meanings, name);
}

/* The two cells of numbers that end a row; a little isn't nothing. */
static void numbers_put(usage_sink_t *sink, apr_int64_t views, apr_int64_t sum)
{
    apr_int64_t share = usage_ratio(views, sum, 1000);

    usage_sink_html(sink, "<td>%n</td><td class=\"portion\">%s%p</td></tr>\n",
                    views, views > 0 && share == 0 ? "<" : "",
                    views > 0 && share == 0 ? (apr_int64_t)1 : share);
}

/* The flag of a country's code, as two letters that are drawn as one. */
static void flag_put(usage_sink_t *sink, const char *code)
{
    char letters[] = "\xF0\x9F\x87\xA6\xF0\x9F\x87\xA6";

    letters[3] = (char)(letters[3] + (code[0] - 'A'));
    letters[7] = (char)(letters[7] + (code[1] - 'A'));
    usage_sink_html(sink, "<span aria-hidden=\"true\">%s</span> ", letters);
}

/* A note comes from outside, as a name does; a meaning is ours. */
static void name_put(usage_sink_t *sink, const usage_panel_t *panel,
                     const usage_ranked_t *row)
{
    const char *name = row->name;
    const char *meaning = meaning_of(panel, name);

    if (panel->has_flags && meaning && strlen(name) == 2) {
        flag_put(sink, name);
    }
    usage_sink_html(sink, "<bdi dir=\"ltr\">%s</bdi>",
                    *name ? name : "(no name)");
    if (row->note) {
        usage_sink_html(sink, " <small dir=\"auto\">%s</small>", row->note);
    }
    else if (meaning) {
        usage_sink_html(sink, " <small>%s</small>", meaning);
    }
}

static void row_render(usage_sink_t *sink, const usage_panel_t *panel,
                       const usage_ranking_t *ranking, int i)
{
    const usage_ranked_t *row = &ranking->rows[i];
    apr_int64_t views = row->values.of[USAGE_VIEWS];

    usage_sink_html(sink, "<tr><th scope=\"row\">");
    usage_svg_share(sink, views, ranking->rows[0].values.of[USAGE_VIEWS]);
    name_put(sink, panel, row);
    usage_sink_html(sink, "</th>");
    numbers_put(sink, views, ranking->sum);
}

/* What is not listed, so that the numbers still add up. */
static void rest_render(usage_sink_t *sink, const usage_ranking_t *ranking)
{
    apr_int64_t rest = ranking->sum;

    if (ranking->distinct <= ranking->count) {
        return;
    }
    for (int i = 0; i < ranking->count; i++) {
        rest -= ranking->rows[i].values.of[USAGE_VIEWS];
    }
    usage_sink_html(sink,
                    "<tr class=\"rest\"><th scope=\"row\">and %n more</th>",
                    (apr_int64_t)ranking->distinct - ranking->count);
    numbers_put(sink, rest, ranking->sum);
}

static void table_render(usage_sink_t *sink, const usage_panel_t *panel,
                         const usage_ranking_t *ranking)
{
    usage_sink_html(sink,
                    "<table aria-labelledby=\"%s-title\"><thead><tr>"
                    "<th scope=\"col\">%s</th>"
                    "<th scope=\"col\" class=\"number\">%s</th>"
                    "<th scope=\"col\" class=\"number portion\">Share</th>"
                    "</tr></thead>\n<tbody>\n",
                    panel->id, panel->column, panel->count);
    for (int i = 0; i < ranking->count; i++) {
        row_render(sink, panel, ranking, i);
    }
    rest_render(sink, ranking);
    usage_sink_html(sink, "</tbody>\n");
    if (panel->sum) {
        usage_sink_html(sink, "<tfoot><tr><th scope=\"row\">%s</th>",
                        panel->sum);
        numbers_put(sink, ranking->sum, ranking->sum);
        usage_sink_html(sink, "</tfoot>\n");
    }
    usage_sink_html(sink, "</table>\n");
}

static void panel_render(usage_sink_t *sink, const usage_panel_t *panel,
                         const usage_ranking_t *ranking)
{
    usage_sink_html(sink,
                    "<section class=\"panel %s\" aria-labelledby=\"%s-title\">"
                    "<h2 id=\"%s-title\">%s</h2>\n",
                    panel->id, panel->id, panel->id, panel->title);
    if (ranking->count > 0) {
        table_render(sink, panel, ranking);
    }
    else {
        usage_sink_html(sink, "<p class=\"empty\">%s</p>\n", panel->empty);
    }
    usage_sink_html(sink, "</section>\n");
}

static bool is_shown(const usage_panel_t *panel, const usage_model_t *model,
                     const usage_ranking_t *ranking)
{
    return ranking->count == 0 ? panel->empty && usage_panel_is_on(panel, model)
                               : ranking->count >= panel->least;
}

/* One line for all that could be counted, and isn't. */
void usage_missing_render(usage_sink_t *sink, const usage_model_t *model)
{
    int count = 0;

    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_panel_t *panel = &usage_catalog[i];

        if (panel->missing && usage_panel_ranking(model, i)->count == 0
            && !usage_panel_is_on(panel, model)) {
            usage_sink_html(sink, count++ > 0 ? ", "
                                              : "<p class=\"missing\">"
                                                "Not counted here: ");
            usage_sink_html(sink, "%s (<code>%s</code>)", panel->missing,
                            panel->directive);
        }
    }
    usage_sink_html(sink, count > 0 ? ".</p>\n" : "");
}

void usage_panels_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<div class=\"panels\">\n");
    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_ranking_t *ranking = usage_panel_ranking(model, i);

        if (is_shown(&usage_catalog[i], model, ranking)) {
            panel_render(sink, &usage_catalog[i], ranking);
        }
    }
    usage_sink_html(sink, "</div>\n");
    usage_pulse_render(sink, model);
}
