/* SPDX-License-Identifier: Apache-2.0 */
/* Distinct things of a day. A day's are not added up with another's: who is met
 * on two is one on each. */
#include "things.h"

#include "words.h"

static void row_render(usage_sink_t *sink, const usage_model_t *model,
                       const usage_distinct_t *row)
{
    usage_sink_html(sink,
                    "<tr><th scope=\"row\"><bdi dir=\"ltr\">%s</bdi></th>"
                    "<td>%n</td><td>%n</td><td>",
                    row->category, row->today, row->yesterday);
    usage_words_average(sink, row->period,
                        model->days > row->days ? model->days : row->days);
    usage_sink_html(sink, "</td></tr>\n");
}

void usage_things_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_distincts_t *distincts = &model->distincts;

    if (distincts->count == 0) {
        return;
    }
    usage_sink_html(sink,
                    "<section class=\"panel distinct\" "
                    "aria-labelledby=\"distinct-title\">"
                    "<h2 id=\"distinct-title\">Distinct by the day</h2>\n"
                    "<table aria-labelledby=\"distinct-title\"><thead><tr>"
                    "<th scope=\"col\">Of category</th>"
                    "<th scope=\"col\" class=\"number\">Today</th>"
                    "<th scope=\"col\" class=\"number\">Yesterday</th>"
                    "<th scope=\"col\" class=\"number\">Average day</th>"
                    "</tr></thead>\n<tbody>\n");
    for (int i = 0; i < distincts->count; i++) {
        row_render(sink, model, &distincts->rows[i]);
    }
    usage_sink_html(sink, "</tbody></table>\n</section>\n");
}
