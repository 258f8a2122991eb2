/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a dashboard shows, as plain structs: the numbers of the database and
 * those still in the segment, already summed. Renderers read nothing else.
 */
#ifndef USAGE_MODEL_H
#define USAGE_MODEL_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "engine/counter.h"
#include "engine/site.h"
#include "engine/store.h"
#include "query.h"

/** One row of a ranking. */
typedef struct usage_ranked_t {
    const char *name;
    const char *note; /**< what more there is to say of it, or NULL */
    const char *category; /**< of usage_event, or NULL: it is not from there */
    usage_values_t values;
    usage_values_t was; /**< in the time that it is compared with, as far as
                             that is known: USAGE_VIEWS alone */
    bool has_was; /**< it is known; not of what is beyond what was asked for */
    const apr_int64_t *course; /**< of a page: views of each of the chart's
                                    points; or NULL */
} usage_ranked_t;

/** The greatest of something, by views, or of pages as the query sorts them;
 * equal ones by name. */
typedef struct usage_ranking_t {
    const usage_ranked_t *rows;
    int count; /**< rows listed */
    int first; /**< place of the first one of them, from 0 */
    int distinct; /**< rows there are, listed or not */
    int named; /**< rows from the first of them on, listed or not, as far as
                    the database told of them */
    apr_int64_t sum; /**< views of all rows, listed or not */
} usage_ranking_t;

/** One interval of the chart. */
typedef struct usage_point_t {
    apr_int64_t start;
    usage_values_t values; /**< visitors: visitors.h; of an interval within a
                                day, those that each server first met then */
    apr_int64_t days; /**< of a day or a month: on which there were hits, as
                           far as they are over, or visitors */
    bool is_running; /**< the interval that holds now */
} usage_point_t;

/** Views in the list of the newest. */
#define USAGE_NEWEST 50

/** Views by the weekday, from Monday on, and the hour of the site's zone. */
typedef struct usage_heat_t {
    apr_int64_t views[7][24];
    apr_int64_t greatest; /**< 0: there is none */
    apr_int64_t from; /**< the first day that it is made of, and the last, */
    apr_int64_t to; /**< as far as base intervals are kept: heat.h */
} usage_heat_t;

/** How the counter itself is. */
typedef struct usage_health_t {
    int fill; /**< per mille of the table in use */
    apr_int64_t last_flush; /**< Unix seconds, 0: none yet */
    apr_int64_t age; /**< seconds since then, -1: none yet */
    apr_int64_t batch; /**< number of the last batch, 0: none yet */
    apr_int64_t waiting; /**< views counted that no flush has written */
    const char *flush_error; /**< why the last flush failed, or NULL */
    apr_int64_t failing_since; /**< Unix seconds, when flush_error is set */
    const char *database_error; /**< why only live numbers show, or NULL */
    const char *node;
    const char *version;
} usage_health_t;

/** A server that writes to the database. */
typedef struct usage_node_t {
    const char *name;
    const char *version;
    apr_int64_t last_flush; /**< Unix seconds by its clock, 0: none yet */
    apr_int64_t age; /**< seconds since then, -1: none yet */
    apr_int64_t late; /**< of these, those beyond the interval */
    apr_int64_t ahead; /**< seconds that its clock is ahead, at least */
    apr_int64_t batch; /**< number of its last one */
    bool is_own; /**< it is the one that shows the page */
    bool is_silent; /**< it should have flushed long ago */
} usage_node_t;

/** All of them, and who keeps the database (keep.h). */
typedef struct usage_nodes_t {
    const usage_node_t *rows; /**< the silent ones first, each by name */
    int count; /**< rows listed; 0: none but this server, or not asked */
    int more; /**< that find no room in the list */
    int gone; /**< not listed, as they were silent for long */
    apr_int64_t patience; /**< seconds after which one is silent */
    const char *keeper; /**< who has the lease, "": nobody, NULL: unknown */
    apr_int64_t kept; /**< Unix seconds of the last complete run, 0: none */
} usage_nodes_t;

/** A mark, and where it stands on the chart. */
typedef struct usage_flag_t {
    apr_int64_t start; /**< of its interval, as a point's */
    usage_mark_row_t mark;
} usage_flag_t;

/** The period's marks, the newest first. */
typedef struct usage_flags_t {
    const usage_flag_t *rows;
    int count;
} usage_flags_t;

/** Distinct things of a category, other than visitors. */
typedef struct usage_distinct_t {
    const char *category;
    apr_int64_t today;
    apr_int64_t yesterday;
    apr_int64_t period; /**< each day's added up */
    apr_int64_t days; /**< over which an average day's are taken: the model's,
                           or of days not yet closed those with any */
} usage_distinct_t;

/** The categories of them; those with most in the period first. */
typedef struct usage_distincts_t {
    const usage_distinct_t *rows;
    int count;
} usage_distincts_t;

typedef struct usage_model_t {
    const usage_query_t *query;
    const char *const *sites; /**< all sites known, sorted */
    int sites_count;
    bool has_one_site; /**< no other can be asked for */
    /* Sums; of visitors, the distinct ones of each day (visitors.h). */
    usage_values_t period; /**< over the query's period */
    apr_int64_t days; /**< of it, as a point's */
    usage_values_t today; /**< of the query's site, whatever its period */
    usage_values_t yesterday; /**< the whole day */
    usage_point_t *points; /**< every interval of it, empty ones too */
    int points_count;
    /* What it is compared with (the query's `compared`), in the same order;
     * all zero if with nothing. */
    usage_values_t compared;
    apr_int64_t compared_days;
    usage_point_t *compared_points;
    int compared_count;
    /** What is known of the query's filters: of some clients' pages nobody
     * knows who the visitors are, of a count nothing else, and what is counted
     * by name isn't told apart by page or client. */
    bool has_visitors;
    bool has_visits;
    bool has_names;
    bool has_days; /**< today and yesterday */
    apr_int64_t hits; /**< of all outcomes, whatever the filters */
    usage_heat_t heat; /**< of all views, whatever the filters */
    usage_ranking_t pages;
    usage_ranking_t devices;
    usage_ranking_t browsers;
    usage_ranking_t systems;
    usage_ranking_t outcomes; /**< every outcome that occurred */
    usage_distincts_t distincts;
    const usage_ranking_t *events; /**< one for each row of the catalog */
    unsigned breakdowns; /**< that are counted here: USAGE_BREAKDOWN_BIT */
    const usage_recent_row_t *newest; /**< views, the newest first */
    int newest_count;
    usage_flags_t flags; /**< of the query's site, and of all sites */
    bool shares_hour; /**< the site has no minutes of its own: site.h */
    apr_int64_t minutes[USAGE_MINUTES]; /**< views, the oldest first */
    apr_int64_t peak; /**< views of the busiest minute since the start; of
                           several sites, of the last hour */
    bool is_peak_of_hour; /**< which of both it is */
    usage_health_t health;
    usage_nodes_t nodes; /**< of a page of all sites; of another, the keeper */
} usage_model_t;

#endif
