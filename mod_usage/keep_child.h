/* SPDX-License-Identifier: Apache-2.0 */
/* What a flusher does for the database once its batch is written. */
#ifndef USAGE_KEEP_CHILD_H
#define USAGE_KEEP_CHILD_H

#include <httpd.h>

#include "engine/store.h"

/**
 * Keep the database (engine/keep.h), if it is due and the server is not about
 * to stop, for a short time, and log what is worth it.
 * @param begun when the flusher began, by which its deadline counts
 */
void usage_keep_child_run(server_rec *s, usage_store_t *store, apr_time_t begun,
                          apr_pool_t *pool);

#endif
