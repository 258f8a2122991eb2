/* SPDX-License-Identifier: Apache-2.0 */
/* A row for each interval: views, visitors of a day, the chart's own metric,
 * and what that was before. */
#include "numbers.h"

#include "measure.h"
#include "words.h"

/* A visitor is one of a day, so that hours have none and a month has those of
 * an average day. */
static void visitors_put(usage_sink_t *sink, usage_grain_e grain,
                         const usage_point_t *point)
{
    apr_int64_t visitors = point->values.of[USAGE_VISITORS];

    usage_sink_html(sink, "<td>");
    if (grain == USAGE_GRAIN_MONTH) {
        usage_words_average(sink, visitors, point->days);
    }
    else {
        usage_words_grouped(sink, visitors);
    }
    usage_sink_html(sink, "</td>");
}

static bool has_visitors(const usage_model_t *model)
{
    return model->has_visitors && !*model->query->counted
           && model->query->grain != USAGE_GRAIN_BASE;
}

/* Whether the chart's metric has no column yet. */
static bool has_metric(const usage_query_t *query)
{
    return !*query->counted && query->metric != USAGE_METRIC_VIEWS
           && (query->metric != USAGE_METRIC_VISITORS
               || query->grain == USAGE_GRAIN_BASE);
}

static bool has_was(const usage_model_t *model)
{
    return usage_query_is_compared(model->query) && model->compared_count > 0;
}

static void measure_put(usage_sink_t *sink, const usage_query_t *query,
                        const usage_point_t *point)
{
    usage_sink_html(sink, "<td>");
    usage_measure_put(sink,
                      *query->counted ? USAGE_METRIC_VIEWS : query->metric,
                      usage_measure_point(query, point));
    usage_sink_html(sink, "</td>");
}

static void point_render(usage_sink_t *sink, const usage_model_t *model, int i)
{
    const usage_query_t *query = model->query;
    const usage_point_t *point = &model->points[i];

    usage_sink_html(sink, "<tr><th scope=\"row\">");
    usage_words_interval(sink, query->grain, point->start);
    if (point->is_running) {
        usage_sink_html(sink, ", %w", N_("so far"));
    }
    usage_sink_html(sink, "</th><td>%n</td>", point->values.of[USAGE_VIEWS]);
    if (has_visitors(model)) {
        visitors_put(sink, query->grain, point);
    }
    if (has_metric(query)) {
        measure_put(sink, query, point);
    }
    if (has_was(model) && i < model->compared_count) {
        measure_put(sink, query, &model->compared_points[i]);
    }
    else if (has_was(model)) {
        usage_sink_html(sink, "<td></td>");
    }
    usage_sink_html(sink, "</tr>");
}

static void head_put(usage_sink_t *sink, const char *word)
{
    usage_sink_html(sink, "<th scope=\"col\">%w</th>", word);
}

static void heads_put(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_query_t *query = model->query;

    usage_sink_html(sink, "<thead><tr><th scope=\"col\">");
    usage_sink_say(sink, "Beginning (%s)", sink->zone->name);
    usage_sink_html(sink, "</th>");
    head_put(sink, *query->counted ? N_("Count") : N_("Views"));
    if (has_visitors(model)) {
        head_put(sink, query->grain == USAGE_GRAIN_MONTH ? N_("Visitors a day")
                                                         : N_("Visitors"));
    }
    if (has_metric(query)) {
        head_put(sink, usage_metric_label(query->metric));
    }
    if (has_was(model)) {
        head_put(sink, N_("Compared"));
    }
    usage_sink_html(sink, "</tr></thead>\n");
}

static void visitors_note(usage_sink_t *sink, const usage_model_t *model)
{
    if (!has_visitors(model)) {
        return;
    }
    usage_sink_html(sink, "<p><small>%w",
                    N_("A visitor is known for one day: who comes "
                       "on two is one on each."));
    if (model->query->grain == USAGE_GRAIN_MONTH) {
        usage_sink_html(sink, " %w",
                        N_("A month has those of an average day with hits."));
    }
    usage_sink_html(sink, "</small></p>\n");
}

void usage_numbers_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink,
                    "<details class=\"numbers\"><summary>%w</summary>\n"
                    "<table aria-labelledby=\"chart-title\">",
                    N_("The same numbers as a table"));
    heads_put(sink, model);
    usage_sink_html(sink, "<tbody>\n");
    for (int i = 0; i < model->points_count; i++) {
        if (usage_query_is_ahead(model->query, model->points[i].start)) {
            break;
        }
        point_render(sink, model, i);
    }
    usage_sink_html(sink, "</tbody></table>\n");
    visitors_note(sink, model);
    usage_sink_html(sink, "</details>\n");
}
