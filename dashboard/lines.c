/* SPDX-License-Identifier: Apache-2.0 */
/* Lines lie in a drawing of their own, in thousandths, which is stretched to
 * the size of that around it. */
#include "lines.h"

#include "measure.h"
#include "words.h"

enum { LINE = 1000, SPARK = 20 };

static apr_int64_t line_y(const usage_drawing_t *drawing,
                          const usage_point_t *point)
{
    return LINE
           - usage_ratio(usage_drawing_measure(drawing, point), drawing->top,
                         LINE);
}

static void lines_begin(usage_sink_t *sink, const char *kind)
{
    usage_sink_html(sink,
                    "<svg class=\"lines\" viewBox=\"0 0 1000 1000\" "
                    "preserveAspectRatio=\"none\"><path class=\"%s\" d=\"",
                    kind);
}

static void lines_end(usage_sink_t *sink)
{
    usage_sink_html(sink, "\"/></svg>\n");
}

/* From the middle of a slot to that of the next. */
static void line_draw(usage_sink_t *sink, const usage_drawing_t *drawing,
                      const usage_point_t *points, int from, int to)
{
    int count = drawing->model->points_count;

    for (int i = from; i < to; i++) {
        apr_int64_t x = (apr_int64_t)LINE * (2 * i + 1) / (2 * count);

        usage_sink_html(sink, "%s%d %d", i == from ? "M" : " ", x,
                        line_y(drawing, &points[i]));
    }
}

/* The outline of what bars there would be, without gaps. */
static void steps_draw(usage_sink_t *sink, const usage_drawing_t *drawing,
                       const usage_point_t *points, int count)
{
    int whole = drawing->model->points_count;

    usage_sink_html(sink, "M0 1000");
    for (int i = 0; i < count; i++) {
        usage_sink_html(sink, "V%dH%d", line_y(drawing, &points[i]),
                        (apr_int64_t)LINE * (i + 1) / whole);
    }
    usage_sink_html(sink, "V1000Z");
}

void usage_lines_compared(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;
    int count = model->compared_count < model->points_count
                    ? model->compared_count
                    : model->points_count;

    if (count == 0 || !usage_query_is_compared(drawing->query)) {
        return;
    }
    if (usage_measure_is_count(drawing->metric)) {
        lines_begin(sink, "was");
        steps_draw(sink, drawing, model->compared_points, count);
    }
    else {
        lines_begin(sink, "was line");
        line_draw(sink, drawing, model->compared_points, 0, count);
    }
    lines_end(sink);
}

void usage_lines_draw(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;
    int whole = 0;

    while (
        whole < model->points_count && !model->points[whole].is_running
        && !usage_query_is_ahead(drawing->query, model->points[whole].start)) {
        whole++;
    }
    lines_begin(sink, "line");
    line_draw(sink, drawing, model->points, 0, whole);
    lines_end(sink);
    if (whole > 0 && whole < model->points_count
        && model->points[whole].is_running) {
        lines_begin(sink, "line dotted");
        line_draw(sink, drawing, model->points, whole - 1, whole + 1);
        lines_end(sink);
    }
}

/* One interval alone is level. */
void usage_lines_spark(usage_sink_t *sink, const apr_int64_t *course, int count)
{
    apr_int64_t most = 1;
    apr_int64_t last = 0;

    for (int i = 0; i < count; i++) {
        most = course[i] > most ? course[i] : most;
    }
    usage_sink_html(sink,
                    "<svg class=\"spark\" viewBox=\"0 0 %d 20\" "
                    "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                    "<path d=\"",
                    (apr_int64_t)(count > 1 ? count - 1 : 1));
    for (int i = 0; i < count; i++) {
        apr_int64_t y = SPARK - usage_ratio(course[i], most, SPARK);

        if (i == 0) {
            usage_sink_html(sink, "M0 %d", y);
        }
        else {
            usage_sink_html(sink, i == 1 ? "l1" : " 1");
            usage_sink_html(sink, y < last ? "%d" : " %d", y - last);
        }
        last = y;
    }
    usage_sink_html(sink, count == 1 ? "h1\"/></svg>" : "\"/></svg>");
}
