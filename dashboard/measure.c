/* SPDX-License-Identifier: Apache-2.0 */
/* A row for each metric, in one table. */
#include "measure.h"

#include "words.h"

enum { MINUTE = 60, HUNDREDTHS = 100, PERMILLE = 1000 };

static apr_int64_t of(const usage_values_t *values, int value)
{
    return values->of[value] > 0 ? values->of[value] : 0;
}

/* Rounded down; numbers that large are no one's. */
static apr_int64_t ratio(apr_int64_t part, apr_int64_t whole, int scale)
{
    return whole > 0 && part < APR_INT64_MAX / scale ? part * scale / whole : 0;
}

apr_int64_t usage_measure_of(usage_metric_e metric,
                             const usage_values_t *values, apr_int64_t days)
{
    apr_int64_t visits = of(values, USAGE_VISITS);

    switch (metric) {
    case USAGE_METRIC_VISITORS:
        return of(values, USAGE_VISITORS) / (days > 0 ? days : 1);
    case USAGE_METRIC_VISITS:
        return visits;
    case USAGE_METRIC_DEPTH:
        return ratio(of(values, USAGE_VIEWS), visits, HUNDREDTHS);
    case USAGE_METRIC_BOUNCE:
        return usage_share(of(values, USAGE_BOUNCES), visits, PERMILLE);
    case USAGE_METRIC_DURATION:
        return ratio(of(values, USAGE_SECONDS), visits, 1);
    default:
        return of(values, USAGE_VIEWS);
    }
}

apr_int64_t usage_measure_point(const usage_query_t *query,
                                const usage_point_t *point)
{
    return usage_measure_of(
        *query->counted ? USAGE_METRIC_VIEWS : query->metric, &point->values,
        query->grain == USAGE_GRAIN_MONTH ? point->days : 0);
}

bool usage_measure_is_count(usage_metric_e metric)
{
    return metric <= USAGE_METRIC_VIEWS;
}

/* Times are read in sixties, and all else in tens. */
apr_int64_t usage_measure_step(usage_metric_e metric, int i)
{
    static const int factors[] = { 1, 2, 5 };
    static const int seconds[] = { 10, 20, 30, 60, 120, 300, 600, 1200, 1800 };
    const int count = sizeof seconds / sizeof *seconds;
    apr_int64_t step = 1;

    if (metric == USAGE_METRIC_DURATION && i < count) {
        return seconds[i];
    }
    if (metric == USAGE_METRIC_DURATION) {
        step = 60 * (apr_int64_t)MINUTE;
        i -= count;
    }
    else if (metric == USAGE_METRIC_BOUNCE) {
        step = 10;
    }
    else if (metric == USAGE_METRIC_DEPTH) {
        step = HUNDREDTHS / 10;
    }
    for (int power = 0; power < i / 3; power++) {
        step *= 10;
    }
    return step * factors[i % 3];
}

void usage_measure_put(usage_sink_t *sink, usage_metric_e metric,
                       apr_int64_t measure)
{
    switch (metric) {
    case USAGE_METRIC_DEPTH:
        usage_words_average(sink, measure, HUNDREDTHS);
        break;
    case USAGE_METRIC_BOUNCE:
        usage_words_permille(sink, measure);
        break;
    case USAGE_METRIC_DURATION:
        usage_words_duration(sink, measure);
        break;
    default:
        usage_words_grouped(sink, measure);
    }
}

static void count_say(usage_sink_t *sink, usage_metric_e metric,
                      apr_int64_t count)
{
    if (metric == USAGE_METRIC_VISITORS) {
        usage_sink_say(sink, count == 1 ? N_("%n visitor") : N_("%n visitors"),
                       count);
    }
    else if (metric == USAGE_METRIC_VISITS) {
        usage_sink_say(sink, count == 1 ? N_("%n visit") : N_("%n visits"),
                       count);
    }
    else {
        usage_sink_say(sink, count == 1 ? N_("%n view") : N_("%n views"),
                       count);
    }
}

void usage_measure_say(usage_sink_t *sink, const usage_query_t *query,
                       apr_int64_t measure)
{
    if (*query->counted || !usage_measure_is_count(query->metric)) {
        usage_measure_put(sink,
                          *query->counted ? USAGE_METRIC_VIEWS : query->metric,
                          measure);
        return;
    }
    count_say(sink, query->metric, measure);
}

static void thousands_put(usage_sink_t *sink, apr_int64_t number,
                          apr_int64_t step)
{
    static const char *const units[] = { "", "k", "M", "B" };
    apr_int64_t unit = 1;
    int name = 0;

    while (step / unit >= 1000 && name < 3) {
        unit *= 1000;
        name++;
    }
    usage_sink_html(sink, "%n%s", number / unit,
                    number == 0 ? "" : units[name]);
}

static void clock_put(usage_sink_t *sink, apr_int64_t seconds)
{
    usage_sink_html(sink, seconds % MINUTE < 10 ? "%d:0%d" : "%d:%d",
                    seconds / MINUTE, seconds % MINUTE);
}

void usage_measure_tick(usage_sink_t *sink, usage_metric_e metric,
                        apr_int64_t measure, apr_int64_t step)
{
    switch (metric) {
    case USAGE_METRIC_DEPTH:
        usage_words_average(sink, measure, HUNDREDTHS);
        break;
    case USAGE_METRIC_BOUNCE:
        usage_sink_html(sink, "%n%%", measure / 10);
        break;
    case USAGE_METRIC_DURATION:
        clock_put(sink, measure);
        break;
    default:
        thousands_put(sink, measure, step);
    }
}
