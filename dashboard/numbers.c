/* SPDX-License-Identifier: Apache-2.0 */
/* A row for each interval: views, and visitors of a day. */
#include "numbers.h"

#include "words.h"

/* A visitor is one of a day, so that hours have none and a month has those of
 * an average day. */
static void visitors_put(usage_sink_t *sink, usage_grain_e grain,
                         const usage_point_t *point)
{
    apr_int64_t visitors = point->values.of[USAGE_VISITORS];

    usage_sink_html(sink, "<td class=\"number\">");
    if (grain == USAGE_GRAIN_MONTH) {
        usage_words_average(sink, visitors, point->days);
    }
    else {
        usage_words_grouped(sink, visitors);
    }
    usage_sink_html(sink, "</td>");
}

static void point_render(usage_sink_t *sink, usage_grain_e grain,
                         const usage_point_t *point)
{
    usage_sink_html(sink, "<tr><th scope=\"row\">");
    usage_words_interval(sink, grain, point->start);
    usage_sink_html(sink, "%s</th><td class=\"number\">%n</td>",
                    point->is_running ? ", so far" : "",
                    point->values.of[USAGE_VIEWS]);
    if (grain != USAGE_GRAIN_BASE) {
        visitors_put(sink, grain, point);
    }
    usage_sink_html(sink, "</tr>\n");
}

static void visitors_head(usage_sink_t *sink, usage_grain_e grain)
{
    if (grain != USAGE_GRAIN_BASE) {
        usage_sink_html(sink,
                        "<th scope=\"col\" class=\"number\">Visitors%s</th>",
                        grain == USAGE_GRAIN_MONTH ? " a day" : "");
    }
}

static void visitors_note(usage_sink_t *sink, usage_grain_e grain)
{
    if (grain != USAGE_GRAIN_BASE) {
        usage_sink_html(sink,
                        "<p><small>A visitor is known for one day: who comes "
                        "on two is one on each.%s</small></p>\n",
                        grain == USAGE_GRAIN_MONTH
                            ? " A month has those of an average day with hits."
                            : "");
    }
}

void usage_numbers_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_query_t *query = model->query;

    usage_sink_html(sink,
                    "<details><summary>The same numbers as a table</summary>\n"
                    "<table aria-labelledby=\"chart-title\"><thead><tr>"
                    "<th scope=\"col\">Beginning (%s)</th>"
                    "<th scope=\"col\" class=\"number\">Views</th>",
                    sink->zone->name);
    visitors_head(sink, query->grain);
    usage_sink_html(sink, "</tr></thead>\n<tbody>\n");
    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];

        if (usage_query_is_ahead(query, point->start)) {
            break;
        }
        point_render(sink, query->grain, point);
    }
    usage_sink_html(sink, "</tbody></table>\n");
    visitors_note(sink, query->grain);
    usage_sink_html(sink, "</details>\n");
}
