/* SPDX-License-Identifier: Apache-2.0 */
/* The page's first look: a few numbers, large. */
#include "tiles.h"

#include "words.h"

static apr_int64_t views_in(const usage_values_t *values)
{
    return values->of[USAGE_VIEWS];
}

static void tile_begin(usage_sink_t *sink, const char *label,
                       const char *period, apr_int64_t number)
{
    usage_sink_html(sink,
                    "<div><dt>%s<span>%s</span></dt><dd><b>%n</b> <small>",
                    label, period, number);
}

static void tile_end(usage_sink_t *sink)
{
    usage_sink_html(sink, "</small></dd></div>\n");
}

/* Today isn't over, so it is measured against the whole of yesterday. */
static void change_put(usage_sink_t *sink, apr_int64_t today,
                       apr_int64_t yesterday)
{
    bool is_above = today > yesterday;
    apr_int64_t change = is_above ? today - yesterday : yesterday - today;

    if (yesterday <= 0) {
        usage_sink_html(sink, "none yesterday to compare");
        return;
    }
    if (change == 0) {
        usage_sink_html(sink, "as many as all of yesterday");
        return;
    }
    usage_sink_html(sink, "so far %p %s yesterday",
                    change / yesterday * 1000
                        + usage_ratio(change % yesterday, yesterday, 1000),
                    is_above ? "above" : "below");
}

static void range_put(usage_sink_t *sink, const usage_query_t *query)
{
    if (query->from <= 0) {
        usage_sink_html(sink, "until ");
    }
    else if (query->grain != USAGE_GRAIN_BASE && query->from < query->today) {
        usage_sink_html(sink, "%t to ", query->from);
    }
    usage_sink_html(sink, "%t", query->today);
}

/* Not added up over days: who came on two of them is one on each. */
static void visitors_tile(usage_sink_t *sink, const usage_model_t *model)
{
    tile_begin(sink, "Visitors today", "", model->today.of[USAGE_VISITORS]);
    usage_sink_html(sink, "%n yesterday", model->yesterday.of[USAGE_VISITORS]);
    if (model->query->grain != USAGE_GRAIN_BASE && model->days > 0) {
        usage_sink_html(sink, ", ");
        usage_words_average(sink, model->period.of[USAGE_VISITORS],
                            model->days);
        usage_sink_html(sink, " on an average day of the period");
    }
    tile_end(sink);
}

static void visits_tile(usage_sink_t *sink, const usage_model_t *model,
                        const char *label)
{
    apr_int64_t visits = model->period.of[USAGE_VISITS];
    apr_int64_t bounces = model->period.of[USAGE_BOUNCES];

    tile_begin(sink, "Visits, ", label, visits);
    if (visits > 0) {
        usage_sink_html(sink, "%p of them saw one page",
                        usage_ratio(bounces, visits, 1000));
    }
    else {
        usage_sink_html(sink, "none so far");
    }
    tile_end(sink);
}

void usage_tiles_render(usage_sink_t *sink, const usage_model_t *model)
{
    const usage_query_t *query = model->query;
    const char *label = usage_period_label(query->period);
    apr_int64_t hits = model->outcomes.sum;

    usage_sink_html(sink, "<dl class=\"tiles\">\n");
    tile_begin(sink, "Views today", "", views_in(&model->today));
    change_put(sink, views_in(&model->today), views_in(&model->yesterday));
    tile_end(sink);
    tile_begin(sink, "Views yesterday", "", views_in(&model->yesterday));
    usage_sink_html(sink, "%t, the whole day", query->today - 1);
    tile_end(sink);
    visitors_tile(sink, model);
    visits_tile(sink, model, label);
    tile_begin(sink, "Views, ", label, views_in(&model->period));
    range_put(sink, query);
    tile_end(sink);
    tile_begin(sink, "Hits, ", label, hits);
    usage_sink_html(sink, hits > 0 ? "%p of them were views" : "none so far",
                    usage_ratio(views_in(&model->period), hits, 1000));
    tile_end(sink);
    usage_sink_html(sink, "</dl>\n");
}
