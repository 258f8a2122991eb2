/* SPDX-License-Identifier: Apache-2.0 */
/* A shade is a class, h1 to h4, by how much of the busiest hour it is. */
#include "heat_panel.h"

#include "panel.h"
#include "words.h"

enum { WEEKDAYS = 7, HOURS = 24, SHADES = 5, THOUSAND = 1000 };

static const char *const weekdays[WEEKDAYS] = {
    N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
    N_("Friday"), N_("Saturday"), N_("Sunday"),
};

/* A cell is narrow: thousands have their letter. */
static void number_put(usage_sink_t *sink, apr_int64_t views)
{
    if (views < 10 * THOUSAND) {
        usage_sink_html(sink, "%d", views);
    }
    else if (views < 10 * THOUSAND * THOUSAND) {
        usage_sink_html(sink, "%dk", views / THOUSAND);
    }
    else {
        usage_sink_html(sink, "%dM", views / THOUSAND / THOUSAND);
    }
}

static void cell_put(usage_sink_t *sink, const usage_heat_t *heat,
                     apr_int64_t views)
{
    apr_int64_t shade = usage_ratio(views, heat->greatest, SHADES);

    if (views <= 0) {
        usage_sink_html(sink, "<td>0</td>");
        return;
    }
    shade = shade >= SHADES ? SHADES - 1 : shade;
    usage_sink_html(sink, shade > 0 ? "<td class=\"h%d\">" : "<td>", shade);
    number_put(sink, views);
    usage_sink_html(sink, "</td>");
}

static void rows_put(usage_sink_t *sink, const usage_heat_t *heat)
{
    for (int day = 0; day < WEEKDAYS; day++) {
        usage_sink_html(sink, "<tr><th scope=\"row\">%w</th>", weekdays[day]);
        for (int hour = 0; hour < HOURS; hour++) {
            cell_put(sink, heat, heat->views[day][hour]);
        }
        usage_sink_html(sink, "</tr>");
    }
}

void usage_heat_panel_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_heat_t *heat = &model->heat;

    if (heat->greatest <= 0) {
        return;
    }
    usage_panel_begin(sink, "heat", N_("Hours of the week"),
                      N_("All views by weekday and hour, whatever the "
                         "filters: the darker, the more."));
    usage_sink_html(sink, "<div class=\"scroll\" tabindex=\"0\" "
                          "role=\"region\" aria-labelledby=\"heat-title\">"
                          "<table aria-labelledby=\"heat-title\">"
                          "<thead><tr><th scope=\"col\">");
    usage_sink_say(sink, "Hour (%s)", sink->zone->name);
    usage_sink_html(sink, "</th>");
    for (int hour = 0; hour < HOURS; hour++) {
        usage_sink_html(sink, "<th scope=\"col\">%d</th>", (apr_int64_t)hour);
    }
    usage_sink_html(sink, "</tr></thead>\n<tbody>\n");
    rows_put(sink, heat);
    usage_sink_html(sink, "</tbody></table></div>\n<p><small>");
    usage_sink_say(sink,
                   usage_query_is_filtered(model->query)
                       ? N_("All views from %t to %t, whatever the filters")
                       : N_("Views from %t to %t"),
                   heat->from, heat->to);
    usage_sink_html(sink, "</small></p></section>\n");
}
