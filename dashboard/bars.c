/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bars lie in a drawing of their own, which is stretched to the size of that
 * around it: a path is a fifth of what as many rectangles would be. The
 * running one can't lie there, for its stripes would be stretched, too.
 */
#include "bars.h"

#include "words.h"

enum {
    WIDTH = 20000,
    HEIGHT = 1000,
    PERCENT = 100000, /* for %c */
    BAR_MAX = WIDTH / 14, /* widest bar */
    BAR_MIN = HEIGHT / 250 /* lowest bar of a view or more: about a pixel */
};

/** A bar's place, from the upper left corner. */
typedef struct bar_t {
    apr_int64_t left;
    apr_int64_t width;
    apr_int64_t top;
} bar_t;

static bar_t bar_of(const usage_drawing_t *drawing, int i)
{
    int count = drawing->model->points_count;
    apr_int64_t left = (apr_int64_t)WIDTH * i / count;
    apr_int64_t slot = (apr_int64_t)WIDTH * (i + 1) / count - left;
    apr_int64_t width = slot * (count > USAGE_BARS_DENSE ? 5 : 4) / 5;
    apr_int64_t height =
        usage_ratio(usage_drawing_measure(drawing, &drawing->model->points[i]),
                    drawing->top, HEIGHT);

    width = width < BAR_MAX ? width : BAR_MAX;
    height = height > BAR_MIN ? height : BAR_MIN;
    return (bar_t){ .left = left + (slot - width) / 2,
                    .width = width,
                    .top = HEIGHT - height };
}

static bool is_something(const usage_drawing_t *drawing, int i)
{
    return usage_drawing_measure(drawing, &drawing->model->points[i]) > 0;
}

static void running_draw(usage_sink_t *sink, const bar_t *bar)
{
    usage_sink_html(sink,
                    "<rect class=\"running\" x=\"%c\" y=\"%c\" "
                    "width=\"%c\" height=\"%c\"/>\n",
                    bar->left * PERCENT / WIDTH, bar->top * PERCENT / HEIGHT,
                    bar->width * PERCENT / WIDTH,
                    (HEIGHT - bar->top) * PERCENT / HEIGHT);
}

/* All but the running one, along the ground. */
static void path_draw(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;
    apr_int64_t at = 0;

    for (int i = 0; i < model->points_count; i++) {
        if (is_something(drawing, i) && !model->points[i].is_running) {
            bar_t bar = bar_of(drawing, i);

            usage_sink_html(sink, at == 0 ? "M%d 1000" : "h%d", bar.left - at);
            usage_sink_html(sink, "V%dh%dV1000", bar.top, bar.width);
            at = bar.left + bar.width;
        }
    }
}

void usage_bars_draw(usage_sink_t *sink, const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;

    usage_sink_html(sink, "<svg class=\"lines\" viewBox=\"0 0 20000 1000\" "
                          "preserveAspectRatio=\"none\"><path class=\"bar\" "
                          "d=\"");
    path_draw(sink, drawing);
    usage_sink_html(sink, "\"/></svg>\n");
    for (int i = 0; i < model->points_count; i++) {
        if (is_something(drawing, i) && model->points[i].is_running) {
            bar_t bar = bar_of(drawing, i);

            running_draw(sink, &bar);
        }
    }
}
