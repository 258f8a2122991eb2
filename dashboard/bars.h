/* SPDX-License-Identifier: Apache-2.0 */
/* The chart's bars. */
#ifndef USAGE_BARS_H
#define USAGE_BARS_H

#include "drawing.h"
#include "sink.h"

/** More points than that leave no room for gaps. */
#define USAGE_BARS_DENSE 200

/** Draw a bar (class bar) for each point that has something, all in one path;
 * of the running one an outline of its own (class running), for stripes. */
void usage_bars_draw(usage_sink_t *sink, const usage_drawing_t *drawing);

#endif
