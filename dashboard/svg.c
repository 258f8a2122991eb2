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

#include "flags.h"
#include "words.h"

enum {
    FULL = 100000,
    BAR_MAX = FULL / 14, /* widest bar */
    BAR_MIN = FULL / 250, /* lowest bar of a view or more: about a pixel */
    STEPS_MAX = 4, /* of the y axis */
    TICKS_MAX = 6, /* of the x axis */
    DENSE = 200 /* points that leave no room for gaps */
};

/** Keeps the axis' arithmetic in 64 bits, whatever a database says. */
#define GREATEST_MAX APR_INT64_C(1000000000000000000)

/** The y axis: @a steps steps of a round number. */
typedef struct usage_axis_t {
    apr_int64_t step;
    int steps;
} usage_axis_t;

/** The part of the x axis that belongs to a point. */
typedef struct bar_slot_t {
    apr_int64_t left;
    apr_int64_t width;
    apr_int64_t bar; /**< width of the bar in its middle */
} bar_slot_t;

static apr_int64_t views_of(const usage_point_t *point)
{
    return point->values.of[USAGE_VIEWS];
}

static const usage_point_t *greatest_find(const usage_model_t *model)
{
    const usage_point_t *greatest = NULL;

    for (int i = 0; i < model->points_count; i++) {
        if (!greatest || views_of(&model->points[i]) > views_of(greatest)) {
            greatest = &model->points[i];
        }
    }
    return greatest;
}

/* Steps are 1, 2 or 5 times a power of ten. */
static usage_axis_t axis_fit(apr_int64_t greatest)
{
    static const int factors[] = { 1, 2, 5 };
    apr_int64_t bounded = greatest < GREATEST_MAX ? greatest : GREATEST_MAX;
    apr_int64_t last = bounded > 0 ? bounded - 1 : 0;
    apr_int64_t power = 1;
    apr_int64_t step = 1;

    for (int i = 1; last / step >= STEPS_MAX; i++) {
        power *= i % 3 == 0 ? 10 : 1;
        step = power * factors[i % 3];
    }
    return (usage_axis_t){ .step = step, .steps = (int)(last / step) + 1 };
}

static bar_slot_t slot_of(int i, int count)
{
    apr_int64_t left = (apr_int64_t)FULL * i / count;
    apr_int64_t right = (apr_int64_t)FULL * (i + 1) / count;
    apr_int64_t bar = (right - left) * (count > DENSE ? 5 : 4) / 5;

    return (bar_slot_t){
        .left = left,
        .width = right - left,
        .bar = bar < BAR_MAX ? bar : BAR_MAX,
    };
}

static void axis_draw(usage_sink_t *sink, const usage_axis_t *axis)
{
    static const char *const units[] = { "", "k", "M", "B" };
    apr_int64_t unit = 1;
    int name = 0;

    while (axis->step / unit >= 1000 && name < 3) {
        unit *= 1000;
        name++;
    }
    for (int i = 0; i <= axis->steps; i++) {
        apr_int64_t y = FULL - (apr_int64_t)FULL * i / axis->steps;

        usage_sink_html(sink,
                        "<line class=\"%s\" x2=\"100%%\" y1=\"%c\" y2=\"%c\"/>"
                        "<text class=\"y\" x=\"-8\" y=\"%c\" dy=\".32em\">"
                        "%n%s</text>\n",
                        i == 0 ? "base" : "grid", y, y, y,
                        axis->step / unit * i, i == 0 ? "" : units[name]);
    }
}

static void title_put(usage_sink_t *sink, usage_grain_e grain,
                      const usage_point_t *point)
{
    usage_words_interval(sink, grain, point->start);
    usage_sink_html(sink, ": %n %s%s", views_of(point),
                    views_of(point) == 1 ? "view" : "views",
                    point->is_running ? " so far" : "");
}

static void bar_draw(usage_sink_t *sink, const bar_slot_t *slot,
                     const usage_point_t *point, apr_int64_t top)
{
    apr_int64_t height = usage_ratio(views_of(point), top, FULL);

    if (views_of(point) <= 0) {
        return;
    }
    height = height > BAR_MIN ? height : BAR_MIN;
    usage_sink_html(sink,
                    "<rect class=\"%s\" x=\"%c\" y=\"%c\" width=\"%c\""
                    " height=\"%c\"/>",
                    point->is_running ? "running" : "bar",
                    slot->left + (slot->width - slot->bar) / 2, FULL - height,
                    slot->bar, height);
}

/* A slot is as high as the drawing, since low bars are hard to point at. */
static void points_draw(usage_sink_t *sink, const usage_model_t *model,
                        const usage_axis_t *axis)
{
    apr_int64_t top = axis->step * axis->steps;

    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];
        bar_slot_t slot = slot_of(i, model->points_count);

        usage_sink_html(sink, "<g><title>");
        title_put(sink, model->query->grain, point);
        usage_sink_html(sink,
                        "</title><rect class=\"slot\" x=\"%c\" width=\"%c\""
                        " height=\"100%%\"/>",
                        slot.left, slot.width);
        bar_draw(sink, &slot, point, top);
        usage_sink_html(sink, "</g>\n");
    }
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
static void label_put(usage_sink_t *sink, const usage_model_t *model,
                      const usage_point_t *greatest)
{
    usage_sink_html(sink, "Bar chart of views. ");
    if (model->flags.count > 0) {
        usage_sink_html(sink, "%n %s, listed below. ",
                        (apr_int64_t)model->flags.count,
                        model->flags.count == 1 ? "mark" : "marks");
    }
    if (!greatest || views_of(greatest) <= 0) {
        usage_sink_html(sink, "There are none.");
        return;
    }
    usage_sink_html(sink, "The most: ");
    title_put(sink, model->query->grain, greatest);
    usage_sink_html(sink, ". All numbers are in the table that follows.");
}

void usage_svg_chart(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_point_t *greatest = greatest_find(model);
    usage_axis_t axis = axis_fit(greatest ? views_of(greatest) : 0);

    usage_sink_html(sink,
                    "<svg class=\"chart%s\" role=\"img\" width=\"100%%\""
                    " height=\"240\" fill=\"url(#stripes)\" aria-label=\"",
                    model->points_count > DENSE ? " dense" : "");
    label_put(sink, model, greatest);
    usage_sink_html(sink, "\">\n");
    stripes_define(sink);
    axis_draw(sink, &axis);
    points_draw(sink, model, &axis);
    ticks_draw(sink, model);
    usage_flags_draw(sink, model);
    usage_sink_html(sink, "</svg>\n");
}

void usage_svg_share(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole)
{
    usage_sink_html(sink,
                    "<svg class=\"share\" aria-hidden=\"true\">"
                    "<rect width=\"%c\" height=\"100%%\"/></svg>",
                    usage_ratio(part, whole, FULL));
}
