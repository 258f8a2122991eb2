/* SPDX-License-Identifier: Apache-2.0 */
/* What usage_event has, of database and segment: from rows to the rankings of
 * the catalog. */
#ifndef USAGE_EVENTS_H
#define USAGE_EVENTS_H

#include "engine/table.h"
#include "model.h"
#include "tally.h"

/** Sums of one reading. */
typedef struct usage_events_t usage_events_t;

/** No events yet. */
usage_events_t *usage_events_make(apr_pool_t *pool);

/** Of the period, or of the time that it is compared with. */
typedef enum usage_time_e { USAGE_NOW, USAGE_THEN, USAGE_TIMES } usage_time_e;

/** Usage_event_fn's for each; @a baton is a usage_events_t. */
apr_status_t usage_events_answer(void *baton, const usage_event_row_t *row);
apr_status_t usage_events_answer_then(void *baton,
                                      const usage_event_row_t *row);

/** Add a count of the segment, if it is one of events. */
void usage_events_add(usage_events_t *events, usage_time_e time,
                      const usage_key_t *key, const usage_values_t *values);

/** All of the time that it is compared with was answered: fill in what was. */
void usage_events_know(usage_events_t *events);

/** The outcomes, all of them. */
usage_ranking_t usage_events_outcomes(const usage_events_t *events);

/** A ranking for each row of the catalog, with the names of the query's page,
 * and all kinds; empty of what is not of usage_event. */
const usage_ranking_t *usage_events_rank(const usage_events_t *events,
                                         const usage_query_t *query);

#endif
