/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distinct things other than visitors: users, and what other modules meet. Each
 * category is added up as visitors are (visitors.h).
 */
#ifndef USAGE_DISTINCTS_H
#define USAGE_DISTINCTS_H

#include "model.h"
#include "newcomers.h"

typedef struct usage_meetings_t usage_meetings_t;

usage_meetings_t *usage_meetings_make(const usage_query_t *query,
                                      usage_newcomers_t *newcomers,
                                      apr_pool_t *pool);

/** Add what the database has. */
apr_status_t usage_meetings_ask(usage_meetings_t *meetings,
                                usage_store_t *store);

/** Add a category of the query's site that the segment has. */
void usage_meetings_add(usage_meetings_t *meetings, usage_text_t category);

/** Put the numbers into a model; when all is read, once. */
void usage_meetings_fill(const usage_meetings_t *meetings,
                         usage_model_t *model);

#endif
