/* SPDX-License-Identifier: Apache-2.0 */
/* How the counter itself is: its memory, its flushes, its database. */
#ifndef USAGE_HEALTH_H
#define USAGE_HEALTH_H

#include "model.h"
#include "source.h"

/**
 * Fill in all of @a health but what the numbers' reading tells: batch and
 * waiting.
 * @param status what became of the questions to the database
 */
void usage_health_read(const usage_source_t *source, const usage_query_t *query,
                       apr_status_t status, usage_health_t *health,
                       apr_pool_t *pool);

#endif
