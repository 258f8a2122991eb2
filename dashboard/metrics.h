/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters and gauges as OpenMetrics text, or in the older text format of
 * Prometheus, which promtool checks and every reader takes; the two differ in
 * how a counter's family is named. All of it is read off the segment: no
 * database is asked, so it can be asked for often.
 */
#ifndef USAGE_METRICS_H
#define USAGE_METRICS_H

#include <stdbool.h>

#include <apr_tables.h>

#include "engine/memory.h"
#include "sink.h"

#define USAGE_METRICS_OPEN "application/openmetrics-text"
#define USAGE_METRICS_OPEN_TYPE                                                \
    USAGE_METRICS_OPEN "; version=1.0.0; charset=utf-8"
#define USAGE_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/** Sites that are told apart; the others are one, of the name "". */
#define USAGE_METRICS_SITES 1000

/** What they are of. */
typedef struct usage_metrics_t {
    const usage_memory_t *memory;
    const apr_array_header_t *sites; /**< names, const char *, each once */
    bool is_whole; /**< of the server, too, and what else it counted */
    bool is_open; /**< as OpenMetrics */
    const char *node;
    const char *version;
    apr_int64_t now; /**< Unix seconds */
} usage_metrics_t;

/** Write them. @return what usage_sink_flush() returns */
apr_status_t usage_metrics_render(const usage_metrics_t *metrics,
                                  apr_pool_t *pool, usage_sink_t *sink);

#endif
