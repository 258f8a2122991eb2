/* SPDX-License-Identifier: Apache-2.0 */
/* The chart of the chosen metric, and the same numbers as a table. */
#ifndef USAGE_CHART_PANEL_H
#define USAGE_CHART_PANEL_H

#include "model.h"
#include "sink.h"

/** Write the panel; where there is nothing to draw, what to do next. */
void usage_chart_panel_render(usage_sink_t *sink, const usage_model_t *model);

#endif
