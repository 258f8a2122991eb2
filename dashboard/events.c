/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums events of database and segment for the panels that have them. Names are
 * tallied as "kind\nname": neither has a line's end (clean.h). One page, one
 * thread.
 */
#include "events.h"

#include <string.h>

#include <apr_strings.h>

#include "catalog.h"
#include "engine/outcome.h"

/* Kinds of a panel that are listed, unless more or fewer are asked for. */
#define KINDS 20

/* Of a panel, in the period or in what it is compared with. */
typedef struct sums_t {
    usage_tally_t tally;
    apr_int64_t count; /* of names that the database did not name */
    apr_int64_t names; /* how many they are */
} sums_t;

struct usage_events_t {
    sums_t *panels[USAGE_TIMES]; /* one for each row of the catalog */
    usage_tally_t outcomes[USAGE_TIMES];
    apr_pool_t *pool;
};

usage_events_t *usage_events_make(apr_pool_t *pool)
{
    usage_events_t *events = apr_pcalloc(pool, sizeof *events);
    apr_size_t size = (apr_size_t)usage_catalog_count * sizeof(sums_t);
    events->pool = pool;
    for (int time = 0; time < USAGE_TIMES; time++) {
        events->outcomes[time] = usage_tally_make(pool);
        events->panels[time] = apr_pcalloc(pool, size);
        for (int i = 0; i < usage_catalog_count; i++) {
            events->panels[time][i].tally = usage_tally_make(pool);
        }
    }
    return events;
}

static void add_name(usage_tally_t *tally, const char *name,
                     const usage_values_t *values)
{
    usage_tally_add(tally, name, strlen(name), values);
}

static void add_to_panel(const usage_events_t *events, usage_time_e time, int i,
                         const usage_event_row_t *row,
                         const usage_values_t *values)
{
    const usage_panel_t *panel = &usage_catalog[i];
    const char *kind = usage_panel_kind(panel, row->category);
    sums_t *sums = &events->panels[time][i];
    if (panel->rows == USAGE_ROWS_OF_KINDS) {
        add_name(&sums->tally, kind, values);
    }
    else if (*row->name == '\0') {
        sums->count += row->count;
        sums->names += row->names;
    }
    else {
        add_name(&sums->tally,
                 apr_pstrcat(events->pool, kind, "\n", row->name, NULL),
                 values);
    }
}

static void add_row(usage_events_t *events, usage_time_e time,
                    const usage_event_row_t *row)
{
    usage_values_t values = { .of = { [USAGE_VIEWS] = row->count } };
    for (int i = 0; i < usage_catalog_count; i++) {
        if (usage_panel_has(&usage_catalog[i], row->category)) {
            add_to_panel(events, time, i, row, &values);
        }
    }
    if (strcmp(row->category, USAGE_OUTCOME_CATEGORY) == 0) {
        add_name(&events->outcomes[time], row->name, &values);
    }
}

apr_status_t usage_events_answer(void *baton, const usage_event_row_t *row)
{
    add_row(baton, USAGE_NOW, row);
    return APR_SUCCESS;
}

apr_status_t usage_events_answer_then(void *baton, const usage_event_row_t *row)
{
    add_row(baton, USAGE_THEN, row);
    return APR_SUCCESS;
}

void usage_events_add(usage_events_t *events, usage_time_e time,
                      const usage_key_t *key, const usage_values_t *values)
{
    if (key->kind != USAGE_KIND_EVENT) {
        return;
    }
    usage_event_row_t row = {
        .category = apr_pstrmemdup(events->pool, key->category.data,
                                   key->category.length),
        .name = apr_pstrmemdup(events->pool, key->name.data, key->name.length),
        .count = values->of[USAGE_VIEWS],
        .names = 1,
    };
    add_row(events, time, &row);
}

/* Where names are beyond the depth, one that isn't there may be among them. */
void usage_events_know(usage_events_t *events)
{
    usage_tally_know(&events->outcomes[USAGE_NOW],
                     &events->outcomes[USAGE_THEN], true);
    for (int i = 0; i < usage_catalog_count; i++) {
        const sums_t *then = &events->panels[USAGE_THEN][i];
        usage_tally_know(&events->panels[USAGE_NOW][i].tally, &then->tally,
                         then->names == 0);
    }
}

usage_ranking_t usage_events_outcomes(const usage_events_t *events)
{
    return usage_tally_rank(&events->outcomes[USAGE_NOW], USAGE_SORT_VIEWS, 0,
                            USAGE_OUTCOMES);
}

/* The category that has a kind; an AI's is written small there. */
static const char *category_of(const usage_panel_t *panel, const char *kind,
                               apr_pool_t *pool)
{
    bool is_own = *panel->category == '\0';
    bool is_ai = !is_own && strcmp(kind, "AI") == 0;
    return apr_pstrcat(pool, panel->category, is_ai ? "ai" : kind, NULL);
}

/* "kind\nname" as a name that is noted with its kind, if it has one. */
static void split_kind(const usage_panel_t *panel, usage_ranked_t *row,
                       apr_pool_t *pool)
{
    const char *end = strchr(row->name, '\n');
    const char *kind =
        apr_pstrmemdup(pool, row->name, (apr_size_t)(end - row->name));
    row->name = end + 1;
    row->note = *kind != '\0' ? kind : NULL;
    row->category = category_of(panel, kind, pool);
}

/* "host path" as the path, noted with where the link to it was, if known. */
static void split_link(usage_ranked_t *row, apr_pool_t *pool)
{
    const char *space = strchr(row->name, ' ');
    if (space == NULL) {
        return;
    }
    const char *host =
        apr_pstrmemdup(pool, row->name, (apr_size_t)(space - row->name));
    row->name = space + 1;
    row->note = strcmp(host, "-") != 0 ? host : NULL;
}

static int limit_of(const usage_query_t *query, bool is_kinds)
{
    return is_kinds && !query->has_limit && query->limit < KINDS ? KINDS
                                                                 : query->limit;
}

static usage_ranking_t rank(const usage_panel_t *panel, const sums_t *sums,
                            const usage_query_t *query, apr_pool_t *pool)
{
    bool is_kinds = panel->rows == USAGE_ROWS_OF_KINDS;
    int limit = limit_of(query, is_kinds);
    usage_ranking_t ranking = usage_tally_rank(
        &sums->tally, USAGE_SORT_VIEWS, (query->page - 1) * limit, limit);
    usage_ranked_t *rows = apr_pmemdup(
        pool, ranking.rows, (apr_size_t)ranking.count * sizeof *rows);
    for (int i = 0; i < ranking.count; i++) {
        if (is_kinds) {
            rows[i].category = category_of(panel, rows[i].name, pool);
            continue;
        }
        split_kind(panel, &rows[i], pool);
        if (panel->rows == USAGE_ROWS_OF_LINKS) {
            rows[i].category = NULL; /* the name alone isn't what is counted */
            split_link(&rows[i], pool);
        }
    }
    ranking.rows = rows;
    ranking.distinct += (int)sums->names;
    ranking.sum += sums->count;
    return ranking;
}

const usage_ranking_t *usage_events_rank(const usage_events_t *events,
                                         const usage_query_t *query)
{
    usage_ranking_t *rankings = apr_palloc(
        events->pool, (apr_size_t)usage_catalog_count * sizeof *rankings);
    for (int i = 0; i < usage_catalog_count; i++) {
        rankings[i] = rank(&usage_catalog[i], &events->panels[USAGE_NOW][i],
                           query, events->pool);
    }
    return rankings;
}
