/* SPDX-License-Identifier: Apache-2.0 */
/* A query as a URL again: for a link, change a copy of the page's query. */
#ifndef USAGE_LINK_H
#define USAGE_LINK_H

#include "query.h"
#include "sink.h"

/**
 * Write the arguments that make a query, "?period=7d&amp;site=a", for an
 * attribute: what is as it would be without being said is left out, so that
 * "?" may be all.
 */
void usage_link_put(usage_sink_t *sink, const usage_query_t *query);

/** The same with a period of days instead of the query's. */
void usage_link_days_put(usage_sink_t *sink, const usage_query_t *query,
                         const usage_range_t *days);

/**
 * Write hidden inputs for all arguments that make a query, but for those
 * named in @a but (each as " name "), which the form has itself.
 */
void usage_link_inputs(usage_sink_t *sink, const usage_query_t *query,
                       const char *but);

#endif
