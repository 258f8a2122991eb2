/* SPDX-License-Identifier: Apache-2.0 */
/* What stands around the drawing. */
#include "chart_panel.h"

#include "bar.h"
#include "measure.h"
#include "numbers.h"
#include "svg.h"

enum { HOUR = 60 * 60 };

static const char *title_of(const usage_query_t *query)
{
    static const char *const titles[USAGE_GRAINS] = {
        [USAGE_GRAIN_DAY] = N_("by day"),
        [USAGE_GRAIN_MONTH] = N_("by month"),
    };

    if (query->grain != USAGE_GRAIN_BASE) {
        return titles[query->grain];
    }
    return query->interval == HOUR ? N_("by hour") : N_("by interval");
}

static const char *label_of(const usage_query_t *query)
{
    return query->metric == USAGE_METRIC_VISITORS
                   && query->grain == USAGE_GRAIN_MONTH
               ? N_("Visitors a day")
               : usage_metric_label(query->metric);
}

static void title_put(usage_sink_t *sink, const usage_query_t *query)
{
    usage_sink_html(sink, "<h2 id=\"chart-title\">");
    if (*query->counted) {
        usage_sink_html(sink, "<bdi>%s</bdi>%s<bdi>%s</bdi>", query->counted,
                        *query->name ? ": " : "", query->name);
    }
    else {
        usage_sink_html(sink, "%w", label_of(query));
    }
    usage_sink_html(sink, " %w</h2>\n", title_of(query));
}

/* Why there is no chart, and what to do next. */
static void emptiness_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<div class=\"empty\">\n<p>");
    if (usage_query_is_filtered(model->query) || *model->query->counted) {
        usage_sink_say(sink, "<strong>Nothing in this period is so.</strong> "
                             "Take off a filter, or choose a longer one.");
    }
    else if (model->hits > 0) {
        usage_sink_say(sink,
                       "<strong>No views in this period.</strong> "
                       "%n hits came, but none was a view; what became of "
                       "them is below.",
                       model->hits);
    }
    else if (model->sites_count > 0) {
        usage_sink_say(sink,
                       "<strong>Nothing was counted in this period."
                       "</strong> Look at <a href=\"?period=%s\">all time, "
                       "all sites</a>.",
                       usage_period_word(USAGE_PERIOD_ALL));
    }
    else {
        usage_sink_say(sink,
                       "<strong>Nothing has been counted yet.</strong> "
                       "Open a page of your site in another tab, then reload "
                       "this one: a view shows at once.");
        usage_sink_html(sink, "</p>\n<p>");
        usage_sink_say(sink, "If it doesn\xE2\x80\x99t, see that the "
                             "site\xE2\x80\x99s virtual host says <code>Usage "
                             "On</code>, and look for <code>USG</code> in the "
                             "error log.");
    }
    usage_sink_html(sink, "</p>\n</div>\n");
}

/* Whether the numbers are those of days that begin at several times. */
static bool has_zones(const usage_query_t *query)
{
    return *query->site == '\0' && query->grain != USAGE_GRAIN_BASE
           && query->zones->all->nelts > 1;
}

static bool has_running(const usage_model_t *model)
{
    for (int i = 0; i < model->points_count; i++) {
        if (model->points[i].is_running) {
            return true;
        }
    }
    return false;
}

static void caption_put(usage_sink_t *sink, const usage_model_t *model)
{
    bool is_bars =
        *model->query->counted || usage_measure_is_count(model->query->metric);

    usage_sink_html(sink, "<figcaption>");
    if (has_running(model)) {
        usage_sink_html(sink, "%w ",
                        is_bars ? N_("The striped bar is still counting.")
                                : N_("The dotted end is still counting."));
    }
    if (usage_query_is_compared(model->query) && model->compared_count > 0) {
        usage_sink_html(sink, "%w ",
                        N_("Lighter, behind: the compared period."));
    }
    if (sink->zone == &usage_zone_utc) {
        usage_sink_say(sink, "All times are UTC.");
    }
    else {
        usage_sink_say(sink, "All times are those of %s.", sink->zone->name);
    }
    if (has_zones(model->query)) {
        usage_sink_html(sink, " %w",
                        N_("A day is each site\xE2\x80\x99s own."));
    }
    usage_sink_html(sink, "</figcaption>\n");
}

void usage_chart_panel_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<section id=\"chart\">"
                          "<div class=\"head\">");
    title_put(sink, model->query);
    usage_bar_intervals(sink, model->query);
    usage_sink_html(sink, "</div>\n");
    if (model->period.of[USAGE_VIEWS] > 0) {
        usage_sink_html(sink, "<figure>\n");
        usage_svg_chart(sink, model);
        caption_put(sink, model);
        usage_sink_html(sink, "</figure>\n");
        usage_numbers_render(sink, model);
    }
    else {
        emptiness_render(sink, model);
    }
    usage_sink_html(sink, "</section>\n");
}
