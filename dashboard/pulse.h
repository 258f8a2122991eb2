/* SPDX-License-Identifier: Apache-2.0 */
/* The panels of what happens now: the last hour, and the newest views. */
#ifndef USAGE_PULSE_H
#define USAGE_PULSE_H

#include "model.h"
#include "sink.h"

/** Write both panels. */
void usage_pulse_render(usage_sink_t *sink, const usage_model_t *model);

#endif
