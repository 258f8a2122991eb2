/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chart and the bars. Places are counted in hundred-thousandths of the
 * drawing's width or height, from its upper left corner:
 *
 *      y   +-------------------------+ 0
 *     2k --|.........................| grid, one line a step
 *     1k --|......##.................|
 *      0 --+--##--##--//-------------+ FULL
 *          |  x       |  x           |
 *          0          running        FULL
 */
#include "svg.h"

#include <stdbool.h>

#include "bars.h"
#include "drawing.h"
#include "flags.h"
#include "lines.h"
#include "measure.h"
#include "words.h"

enum {
    FULL = 100000,
    TICKS_MAX = 6, /* of the x axis */
    DOTTED = 100 /* points of a line that are dots, too */
};

/** The part of the x axis that belongs to a point. */
typedef struct bar_slot_t {
    apr_int64_t left;
    apr_int64_t width;
} bar_slot_t;

static bar_slot_t slot_of(int i, int count)
{
    apr_int64_t left = (apr_int64_t)FULL * i / count;
    apr_int64_t right = (apr_int64_t)FULL * (i + 1) / count;

    return (bar_slot_t){ .left = left, .width = right - left };
}

static void axis_draw(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_axis_t *axis = &drawing->axis;

    for (int i = 0; i <= axis->steps; i++) {
        apr_int64_t y = FULL - (apr_int64_t)FULL * i / axis->steps;

        usage_sink_html(sink,
                        "<line class=\"%s\" x2=\"100%%\" y1=\"%c\" y2=\"%c\"/>"
                        "<text class=\"y\" x=\"-8\" y=\"%c\" dy=\".32em\">",
                        i == 0 ? "base" : "grid", y, y, y);
        usage_measure_tick(sink, drawing->metric, axis->step * i, axis->step);
        usage_sink_html(sink, "</text>\n");
    }
}

static void title_put(usage_sink_t *sink, const usage_drawing_t *drawing,
                      const usage_point_t *point)
{
    usage_words_interval(sink, drawing->query->grain, point->start);
    usage_sink_html(sink, ": ");
    usage_measure_say(sink, drawing->query,
                      usage_drawing_measure(drawing, point));
    if (point->is_running) {
        usage_sink_html(sink, " ");
        usage_sink_say(sink, "so far");
    }
}

static void was_title_put(usage_sink_t *sink, const usage_drawing_t *drawing,
                          int i)
{
    const usage_model_t *model = drawing->model;

    if (i < model->compared_count && usage_query_is_compared(drawing->query)) {
        usage_sink_html(sink, "; ");
        usage_sink_say(sink, "before:");
        usage_sink_html(sink, " ");
        usage_measure_put(
            sink, drawing->metric,
            usage_drawing_measure(drawing, &model->compared_points[i]));
    }
}

static void dots_draw(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;

    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];
        bar_slot_t slot = slot_of(i, model->points_count);
        apr_int64_t height = usage_ratio(usage_drawing_measure(drawing, point),
                                         drawing->top, FULL);

        if (point->values.of[USAGE_VISITS] > 0) {
            usage_sink_html(
                sink, "<circle class=\"dot\" cx=\"%c\" cy=\"%c\" r=\"3\"/>",
                slot.left + slot.width / 2, FULL - height);
        }
    }
}

/* A slot is as high as the drawing, since low bars are hard to point at: in a
 * drawing of its own, of as many units, each is one wide by the stylesheet. */
static void slots_draw(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;

    usage_sink_html(sink,
                    "<svg class=\"slots\" viewBox=\"0 0 %d 1\" "
                    "preserveAspectRatio=\"none\">",
                    (apr_int64_t)model->points_count);
    for (int i = 0; i < model->points_count; i++) {
        usage_sink_html(sink, "<rect x=\"%d\"><title>", (apr_int64_t)i);
        title_put(sink, drawing, &model->points[i]);
        was_title_put(sink, drawing, i);
        usage_sink_html(sink, "</title></rect>");
    }
    usage_sink_html(sink, "</svg>\n");
}

/* Some of the intervals, evenly; every other one is `minor`. */
static void ticks_draw(usage_sink_t *sink, const usage_model_t *model)
{
    int count = model->points_count;
    int stride = (count + TICKS_MAX - 1) / TICKS_MAX;

    for (int i = 0; i < count; i += stride) {
        bar_slot_t slot = slot_of(i, count);

        usage_sink_html(sink,
                        "<text class=\"x%s\" x=\"%c\" y=\"100%%\""
                        " dy=\"1.6em\">",
                        i / stride % 2 ? " minor" : "",
                        slot.left + slot.width / 2);
        usage_words_tick(sink, model->query->grain, model->points[i].start);
        usage_sink_html(sink, "</text>");
    }
}

/* The drawing's fill: what no class of the stylesheet fills is striped. */
static void stripes_define(usage_sink_t *sink)
{
    usage_sink_html(sink,
                    "<defs><pattern id=\"stripes\" width=\"6\" height=\"6\""
                    " patternUnits=\"userSpaceOnUse\""
                    " patternTransform=\"rotate(45)\">"
                    "<rect class=\"bar\" width=\"3\" height=\"6\"/>"
                    "</pattern></defs>\n");
}

/* What a reader who can't see the drawing needs to know of it. */
static void label_put(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;

    usage_sink_html(sink, "%w. ",
                    *drawing->query->counted
                        ? N_("Count")
                        : usage_metric_label(drawing->metric));
    if (model->flags.count > 0) {
        usage_sink_say(sink,
                       model->flags.count == 1 ? N_("%n mark, listed below.")
                                               : N_("%n marks, listed below."),
                       (apr_int64_t)model->flags.count);
        usage_sink_html(sink, " ");
    }
    if (!drawing->greatest
        || usage_drawing_measure(drawing, drawing->greatest) <= 0) {
        usage_sink_say(sink, "There are none.");
        return;
    }
    usage_sink_html(sink, "%w ", N_("The most:"));
    title_put(sink, drawing, drawing->greatest);
    usage_sink_html(sink, ". %w",
                    N_("All numbers are in the table that follows."));
}

void usage_svg_chart(usage_sink_t *sink, const usage_model_t *model)
{
    usage_drawing_t drawing = usage_drawing_of(model);

    usage_sink_html(sink,
                    "<svg class=\"chart%s\" role=\"img\" width=\"100%%\""
                    " height=\"240\" fill=\"url(#stripes)\" aria-label=\"",
                    model->points_count > USAGE_BARS_DENSE ? " dense" : "");
    label_put(sink, &drawing);
    usage_sink_html(sink, "\">\n");
    stripes_define(sink);
    axis_draw(sink, &drawing);
    usage_lines_compared(sink, &drawing);
    if (usage_measure_is_count(drawing.metric)) {
        usage_bars_draw(sink, &drawing);
    }
    else {
        usage_lines_draw(sink, &drawing);
    }
    if (!usage_measure_is_count(drawing.metric)
        && model->points_count <= DOTTED) {
        dots_draw(sink, &drawing);
    }
    slots_draw(sink, &drawing);
    ticks_draw(sink, model);
    usage_flags_draw(sink, model);
    usage_sink_html(sink, "</svg>\n");
}

void usage_svg_share(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole)
{
    usage_sink_html(sink,
                    "<svg class=\"share\" aria-hidden=\"true\">"
                    "<rect width=\"%c\"/></svg>",
                    usage_ratio(part, whole, FULL));
}
