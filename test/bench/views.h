/* SPDX-License-Identifier: Apache-2.0 */
/* Views in a segment, as the measured flushes take them. */
#ifndef VIEWS_H
#define VIEWS_H

#include "engine/memory.h"

/** A segment with room for so many keys, in memory that children share. */
usage_memory_t views_memory(int keys, apr_int64_t time);

/** Let go of it. */
void views_drop(const usage_memory_t *memory);

/**
 * Count a view of each key: pages of some sites, each by some kinds of
 * browsers.
 * @param host what the sites' names begin with
 */
void views_count(const usage_memory_t *memory, int keys, const char *host,
                 apr_int64_t time);

#endif
