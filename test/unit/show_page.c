/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the page of a model of its own: show_page LANGUAGE STATE */
#include "rich.h"

#include <stdio.h>

static apr_status_t print(void *baton, const char *data, apr_size_t length)
{
    return fwrite(data, 1, length, baton) == length ? APR_SUCCESS
                                                    : APR_EGENERAL;
}

static void filtered(sample_t *sample)
{
    sample->query.filters[USAGE_FILTER_PAGE] = "/docs/";
    sample->query.filters[USAGE_FILTER_DEVICE] = "mobile";
    sample->model.has_visitors = sample->model.has_names = false;
}

static void counted(sample_t *sample)
{
    sample->query.counted = "source-search";
    sample->query.name = "Google";
    sample->model.has_visitors = sample->model.has_visits = false;
}

static void alone(sample_t *sample)
{
    sample->query.panel = "pages";
    sample->query.page = 2;
    sample->model.pages.first = 10;
}

static void bounce(sample_t *sample)
{
    sample->query.metric = USAGE_METRIC_BOUNCE;
}

static void duration(sample_t *sample)
{
    sample->query.metric = USAGE_METRIC_DURATION;
}

static void empty(sample_t *sample)
{
    const usage_ranking_t none = { .rows = NULL };

    sample->model = (usage_model_t){
        .query = &sample->query,
        .events = sample_events(&none),
        .health = { .age = -1, .node = "n", .version = "1" },
    };
}

static void away(sample_t *sample)
{
    sample->model.health.database_error = "unable to open database file";
    sample->model.health.flush_error = "disk full";
    sample->model.health.failing_since = now - 7200;
}

static void uncompared(sample_t *sample)
{
    sample->query.compare = USAGE_COMPARE_NONE;
    sample->query.compared = (usage_range_t){ 0, 0 };
}

static const struct {
    const char *name;
    void (*change)(sample_t *sample);
} states[] = {
    { "filtered", filtered }, { "counted", counted },       { "alone", alone },
    { "bounce", bounce },     { "duration", duration },     { "empty", empty },
    { "away", away },         { "uncompared", uncompared },
};

int main(int argc, char **argv)
{
    usage_sink_t sink;
    sample_t *sample;

    apr_initialize();
    apr_pool_create(&unit_pool, NULL);
    sample = rich_make();
    sample->query.lang = argc > 1 ? argv[1] : "";
    for (size_t i = 0; argc > 2 && i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i].name, argv[2]) == 0) {
            states[i].change(sample);
        }
    }
    usage_sink_init(&sink, print, stdout);
    return usage_html_render(&sample->model, ".", &sink) != APR_SUCCESS;
}
