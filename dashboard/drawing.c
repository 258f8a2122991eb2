/* SPDX-License-Identifier: Apache-2.0 */
/* The axis fits the greatest of both periods, in a few steps. */
#include "drawing.h"

#include "measure.h"

enum { STEPS_MAX = 4 };

/** Keeps the axis' arithmetic in 64 bits, whatever a database says. */
#define GREATEST_MAX APR_INT64_C(1000000000000000000)

apr_int64_t usage_drawing_measure(const usage_drawing_t *drawing,
                                  const usage_point_t *point)
{
    return usage_measure_point(drawing->query, point);
}

static const usage_point_t *greatest_find(const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;
    const usage_point_t *greatest = NULL;

    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];

        if (!greatest
            || usage_drawing_measure(drawing, point)
                   > usage_drawing_measure(drawing, greatest)) {
            greatest = point;
        }
    }
    return greatest;
}

/* The greatest that has to find room, of both periods. */
static apr_int64_t height_of(const usage_drawing_t *drawing)
{
    const usage_model_t *model = drawing->model;
    apr_int64_t height = drawing->greatest
                             ? usage_drawing_measure(drawing, drawing->greatest)
                             : 0;

    for (int i = 0; i < model->compared_count && i < model->points_count; i++) {
        apr_int64_t was =
            usage_drawing_measure(drawing, &model->compared_points[i]);

        height = was > height ? was : height;
    }
    return height;
}

static usage_axis_t axis_fit(usage_metric_e metric, apr_int64_t greatest)
{
    apr_int64_t bounded = greatest < GREATEST_MAX ? greatest : GREATEST_MAX;
    apr_int64_t last = bounded > 0 ? bounded - 1 : 0;
    apr_int64_t step = usage_measure_step(metric, 0);

    for (int i = 1; last / step >= STEPS_MAX; i++) {
        step = usage_measure_step(metric, i);
    }
    return (usage_axis_t){ .step = step, .steps = (int)(last / step) + 1 };
}

usage_drawing_t usage_drawing_of(const usage_model_t *model)
{
    const usage_query_t *query = model->query;
    usage_drawing_t drawing = {
        .model = model,
        .query = query,
        .metric = *query->counted ? USAGE_METRIC_VIEWS : query->metric,
    };

    drawing.greatest = greatest_find(&drawing);
    drawing.axis = axis_fit(drawing.metric, height_of(&drawing));
    drawing.top = drawing.axis.step * drawing.axis.steps;
    return drawing;
}
