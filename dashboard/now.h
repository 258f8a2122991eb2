/* SPDX-License-Identifier: Apache-2.0 */
/* What happens now: the newest views, and the last hour by the minute. */
#ifndef USAGE_NOW_H
#define USAGE_NOW_H

#include "source.h"

/**
 * Read the newest views of the query's site, of the database and of the
 * segment, and its last hour, into a model.
 */
void usage_now_read(const usage_source_t *source, usage_model_t *model,
                    apr_pool_t *pool);

#endif
