/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters that every counted thing has, in one list: the table's slots,
 * a batch's rows, the columns of the database and the model of the dashboard
 * all follow from it. An event or an outcome uses `views` alone, as its count.
 */
#ifndef USAGE_COUNTER_H
#define USAGE_COUNTER_H

#include <apr.h>

/**
 * X(id, column): one row a counter, in the order of the columns in sql/.
 *
 * views             views counted (of an event: its count)
 * visitors          distinct visitors that day
 * visits            visits begun
 * returning_visits  visits begun by a visitor known from before
 * bounces           visits of one view that began here (can sink again)
 * exits             visits whose newest view is here (can sink again)
 * seconds           seconds from this view to the visit's next one
 * bytes             body bytes queued for the client, after compression
 * millis            milliseconds until the response was generated
 */
#define USAGE_COUNTER_LIST(X)                                                  \
    X(VIEWS, views)                                                            \
    X(VISITORS, visitors)                                                      \
    X(VISITS, visits)                                                          \
    X(RETURNING_VISITS, returning_visits)                                      \
    X(BOUNCES, bounces)                                                        \
    X(EXITS, exits)                                                            \
    X(SECONDS, seconds)                                                        \
    X(BYTES, bytes)                                                            \
    X(MILLIS, millis)

#define USAGE_COUNTER_ENUM(id, column) USAGE_##id,
enum { USAGE_COUNTER_LIST(USAGE_COUNTER_ENUM) USAGE_COUNTERS };
#undef USAGE_COUNTER_ENUM

/** One value for each counter, indexed by USAGE_VIEWS and so on. */
typedef struct usage_values_t {
    apr_int64_t of[USAGE_COUNTERS];
} usage_values_t;

/** Add each of @a more to @a sum. */
static inline void usage_values_add(usage_values_t *sum,
                                    const usage_values_t *more)
{
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        sum->of[i] += more->of[i];
    }
}

#endif
