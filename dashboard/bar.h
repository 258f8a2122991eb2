/* SPDX-License-Identifier: Apache-2.0 */
/* The top of the page: which site, which days, compared with what, and of
 * what alone. */
#ifndef USAGE_BAR_H
#define USAGE_BAR_H

#include "model.h"
#include "sink.h"

/** A site's name, or "all sites" in the reader's language. */
const char *usage_bar_site(const usage_sink_t *sink, const char *site);

/** Write the header. */
void usage_bar_render(usage_sink_t *sink, const usage_model_t *model);

/** Write links to the chart's other intervals, as far as they fit. */
void usage_bar_intervals(usage_sink_t *sink, const usage_query_t *query);

#endif
