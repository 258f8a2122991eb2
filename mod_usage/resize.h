/* SPDX-License-Identifier: Apache-2.0 */
/* A segment of other sizes with all that the old one knows (engine/carry.h). */
#ifndef USAGE_RESIZE_H
#define USAGE_RESIZE_H

#include <apr_shm.h>
#include <httpd.h>

#include "engine/carry.h"

/**
 * Make a copy of a segment that has other sizes, in memory without a name. A
 * process of its own, as the server's user, does the carrying; the parent
 * waits for it.
 * @param copy set to it: usage_memory_size(wants) bytes and some more
 * @param lost set to what found no room
 * @return APR_SUCCESS; APR_ENOSPC if the counts would find no room
 */
apr_status_t usage_resize(server_rec *s, const usage_memory_t *from,
                          const usage_geometry_t *wants, apr_shm_t **copy,
                          usage_carried_t *lost, apr_pool_t *pool);

#endif
