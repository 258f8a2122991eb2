/* SPDX-License-Identifier: Apache-2.0 */
/* The page's first look: a few numbers, large, each the way to its chart. */
#include "tiles.h"

#include "change.h"
#include "link.h"
#include "measure.h"
#include "words.h"

/* Minutes that are "now". */
enum { NOW = 5 };

static bool has_day_only(const usage_query_t *query)
{
    return query->dates.from == query->dates.to;
}

static const char *label_of(const usage_query_t *query, usage_metric_e metric)
{
    return metric == USAGE_METRIC_VISITORS && !has_day_only(query)
               ? N_("Visitors a day")
               : usage_metric_label(metric);
}

/* Visitors aren't added up over days: who came on two of them is one on
 * each. */
static void number_put(usage_sink_t *sink, const usage_model_t *model,
                       usage_metric_e metric)
{
    const usage_values_t *values = &model->period;

    if (metric == USAGE_METRIC_VISITORS && !has_day_only(model->query)) {
        usage_words_average(sink, values->of[USAGE_VISITORS], model->days);
        return;
    }
    usage_measure_put(sink, metric, usage_measure_of(metric, values, 0));
}

static void change_put(usage_sink_t *sink, const usage_model_t *model,
                       usage_metric_e metric)
{
    apr_int64_t value = usage_measure_of(metric, &model->period, model->days);
    apr_int64_t was =
        usage_measure_of(metric, &model->compared, model->compared_days);

    if (!usage_query_is_compared(model->query)) {
        return;
    }
    usage_sink_html(sink, "<span>");
    usage_change_put(sink, "i", value, was);
    if (was > 0) {
        usage_sink_html(sink, " <small>");
        usage_sink_say(sink, "from");
        usage_sink_html(sink, " ");
        usage_measure_put(sink, metric, was);
        usage_sink_html(sink, "</small>");
    }
    usage_sink_html(sink, "</span>");
}

static void today_put(usage_sink_t *sink, const usage_model_t *model,
                      usage_metric_e metric)
{
    int value = metric == USAGE_METRIC_VISITORS ? USAGE_VISITORS : USAGE_VIEWS;

    if ((metric != USAGE_METRIC_VISITORS && metric != USAGE_METRIC_VIEWS)
        || !model->has_days) {
        return;
    }
    usage_sink_html(sink, "<small>");
    usage_sink_say(sink, "%n today, %n yesterday", model->today.of[value],
                   model->yesterday.of[value]);
    usage_sink_html(sink, "</small>");
}

static void link_put(usage_sink_t *sink, const usage_query_t *query,
                     usage_metric_e metric)
{
    usage_query_t other = *query;

    other.metric = metric;
    usage_sink_html(sink, "<li class=\"%s\"><a href=\"",
                    usage_metric_word(metric));
    usage_link_put(sink, &other);
    usage_sink_html(sink, metric == query->metric ? "\" aria-current=\"true\">"
                                                  : "\">");
}

static void tile_put(usage_sink_t *sink, const usage_model_t *model,
                     usage_metric_e metric)
{
    link_put(sink, model->query, metric);
    usage_sink_html(sink, "<span>%w</span> <b>",
                    label_of(model->query, metric));
    number_put(sink, model, metric);
    usage_sink_html(sink, "</b> ");
    change_put(sink, model, metric);
    today_put(sink, model, metric);
    usage_sink_html(sink, "</a></li>\n");
}

/* Of some views nobody knows who the visitors were. */
static void unknown_tile(usage_sink_t *sink)
{
    usage_sink_html(sink,
                    "<li class=\"plain\"><span>%w</span> <b>\xE2\x80\x93</b> "
                    "<small>%w</small></li>\n",
                    N_("Visitors"), N_("not known of these views alone"));
}

/* Of a count there is nothing but how often. */
static void count_tile(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<li class=\"plain\"><span>%w</span> <b>%n</b> ",
                    N_("Count"), model->period.of[USAGE_VIEWS]);
    change_put(sink, model, USAGE_METRIC_VIEWS);
    usage_sink_html(sink, "</li>\n");
}

/* It leads to the last hour, where the page has one. */
static void now_tile(usage_sink_t *sink, const usage_model_t *model)
{
    bool has_hour = model->hits > 0 || model->newest_count > 0;
    apr_int64_t views = 0;

    for (int i = USAGE_MINUTES - NOW; i < USAGE_MINUTES; i++) {
        views += model->minutes[i];
    }
    usage_sink_html(sink, has_hour ? "<li class=\"now\" data-live=\"now\">"
                                     "<a href=\"#hour\">"
                                   : "<li class=\"now plain\" "
                                     "data-live=\"now\">");
    usage_sink_html(sink, "<span>%w</span> ", N_("Now"));
    if (model->shares_hour) {
        usage_sink_html(sink, "<b>\xE2\x80\x93</b> <small>%w</small>",
                        N_("not known of this site"));
    }
    else {
        usage_sink_html(sink, "<b>%n</b> <small>%w</small>", views,
                        N_("views in five minutes"));
    }
    usage_sink_html(sink, has_hour ? "</a></li>\n" : "</li>\n");
}

static void metrics_put(usage_sink_t *sink, const usage_model_t *model)
{
    for (int i = 0; i < USAGE_METRICS; i++) {
        if (i == USAGE_METRIC_VISITORS && !model->has_visitors) {
            unknown_tile(sink);
        }
        else if (i <= USAGE_METRIC_VIEWS || model->has_visits) {
            tile_put(sink, model, (usage_metric_e)i);
        }
    }
}

/* What the names of the tiles stand for. */
static void about_put(usage_sink_t *sink, const usage_model_t *model)
{
    if (*model->query->counted) {
        return;
    }
    usage_sink_html(
        sink, "<details><summary>%w</summary><p>%w</p></details>\n",
        N_("What these numbers are"),
        N_("A visitor is who came on a day, known for that day alone. A visit "
           "ends with a pause; one of a single view is a bounce. Its duration "
           "is from its first view to its last, on average."));
}

void usage_tiles_render(usage_sink_t *sink, const usage_model_t *model)
{
    usage_sink_html(sink, "<ul class=\"tiles\" aria-label=\"%w\">\n",
                    N_("The period in numbers; each shows its chart"));
    if (*model->query->counted) {
        count_tile(sink, model);
    }
    else {
        metrics_put(sink, model);
    }
    now_tile(sink, model);
    usage_sink_html(sink, "</ul>\n");
    about_put(sink, model);
}
