/* SPDX-License-Identifier: Apache-2.0 */
/* Distinct things of a day. A day's are not added up with another's: who is met
 * on two is one on each. */
#include "things.h"

#include "panel.h"
#include "words.h"

static void row_render(usage_sink_t *sink, const usage_distinct_t *row)
{
    usage_sink_html(sink,
                    "<tr><th scope=\"row\"><bdi>%s</bdi></th>"
                    "<td>%n</td><td>%n</td><td>",
                    row->category, row->today, row->yesterday);
    usage_words_average(sink, row->period, row->days);
    usage_sink_html(sink, "</td></tr>\n");
}

void usage_things_render(usage_sink_t *sink, const usage_model_t *model)
{
    static const char *const heads[] = { N_("Of category"), N_("Today"),
                                         N_("Yesterday"), N_("Average day") };
    const usage_distincts_t *distincts = &model->distincts;

    if (distincts->count == 0) {
        return;
    }
    usage_panel_begin(sink, "distinct", N_("Distinct by the day"),
                      N_("How many different ones of a category came on a "
                         "day: users, and what modules meet."));
    usage_sink_html(sink, "<table aria-labelledby=\"distinct-title\"><thead>"
                          "<tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        usage_sink_html(sink, "<th scope=\"col\">%w</th>", heads[i]);
    }
    usage_sink_html(sink, "</tr></thead>\n<tbody>\n");
    for (int i = 0; i < distincts->count; i++) {
        row_render(sink, &distincts->rows[i]);
    }
    usage_sink_html(sink, "</tbody></table>\n</section>\n");
}
