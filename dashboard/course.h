/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How views of each listed page went: over the period, for a small drawing, and
 * in the time that it is compared with.
 */
#ifndef USAGE_COURSE_H
#define USAGE_COURSE_H

#include "chart.h"
#include "tally.h"

typedef struct usage_courses_t usage_courses_t;

usage_courses_t *usage_courses_make(const usage_query_t *query,
                                    apr_pool_t *pool);

/**
 * Ask about the pages that the database would list; of a list of hundreds,
 * about none.
 * @param pages      what the database has of pages, and nothing else
 * @param has_others it has more than these
 */
apr_status_t usage_courses_ask(usage_courses_t *courses,
                               const usage_tally_t *pages, bool has_others,
                               usage_store_t *store);

/** Add views of the query's site that no flush has written. */
void usage_courses_add(usage_courses_t *courses, const usage_count_t *count);

/** Fill in `was` and `course` of a ranking's rows, which are copied. A page
 * that was not asked about, and is in the database, has no course.
 * @param knows_before whether the database told of what it is compared with */
void usage_courses_fill(const usage_courses_t *courses,
                        usage_ranking_t *ranking,
                        const usage_charted_t *charted, bool knows_before);

#endif
