/* SPDX-License-Identifier: Apache-2.0 */
/* What the chart draws, and how high. */
#ifndef USAGE_DRAWING_H
#define USAGE_DRAWING_H

#include "model.h"

/** The y axis: @a steps steps of a round number. */
typedef struct usage_axis_t {
    apr_int64_t step;
    int steps;
} usage_axis_t;

/** What is drawn. */
typedef struct usage_drawing_t {
    const usage_model_t *model;
    const usage_query_t *query;
    usage_metric_e metric;
    const usage_point_t *greatest;
    usage_axis_t axis;
    apr_int64_t top;
} usage_drawing_t;

/** The chart of a model. */
usage_drawing_t usage_drawing_of(const usage_model_t *model);

/** What it shows of a point. */
apr_int64_t usage_drawing_measure(const usage_drawing_t *drawing,
                                  const usage_point_t *point);

#endif
