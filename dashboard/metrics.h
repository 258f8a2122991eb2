/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters and gauges as OpenMetrics text, which readers of the older format
 * of Prometheus take, too. All of it is read off the segment: no database is
 * asked, so it can be asked for often.
 */
#ifndef USAGE_METRICS_H
#define USAGE_METRICS_H

#include <stdbool.h>

#include <apr_tables.h>

#include "engine/memory.h"
#include "sink.h"

#define USAGE_METRICS_TYPE                                                     \
    "application/openmetrics-text; version=1.0.0; charset=utf-8"

/** Sites that are told apart; the others are one, of the name "". */
#define USAGE_METRICS_SITES 1000

/** What they are of. */
typedef struct usage_metrics_t {
    const usage_memory_t *memory;
    const apr_array_header_t *sites; /**< names, const char *, each once */
    bool is_whole; /**< of the server, too, and what else it counted */
    const char *node;
    const char *version;
    apr_int64_t now; /**< Unix seconds */
} usage_metrics_t;

/** Write them. @return what usage_sink_flush() returns */
apr_status_t usage_metrics_render(const usage_metrics_t *metrics,
                                  apr_pool_t *pool, usage_sink_t *sink);

#endif
