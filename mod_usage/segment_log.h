/* SPDX-License-Identifier: Apache-2.0 */
/* What the parent says of the segment's life in the error log. */
#ifndef USAGE_SEGMENT_LOG_H
#define USAGE_SEGMENT_LOG_H

#include <stdbool.h>

#include <httpd.h>

#include "engine/memory.h"

/** Say that the segment keeps its sizes, if they are not those asked for. */
void usage_segment_log_sizes(server_rec *s, const usage_geometry_t *has,
                             const usage_geometry_t *wants);

/** Say that a segment of another version, or a copy of one, is dropped, and
 * with how much. One that was not made ready when its server was killed has
 * nothing in it, and nothing is said. */
void usage_segment_log_dropped(server_rec *s, const void *base, apr_size_t size,
                               const char *path);

/** Say what became of the copy that a server leaves. */
void usage_segment_log_saved(server_rec *s, apr_status_t rv, const char *path,
                             bool is_flushed);

#endif
