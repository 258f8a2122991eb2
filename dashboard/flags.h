/* SPDX-License-Identifier: Apache-2.0 */
/* Marks as flags on the chart, and as a list. */
#ifndef USAGE_FLAGS_H
#define USAGE_FLAGS_H

#include "model.h"
#include "sink.h"

/**
 * Draw the flags into the chart: one in the middle of each interval that has
 * marks, with their times and names as its title. Class: flag.
 */
void usage_flags_draw(usage_sink_t *sink, const usage_model_t *model);

/** Write the panel of the period's marks, where there are any. */
void usage_flags_list(usage_sink_t *sink, const usage_model_t *model);

#endif
