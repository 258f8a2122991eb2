/* SPDX-License-Identifier: Apache-2.0 */
/* When views come: by weekday and hour. */
#ifndef USAGE_HEAT_H
#define USAGE_HEAT_H

#include "engine/batch.h"
#include "model.h"

typedef struct usage_heating_t usage_heating_t;

/** Of the query's period, or its last days; nothing is heated by intervals
 * that are longer than an hour. */
usage_heating_t *usage_heating_make(const usage_query_t *query,
                                    apr_pool_t *pool);

/** Add what the database has. */
apr_status_t usage_heating_ask(usage_heating_t *heating, usage_store_t *store);

/** Add views of the query's site that no flush has written. */
void usage_heating_add(usage_heating_t *heating, const usage_count_t *count);

void usage_heating_fill(const usage_heating_t *heating, usage_heat_t *heat);

#endif
