/* SPDX-License-Identifier: Apache-2.0 */
/* What of drawings is lines: ratios, the compared period, courses. */
#ifndef USAGE_LINES_H
#define USAGE_LINES_H

#include "drawing.h"
#include "sink.h"

/** Draw the compared period: steps (class was), or a line (was, line). */
void usage_lines_compared(usage_sink_t *sink, const usage_drawing_t *drawing);

/** Draw the points as a line (class line) up to the running interval; the way
 * there is dotted, what is ahead is not drawn. */
void usage_lines_draw(usage_sink_t *sink, const usage_drawing_t *drawing);

/** Write a small line (class spark) of a course. */
void usage_lines_spark(usage_sink_t *sink, const apr_int64_t *course,
                       int count);

#endif
