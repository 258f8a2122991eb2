/* SPDX-License-Identifier: Apache-2.0 */
/* The tiles at the head of the page. */
#ifndef USAGE_TILES_H
#define USAGE_TILES_H

#include "model.h"
#include "sink.h"

/** Write the tiles. */
void usage_tiles_render(usage_sink_t *sink, const usage_model_t *model);

#endif
