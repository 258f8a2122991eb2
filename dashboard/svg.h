/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drawings, made on the server: no script, no style of their own. Their
 * looks come from the stylesheet's classes, their places are percentages, so
 * that a drawing fills any width while its text keeps its size.
 */
#ifndef USAGE_SVG_H
#define USAGE_SVG_H

#include "model.h"
#include "sink.h"

/**
 * Write the chart of the query's metric by interval, of any number of points;
 * at most one in a page, for the sake of its ids.
 *
 * Numbers of something are bars, ratios a line. Each point carries its
 * interval and number as its title; the running interval is striped, or
 * dotted; the compared period lies behind. The y axis is drawn in round
 * numbers. Classes: chart (and dense, of many points); base, grid, y and x of
 * the axes; minor, for labels that a narrow page may leave out; slot, bar and
 * running; line, dotted and dot; was. The labels lie outside the drawing,
 * below it and to its left.
 */
void usage_svg_chart(usage_sink_t *sink, const usage_model_t *model);

/** Write a horizontal bar (class share) of @a part of @a whole. */
void usage_svg_share(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole);

#endif
