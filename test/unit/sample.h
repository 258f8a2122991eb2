/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small model, and the page that it makes.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "capture.h"
#include "catalog.h"
#include "html.h"
#include "zoned.h"

/* 2026-07-14 15:04 */
static const apr_int64_t now = 1784041440;

static inline usage_values_t views(apr_int64_t count)
{
    return (usage_values_t){ .of = { [USAGE_VIEWS] = count } };
}

/** A model and what it points to. */
typedef struct sample_t {
    usage_model_t model;
    usage_query_t query;
    usage_point_t points[3];
    usage_ranked_t rows[3];
    const char *sites[2];
    usage_node_t nodes[2];
    usage_flag_t flag;
} sample_t;

/** A server that is silent, and the page's own. */
static inline usage_nodes_t sample_nodes(sample_t *sample, const char *name)
{
    for (int i = 0; i < 2; i++) {
        sample->nodes[i] = (usage_node_t){ .name = name,
                                           .version = name,
                                           .last_flush = now - 400 * (2 - i),
                                           .age = 400 * (2 - i),
                                           .is_own = i == 1,
                                           .is_silent = i == 0 };
    }
    return (usage_nodes_t){
        .rows = sample->nodes, .count = 2, .patience = 600, .keeper = name
    };
}

/** The same for each row of the catalog. */
static inline const usage_ranking_t *
sample_events(const usage_ranking_t *ranking)
{
    usage_ranking_t *events =
        apr_palloc(unit_pool, (apr_size_t)usage_catalog_count * sizeof *events);
    for (int i = 0; i < usage_catalog_count; i++) {
        events[i] = *ranking;
    }
    return events;
}

/** A mark of the chart's last interval. */
static inline usage_flags_t sample_flags(sample_t *sample, const char *name)
{
    sample->flag = (usage_flag_t){
        .start = sample->points[2].start,
        .mark = { .time = now, .site = name, .name = name, .category = name },
    };
    return (usage_flags_t){ .rows = &sample->flag, .count = 1 };
}

/** Thirty days of a site. */
static inline usage_query_t sample_query(const char *name)
{
    return (usage_query_t){
        .site = name,
        .period = USAGE_PERIOD_30D,
        .metric = USAGE_METRIC_VIEWS,
        .interval_word = "",
        .filters = { "", "", "", "" },
        .counted = "",
        .name = "",
        .panel = "",
        .lang = "",
        .page = 1,
        .limit = USAGE_ROWS,
        .dates = { now - now % 86400 - 29 * 86400, now - now % 86400 },
        .grain = USAGE_GRAIN_DAY,
        .zones = all_utc(3600, unit_pool),
        .zone = &usage_zone_utc,
        .interval = 3600,
        .from = now - 29 * 86400,
        .to = now - now % 86400 + 86400,
        .now = now,
        .today = now - now % 86400,
    };
}

/** A model in which everything that has a name is called @a name. */
static inline sample_t *sample_make(const char *name)
{
    sample_t *sample = apr_pcalloc(unit_pool, sizeof(*sample));
    usage_ranking_t ranking = { .rows = sample->rows, .count = 3 };
    usage_model_t *model = &sample->model;

    for (int i = 0; i < 3; i++) {
        sample->rows[i].name = i == 1 ? name : i == 0 ? "view" : "bot";
        sample->rows[i].values = views(600 - 200 * i);
        sample->points[i].start = now - now % 86400 + (i - 2) * 86400;
        sample->points[i].values = views(40);
        sample->points[i].is_running = i == 2;
    }
    ranking.distinct = 3;
    ranking.sum = 1200;
    sample->sites[0] = "a.example";
    sample->sites[1] = name;
    sample->query = sample_query(name);
    *model = (usage_model_t){
        .query = &sample->query,
        .sites = sample->sites,
        .sites_count = 2,
        .period = views(600),
        .today = views(38),
        .yesterday = views(40),
        .points = sample->points,
        .points_count = 3,
        .has_visitors = true,
        .has_visits = true,
        .has_names = true,
        .has_days = true,
        .hits = 1200,
        .pages = ranking,
        .devices = ranking,
        .browsers = ranking,
        .systems = ranking,
        .outcomes = ranking,
        .events = sample_events(&ranking),
        .breakdowns = ~0U,
        .health = { .fill = 123,
                    .last_flush = now - 200,
                    .age = 200,
                    .batch = 4711,
                    .waiting = 12,
                    .node = name,
                    .version = "1.2.3" },
        .nodes = sample_nodes(sample, name),
        .flags = sample_flags(sample, name),
    };
    return sample;
}

static inline const char *page_of(const sample_t *sample)
{
    capture_t *capture = capture_begin();

    ck_assert_int_eq(
        usage_html_render(&sample->model, "/usage-stats", &capture->sink),
        APR_SUCCESS);
    return capture->text;
}

#endif
