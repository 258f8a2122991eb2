/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rows of a page were in the time that its period is compared with:
 * each by itself, so that a row can tell how much it has changed.
 */
#ifndef USAGE_BEFORE_H
#define USAGE_BEFORE_H

#include "clients.h"
#include "engine/batch.h"
#include "engine/store.h"
#include "events.h"
#include "tally.h"

typedef struct usage_before_t {
    const usage_query_t *query;
    usage_tally_t pages; /**< none, where each page's course tells (course.h) */
    usage_clients_t clients;
    usage_events_t *events; /**< which have both times */
    apr_int64_t pages_unnamed; /**< that the database had and did not name */
    bool is_known; /**< the database was asked, and answered */
} usage_before_t;

/** Nothing is known yet. */
usage_before_t usage_before_make(const usage_query_t *query,
                                 usage_events_t *events, apr_pool_t *pool);

/** Ask about clients and events, if there is anything to compare with. */
apr_status_t usage_before_ask(usage_before_t *before, usage_store_t *store,
                              const usage_scope_t *scope);

/** Ask @a question, of pages, likewise. */
apr_status_t usage_before_ask_pages(usage_before_t *before,
                                    usage_store_t *store,
                                    usage_question_e question,
                                    const usage_scope_t *scope);

/** Add a count of that time that no flush has written. */
void usage_before_add(usage_before_t *before, const usage_count_t *count);

#endif
