/* SPDX-License-Identifier: Apache-2.0 */
/* From when to when: what a query's period, dates and comparison cover. */
#ifndef USAGE_SPAN_H
#define USAGE_SPAN_H

#include "query.h"

/** What of a query's time the URL said; dates are starts of days. */
typedef struct usage_dates_t {
    apr_int64_t first;
    apr_int64_t last;
    bool has_first;
    bool has_last;
} usage_dates_t;

/**
 * Set grain, from, to and compared of a query whose period, zone, now, today,
 * interval_word and compare are set.
 * @param dates used with USAGE_PERIOD_DATES: one that is not there is today
 * @return NULL, or a sentence for the reader
 */
const char *usage_span_set(usage_query_t *query, const usage_dates_t *dates);

/**
 * The days of the period that lies @a steps of its own length after (or,
 * negative, before) a query's.
 * @return false if that has not begun, or the query's has no beginning
 */
bool usage_span_move(const usage_query_t *query, int steps,
                     usage_range_t *days);

#endif
