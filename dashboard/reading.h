/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at what store and segment tell of a query, as sums by name. A flush
 * in between makes it no steady one.
 */
#ifndef USAGE_READING_H
#define USAGE_READING_H

#include "before.h"
#include "chart.h"
#include "clients.h"
#include "course.h"
#include "distincts.h"
#include "events.h"
#include "heat.h"
#include "source.h"
#include "tally.h"

/** Sums by name, and of two days and the period. */
typedef struct usage_reading_t {
    const usage_query_t *query;
    usage_tally_t sites;
    usage_tally_t pages;
    usage_clients_t clients;
    apr_int64_t pages_unnamed; /**< that the database has and did not name */
    usage_events_t *events;
    usage_before_t before;
    usage_newcomers_t *newcomers;
    usage_meetings_t *meetings;
    usage_courses_t *courses;
    usage_heating_t *heating;
    usage_chart_t *chart;
    usage_chart_t *compared;
    usage_values_t today;
    usage_values_t yesterday;
    apr_int64_t waiting;
    apr_int64_t batch;
} usage_reading_t;

/**
 * Look once.
 * @param query     compares with nothing afterwards if that is not known
 * @param is_steady set to whether all is of one moment
 * @param status    set to what became of the database: APR_ENOTIMPL without
 *                  one, APR_NOTFOUND if it has no tables yet
 */
usage_reading_t usage_reading_take(const usage_source_t *source,
                                   usage_query_t *query, apr_pool_t *pool,
                                   bool *is_steady, apr_status_t *status);

#endif
