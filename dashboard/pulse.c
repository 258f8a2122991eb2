/* SPDX-License-Identifier: Apache-2.0 */
/* The last hour as a row of sixty bars, the newest views as a table. */
#include "pulse.h"

#include "svg.h"
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

static void bar_put(usage_sink_t *sink, int i, apr_int64_t height,
                    apr_int64_t views)
{
    if (views == 0) {
        return;
    }
    usage_sink_html(sink,
                    "<rect x=\"%d\" y=\"%d\" width=\"8\" height=\"%d\">"
                    "<title>%d min ago: %n</title></rect>",
                    (apr_int64_t)i * 10, 60 - height, height,
                    (apr_int64_t)(USAGE_MINUTES - 1 - i), views);
}

static void bars_put(usage_sink_t *sink, const usage_model_t *model)
{
    apr_int64_t most = greatest(model);
    usage_sink_html(sink,
                    "<p><b>%n</b> views; the busiest minute so far had %n."
                    "</p>\n<svg class=\"pulse\" viewBox=\"0 0 600 60\" "
                    "preserveAspectRatio=\"none\" role=\"img\" "
                    "aria-label=\"Views of each of the last 60 minutes, at "
                    "most %n\">",
                    sum(model), model->peak, most);
    for (int i = 0; i < USAGE_MINUTES; i++) {
        apr_int64_t views = model->minutes[i];
        apr_int64_t height = usage_ratio(views, most, 60);
        bar_put(sink, i, height > 0 ? height : 1, views);
    }
    usage_sink_html(sink, "</svg>\n");
}

static void hour_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<section class=\"panel hour\" "
                          "aria-labelledby=\"hour-title\">"
                          "<h2 id=\"hour-title\">The last hour</h2>\n");
    if (model->shares_hour) {
        usage_sink_html(sink, "<p class=\"empty\">Not known of this site: it "
                              "shares its place in memory with others.</p>\n");
    }
    else {
        bars_put(sink, model);
    }
    usage_sink_html(sink, "</section>\n");
}

static void view_put(usage_sink_t *sink, const usage_recent_row_t *row,
                     apr_int64_t now)
{
    usage_sink_html(sink,
                    "<tr><td>%a</td><th scope=\"row\">"
                    "<bdi dir=\"ltr\">%s</bdi>",
                    now > row->time ? now - row->time : 0, row->path);
    if (row->is_new) {
        usage_sink_html(sink, " <small>new visit</small>");
    }
    usage_sink_html(sink, "</th><td>%s, %s, %s</td></tr>\n", row->device,
                    row->browser, row->system);
}

static void newest_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<section class=\"panel newest\" "
                          "aria-labelledby=\"newest-title\">"
                          "<h2 id=\"newest-title\">The newest views</h2>\n");
    if (model->newest_count == 0) {
        usage_sink_html(sink, "<p class=\"empty\">None yet.</p>\n</section>\n");
        return;
    }
    usage_sink_html(sink,
                    "<table aria-labelledby=\"newest-title\"><thead><tr>"
                    "<th scope=\"col\">When</th>"
                    "<th scope=\"col\">Page</th>"
                    "<th scope=\"col\">With</th></tr></thead>\n<tbody>\n");
    for (int i = 0; i < model->newest_count; i++) {
        view_put(sink, &model->newest[i], model->query->now);
    }
    usage_sink_html(sink, "</tbody></table>\n</section>\n");
}

void usage_pulse_render(usage_sink_t *sink, const usage_model_t *model)
{
    hour_render(sink, model);
    newest_render(sink, model);
}
