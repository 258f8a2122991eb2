/* SPDX-License-Identifier: Apache-2.0 */
/* The last hour as a row of sixty bars, the newest views as a table. */
#include "pulse.h"

#include "svg.h"
#include "panel.h"
#include "words.h"

#define MINUTE 60

static apr_int64_t greatest(const usage_model_t *model)
{
    apr_int64_t most = 0;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        most = model->minutes[i] > most ? model->minutes[i] : most;
    }
    return most;
}

static apr_int64_t sum(const usage_model_t *model)
{
    apr_int64_t views = 0;
    for (int i = 0; i < USAGE_MINUTES; i++) {
        views += model->minutes[i];
    }
    return views;
}

/* Bars of eight, two apart, along the ground. */
static void path_put(usage_sink_t *sink, const usage_model_t *model,
                     apr_int64_t most)
{
    apr_int64_t gap = 0;

    usage_sink_html(sink, "M0 60");
    for (int i = 0; i < USAGE_MINUTES; i++) {
        apr_int64_t height = usage_ratio(model->minutes[i], most, 60);

        if (model->minutes[i] <= 0) {
            gap += 10;
            continue;
        }
        height = height > 0 ? height : 1;
        if (gap > 0) {
            usage_sink_html(sink, "h%d", gap);
        }
        usage_sink_html(sink, "v-%dh8v%d", height, height);
        gap = 2;
    }
}

static void bars_put(usage_sink_t *sink, const usage_model_t *model)
{
    apr_int64_t most = greatest(model);
    usage_sink_html(sink, "<p>");
    usage_sink_say(
        sink,
        model->is_peak_of_hour
            ? N_("<b>%n</b> views; the busiest minute of them had %n.")
            : N_("<b>%n</b> views; the busiest minute so far had %n."),
        sum(model), model->peak);
    usage_sink_html(sink, "</p>\n<svg class=\"pulse\" viewBox=\"0 0 600 60\" "
                          "preserveAspectRatio=\"none\" role=\"img\" "
                          "aria-label=\"");
    usage_sink_say(sink, "Views of each of the last 60 minutes, at most %n",
                   most);
    usage_sink_html(sink, "\"><path d=\"");
    path_put(sink, model, most);
    usage_sink_html(sink, "\"/></svg>\n");
}

/* The same in words, five minutes a row, for who can't see the bars. */
static void minutes_put(usage_sink_t *sink, const usage_model_t *model)
{
    enum { FIVE = 5 };

    usage_sink_html(sink,
                    "<details><summary>%w</summary>"
                    "<table aria-labelledby=\"hour-title\"><thead><tr>"
                    "<th scope=\"col\">%w</th>"
                    "<th scope=\"colgroup\" colspan=\"%d\">%w</th></tr>"
                    "</thead>\n<tbody>",
                    N_("The same numbers as a table"), N_("Five minutes, from"),
                    (apr_int64_t)FIVE, N_("Views of each minute"));
    for (int i = 0; i < USAGE_MINUTES; i++) {
        if (i % FIVE == 0) {
            usage_sink_html(sink, "<tr><th scope=\"row\">%a</th>",
                            (apr_int64_t)(USAGE_MINUTES - i) * MINUTE);
        }
        usage_sink_html(sink, "<td>%n</td>", model->minutes[i]);
        if (i % FIVE == FIVE - 1) {
            usage_sink_html(sink, "</tr>");
        }
    }
    usage_sink_html(sink, "</tbody></table></details>\n");
}

static void hour_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_panel_begin(sink, "hour", N_("The last hour"),
                      N_("Views by the minute, the newest at the end."));
    usage_sink_html(sink, "<div data-live=\"hour\">");
    if (model->shares_hour) {
        usage_sink_html(sink, "<p class=\"empty\">%w</p>\n",
                        N_("Not known of this site: it shares its place in "
                           "memory with others."));
    }
    else {
        bars_put(sink, model);
        minutes_put(sink, model);
    }
    usage_sink_html(sink, "</div></section>\n");
}

/* A cell is a paragraph of its own, so that its text turns no other. */
static void view_put(usage_sink_t *sink, const usage_query_t *query,
                     const usage_recent_row_t *row)
{
    usage_sink_html(sink, "<tr><td>%a</td><td>%s</td><td>%s, %s, %s",
                    query->now > row->time ? query->now - row->time : 0,
                    row->path, row->device, row->browser, row->system);
    if (row->is_new) {
        usage_sink_html(sink, " <small>%w</small>", N_("new visit"));
    }
    usage_sink_html(sink, "</td></tr>");
}

static void newest_table(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink,
                    "<table aria-labelledby=\"newest-title\"><thead><tr>"
                    "<th scope=\"col\">%w</th><th scope=\"col\">%w</th>"
                    "<th scope=\"col\">%w</th></tr></thead>\n<tbody>\n",
                    N_("When"), N_("Page"), N_("With"));
    for (int i = 0; i < model->newest_count; i++) {
        view_put(sink, model->query, &model->newest[i]);
    }
    usage_sink_html(sink, "</tbody></table>\n");
}

static void newest_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_panel_begin(sink, "newest", N_("The newest views"),
                      N_("Views as they come, of whatever period."));
    usage_sink_html(sink,
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                    "aria-labelledby=\"newest-title\" "
                    "data-live=\"newest\">");
    if (model->newest_count == 0) {
        usage_sink_html(sink, "<p class=\"empty\">%w</p>\n", N_("None yet."));
    }
    else {
        newest_table(sink, model);
    }
    usage_sink_html(sink, "</div></section>\n");
}

void usage_pulse_render(usage_sink_t *sink, const usage_model_t *model)
{
    newest_render(sink, model);
    hour_render(sink, model);
}
