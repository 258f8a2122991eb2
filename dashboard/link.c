/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A query's arguments, one after another: each a name and a value, which a
 * link separates by "&" and a form has as inputs.
 */
#include "link.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/** Where arguments go to. */
typedef struct writing_t {
    usage_sink_t *sink;
    const char *but; /**< of inputs: names left out, or NULL: it is a link */
    int count;
} writing_t;

static bool is_left_out(const writing_t *writing, const char *name)
{
    const char *found = writing->but ? strstr(writing->but, name) : NULL;

    return found && found > writing->but && found[-1] == ' '
           && found[strlen(name)] == ' ';
}

/* A filter is "page:" and a value; of others, the prefix is "". It needs no
 * encoding. */
static void argument_put(writing_t *writing, const char *name,
                         const char *prefix, const char *value)
{
    if (is_left_out(writing, name)) {
        return;
    }
    if (writing->but) {
        usage_sink_html(writing->sink,
                        "<input type=\"hidden\" name=\"%s\" value=\"%s%s\">",
                        name, prefix, value);
        return;
    }
    usage_sink_html(writing->sink, writing->count++ > 0 ? "&amp;" : "?");
    usage_sink_html(writing->sink, "%s=%s%U", name, prefix, value);
}

static void number_put(writing_t *writing, const char *name, int number)
{
    char text[16];

    snprintf(text, sizeof text, "%d", number);
    argument_put(writing, name, "", text);
}

static void date_put(writing_t *writing, const char *name, apr_int64_t day)
{
    usage_date_t date = usage_calendar_date(day);
    char text[40];

    snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month,
             date.day);
    argument_put(writing, name, "", text);
}

static void filters_put(writing_t *writing, const usage_query_t *query)
{
    char prefix[32];

    for (int i = 0; i < USAGE_FILTERS; i++) {
        if (*query->filters[i]) {
            snprintf(prefix, sizeof prefix,
                     "%s:", usage_filter_word((usage_filter_e)i));
            argument_put(writing, "f", prefix, query->filters[i]);
        }
    }
    if (*query->counted) {
        char counted[512];

        snprintf(counted, sizeof counted, "%s%s%s", query->counted,
                 *query->name ? "/" : "", query->name);
        argument_put(writing, "f", "count:", counted);
    }
}

static void choices_put(writing_t *writing, const usage_query_t *query)
{
    if (*query->interval_word) {
        argument_put(writing, "interval", "", query->interval_word);
    }
    if (query->compare != USAGE_COMPARE_PREVIOUS) {
        argument_put(writing, "compare", "",
                     usage_compare_word(query->compare));
    }
    if (query->metric != USAGE_METRIC_VIEWS) {
        argument_put(writing, "metric", "", usage_metric_word(query->metric));
    }
    if (query->sort != USAGE_SORT_VIEWS) {
        argument_put(writing, "sort", "", usage_sort_word(query->sort));
    }
    filters_put(writing, query);
    if (*query->panel) {
        argument_put(writing, "panel", "", query->panel);
    }
    if (query->page > 1) {
        number_put(writing, "page", query->page);
    }
    if (query->has_limit) {
        number_put(writing, "limit", query->limit);
    }
    if (*query->lang) {
        argument_put(writing, "lang", "", query->lang);
    }
}

static void all_put(writing_t *writing, const usage_query_t *query,
                    const usage_range_t *days)
{
    if (days) {
        date_put(writing, "from", days->from);
        date_put(writing, "to", days->to);
    }
    else if (query->period != USAGE_PERIOD_30D) {
        argument_put(writing, "period", "", usage_period_word(query->period));
    }
    if (*query->site) {
        argument_put(writing, "site", "", query->site);
    }
    choices_put(writing, query);
    if (!writing->but && writing->count == 0) {
        usage_sink_html(writing->sink, "?");
    }
}

static void query_put(writing_t *writing, const usage_query_t *query)
{
    bool has_dates = query->period == USAGE_PERIOD_DATES;

    all_put(writing, query, has_dates ? &query->dates : NULL);
}

void usage_link_put(usage_sink_t *sink, const usage_query_t *query)
{
    writing_t writing = { .sink = sink };

    query_put(&writing, query);
}

void usage_link_days_put(usage_sink_t *sink, const usage_query_t *query,
                         const usage_range_t *days)
{
    writing_t writing = { .sink = sink };

    all_put(&writing, query, days);
}

void usage_link_inputs(usage_sink_t *sink, const usage_query_t *query,
                       const char *but)
{
    writing_t writing = { .sink = sink, .but = but };

    query_put(&writing, query);
}
