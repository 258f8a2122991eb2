/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The APR shared-memory segment: made by the parent in the process pool, so
 * that the children of two configurations count into the same one over a
 * graceful restart; inherited by children and flushers.
 */
#ifndef USAGE_SEGMENT_H
#define USAGE_SEGMENT_H

#include <httpd.h>

#include "config.h"
#include "engine/memory.h"

/** The segment as this process has it; valid after usage_segment_open. */
const usage_memory_t *usage_segment_memory(void);

/**
 * Find the segment of this process, of a server that was killed, or what one
 * that stopped could not flush; else make a new one. From post_config.
 * @return APR_SUCCESS, or why there is none; it was logged
 */
apr_status_t usage_segment_open(server_rec *s,
                                const usage_global_conf_t *global);

/** Make the salts that the day needs, destroy those that are over. */
void usage_segment_keep_salts(server_rec *s);

/** Fill bytes at random: a usage_random_fn. */
apr_status_t usage_segment_random(unsigned char *bytes, apr_size_t length);

/** Whether today's salts are the database's, and not here yet. */
bool usage_segment_lacks_salts(server_rec *s);

/**
 * Let go of the segment's name as the server exits, and leave a copy for the
 * next start: the day's salt and visitors, and what was not flushed.
 * @param is_flushed whether the database has all counts
 */
void usage_segment_close(server_rec *s, bool is_flushed);

#endif
