/* SPDX-License-Identifier: Apache-2.0 */
/* How the counter itself is, and what is wrong. */
#ifndef USAGE_CONDITION_H
#define USAGE_CONDITION_H

#include "model.h"
#include "sink.h"

/** Write the notices of what is wrong, if anything is. */
void usage_condition_notices(usage_sink_t *sink, const usage_health_t *health);

/** Write the panel. */
void usage_condition_render(usage_sink_t *sink, const usage_model_t *model);

#endif
