/* SPDX-License-Identifier: Apache-2.0 */
/* A few numbers of all sites together, read of the segment alone. */
#ifndef USAGE_GLANCE_H
#define USAGE_GLANCE_H

#include "memory.h"

/** Of when the numbers are. */
typedef struct usage_glance_at_t {
    apr_int64_t now; /**< Unix seconds */
    apr_int64_t interval; /**< seconds of a base interval */
    apr_int64_t date; /**< today's start: usage_zone_start */
} usage_glance_at_t;

typedef struct usage_glance_t {
    apr_int64_t hits; /**< of the interval that runs */
    apr_int64_t views; /**< of these */
    apr_int64_t bots; /**< of these: outcome bot */
    apr_int64_t visitors; /**< of sites' day of this date, by site */
    int fill; /**< of the active table: usage_table_fill */
    apr_int64_t flushed; /**< Unix seconds of the last good flush, or 0 */
    apr_int64_t failing; /**< Unix seconds since when it fails, or 0 */
} usage_glance_t;

/** Read them, while they are counted. */
usage_glance_t usage_glance_read(const usage_memory_t *memory,
                                 const usage_glance_at_t *at);

#endif
