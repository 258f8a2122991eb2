/* SPDX-License-Identifier: Apache-2.0 */
/* The chart's numbers as text, for who can't see it or wants them exactly. */
#ifndef USAGE_NUMBERS_H
#define USAGE_NUMBERS_H

#include "model.h"
#include "sink.h"

/** Write the numbers of all intervals but those still to come. */
void usage_numbers_render(usage_sink_t *sink, const usage_model_t *model);

#endif
