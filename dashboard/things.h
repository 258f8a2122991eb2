/* SPDX-License-Identifier: Apache-2.0 */
/* A row for each category of distinct things: users, and what modules meet. */
#ifndef USAGE_THINGS_H
#define USAGE_THINGS_H

#include "model.h"
#include "sink.h"

/** Write the panel, if anything was met. */
void usage_things_render(usage_sink_t *sink, const usage_model_t *model);

#endif
