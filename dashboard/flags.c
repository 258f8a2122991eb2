/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks, drawn and listed. Their texts come from outside: they are isolated in
 * the list, and the sink escapes them.
 */
#include "flags.h"

#include "panel.h"
#include "words.h"

/* Marks that are listed, and that a flag's title names. */
#define LISTED 50
#define NAMED  8

#define FULL APR_INT64_C(100000)

static const char *site_of(const usage_sink_t *sink,
                           const usage_mark_row_t *mark)
{
    return *mark->site ? mark->site
                       : usage_translate(sink->language, N_("all sites"));
}

static void title_put(usage_sink_t *sink, const usage_flag_t *flags, int count)
{
    int named = count < NAMED ? count : NAMED;

    usage_sink_html(sink, "<title>");
    for (int i = 0; i < named; i++) {
        const usage_mark_row_t *mark = &flags[i].mark;

        usage_sink_html(sink, "%s%T: %s (%s, %s)", i > 0 ? "; " : "",
                        mark->time, mark->name, mark->category,
                        site_of(sink, mark));
    }
    if (count > named) {
        usage_sink_html(sink, "; ");
        usage_sink_say(sink, "and %n more", (apr_int64_t)count - named);
    }
    usage_sink_html(sink, "</title>");
}

/* A pole with a cloth of fixed size at its top, wherever it stands. */
static void flag_draw(usage_sink_t *sink, const usage_model_t *model, int point,
                      const usage_flag_t *flags, int count)
{
    apr_int64_t x = FULL * (2 * (apr_int64_t)point + 1)
                    / (2 * (apr_int64_t)model->points_count);

    usage_sink_html(sink, "<g class=\"flag\">");
    title_put(sink, flags, count);
    usage_sink_html(sink,
                    "<line x1=\"%c\" x2=\"%c\" y1=\"-12\" y2=\"100%%\"/>"
                    "<rect x=\"%c\" y=\"-12\" width=\"9\" height=\"7\"/>"
                    "</g>\n",
                    x, x, x);
}

/* Both are in order: points the oldest first, flags the newest first. */
void usage_flags_draw(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_flag_t *flags = model->flags.rows;
    int at = model->flags.count;

    for (int i = 0; i < model->points_count; i++) {
        int end = at;

        while (at > 0 && flags[at - 1].start <= model->points[i].start) {
            at--;
            end = flags[at].start < model->points[i].start ? at : end;
        }
        if (end > at) {
            flag_draw(sink, model, i, &flags[at], end - at);
        }
    }
}

static void row_put(usage_sink_t *sink, const usage_mark_row_t *mark)
{
    usage_sink_html(sink,
                    "<tr><td>%T</td><th scope=\"row\"><bdi>%s</bdi></th>"
                    "<td><bdi>%s</bdi></td><td>",
                    mark->time, mark->name, mark->category);
    if (*mark->site) {
        usage_sink_html(sink, "<bdi>%s</bdi></td></tr>\n", mark->site);
    }
    else {
        usage_sink_html(sink, "%w</td></tr>\n", N_("all sites"));
    }
}

void usage_flags_list(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_flags_t *flags = &model->flags;
    int listed = flags->count < LISTED ? flags->count : LISTED;

    if (flags->count == 0) {
        return;
    }
    usage_panel_begin(sink, "marks", N_("Marks"),
                      N_("Named points in time, flags on the chart."));
    usage_sink_html(sink,
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                    "aria-labelledby=\"marks-title\">"
                    "<table aria-labelledby=\"marks-title\"><thead><tr>"
                    "<th scope=\"col\">");
    usage_sink_say(sink, "Time (%s)", sink->zone->name);
    usage_sink_html(sink,
                    "</th><th scope=\"col\">%w</th><th scope=\"col\">%w</th>"
                    "<th scope=\"col\">%w</th></tr></thead>\n<tbody>\n",
                    N_("Mark"), N_("Category"), N_("Site"));
    for (int i = 0; i < listed; i++) {
        row_put(sink, &flags->rows[i].mark);
    }
    if (flags->count > listed) {
        usage_sink_html(sink, "<tr class=\"rest\"><th scope=\"row\" "
                              "colspan=\"4\">");
        usage_sink_say(sink, "and %n older",
                       (apr_int64_t)flags->count - listed);
        usage_sink_html(sink, "</th></tr>\n");
    }
    usage_sink_html(sink, "</tbody></table></div>\n</section>\n");
}
