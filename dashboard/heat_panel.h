/* SPDX-License-Identifier: Apache-2.0 */
/* The hours of the week, as a table whose cells are shaded. */
#ifndef USAGE_HEAT_PANEL_H
#define USAGE_HEAT_PANEL_H

#include "model.h"
#include "sink.h"

/** Write the panel, where there are views. */
void usage_heat_panel_render(usage_sink_t *sink, const usage_model_t *model);

#endif
