/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The metrics: what each is of some values, and how it is written. A measure
 * is a whole number: visitors, visits and views as they are, views a visit in
 * hundredths, a bounce rate in per mille, a duration in seconds.
 */
#ifndef USAGE_MEASURE_H
#define USAGE_MEASURE_H

#include "model.h"
#include "sink.h"

/**
 * Measure values.
 * @param days of which visitors have an average; 0: their sum
 */
apr_int64_t usage_measure_of(usage_metric_e metric,
                             const usage_values_t *values, apr_int64_t days);

/** Measure a point of the query's chart: of a month, visitors of a day. */
apr_int64_t usage_measure_point(const usage_query_t *query,
                                const usage_point_t *point);

/** Whether it is a number of something, not a ratio: one that bars can show. */
bool usage_measure_is_count(usage_metric_e metric);

/** The least step of an axis, and how they grow. */
apr_int64_t usage_measure_step(usage_metric_e metric, int i);

/** Write a measure: 1,234 or 2.1 or 45.0% or 3 min 20 s */
void usage_measure_put(usage_sink_t *sink, usage_metric_e metric,
                       apr_int64_t measure);

/** The same with what it is: 1,234 views */
void usage_measure_say(usage_sink_t *sink, const usage_query_t *query,
                       apr_int64_t measure);

/** The same, as short as it is clear at an axis that ends in @a greatest. */
void usage_measure_tick(usage_sink_t *sink, usage_metric_e metric,
                        apr_int64_t measure, apr_int64_t step);

#endif
