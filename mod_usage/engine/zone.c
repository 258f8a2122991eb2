/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks things up in a zone's spans. Runs in every process and thread; what
 * the way of a request asks often, clock.h remembers.
 */
#include "zone.h"

#define DAY APR_INT64_C(86400)

/* Before any time there is, and far from where arithmetic ends. */
#define EVER APR_INT64_C(-100000000000000)

static const usage_zone_span_t utc = { .from = EVER, .date = EVER / DAY };

const usage_zone_t usage_zone_utc = { .name = "UTC",
                                      .spans = &utc,
                                      .count = 1 };

/* Division that rounds towards minus infinity. */
static apr_int64_t floor_div(apr_int64_t a, apr_int64_t b)
{
    return a / b - (a % b < 0);
}

/* The last span of which @a is_before is true; the first, if it is of none. */
static const usage_zone_span_t *
find(const usage_zone_t *zone,
     bool (*is_before)(const usage_zone_span_t *span, apr_int64_t value),
     apr_int64_t value)
{
    int low = 0;
    int high = zone->count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (is_before(&zone->spans[middle], value)) {
            low = middle;
        }
        else {
            high = middle;
        }
    }
    return &zone->spans[low];
}

static bool holds_time(const usage_zone_span_t *span, apr_int64_t time)
{
    return span->from <= time;
}

static bool begins_before_date(const usage_zone_span_t *span, apr_int64_t date)
{
    return span->date < date;
}

static const usage_zone_span_t *span_of(const usage_zone_t *zone,
                                        apr_int64_t time)
{
    return find(zone, holds_time, time);
}

static bool is_last(const usage_zone_t *zone, const usage_zone_span_t *span)
{
    return span == &zone->spans[zone->count - 1];
}

/* The date that a span's clock shows, or, set back, has shown. */
static apr_int64_t date_in(const usage_zone_span_t *span, apr_int64_t time)
{
    apr_int64_t shown = floor_div(time + span->offset, DAY);
    return shown > span->date ? shown : span->date;
}

const usage_zone_t *usage_zone_make(const char *name, usage_zone_span_t *spans,
                                    int count, apr_pool_t *pool)
{
    usage_zone_t *zone = apr_palloc(pool, sizeof *zone);
    apr_int64_t reached = EVER / DAY;
    spans[0].from = EVER;
    for (int i = 0; i < count; i++) {
        spans[i].date = reached;
        spans[i].date = date_in(&spans[i], spans[i].from);
        if (i + 1 < count) {
            reached = date_in(&spans[i], spans[i + 1].from - 1);
        }
    }
    *zone = (usage_zone_t){ .name = name, .spans = spans, .count = count };
    return zone;
}

apr_int64_t usage_zone_offset(const usage_zone_t *zone, apr_int64_t time)
{
    return span_of(zone, time)->offset;
}

bool usage_zone_is_repeated(const usage_zone_t *zone, apr_int64_t time)
{
    const usage_zone_span_t *span = span_of(zone, time);
    return span != zone->spans
           && time - span->from < span[-1].offset - span->offset;
}

apr_int64_t usage_zone_date(const usage_zone_t *zone, apr_int64_t time)
{
    return date_in(span_of(zone, time), time);
}

/* In the last span that begins before the date, or right behind it. */
apr_int64_t usage_zone_date_start(const usage_zone_t *zone, apr_int64_t date)
{
    const usage_zone_span_t *span = find(zone, begins_before_date, date);
    apr_int64_t start = date * DAY - span->offset;
    return !is_last(zone, span) && start > span[1].from ? span[1].from : start;
}

apr_int64_t usage_zone_day(const usage_zone_t *zone, apr_int64_t time)
{
    return usage_zone_date_start(zone, usage_zone_date(zone, time));
}

apr_int64_t usage_zone_day_next(const usage_zone_t *zone, apr_int64_t time)
{
    return usage_zone_date_start(zone, usage_zone_date(zone, time) + 1);
}

/* The last multiple of the interval that a span's clock shows up to a time. */
static apr_int64_t multiple_in(const usage_zone_span_t *span, apr_int64_t time,
                               apr_int64_t interval)
{
    return floor_div(time + span->offset, interval) * interval - span->offset;
}

apr_int64_t usage_zone_base(const usage_zone_t *zone, apr_int64_t time,
                            apr_int64_t interval)
{
    const usage_zone_span_t *span = span_of(zone, time);
    apr_int64_t day = usage_zone_day(zone, time);
    apr_int64_t start = multiple_in(span, time, interval);
    while (span != zone->spans && start <= span->from) {
        start = multiple_in(span - 1, span->from, interval);
        if (start == span->from) {
            break;
        }
        span--;
    }
    return start > day ? start : day;
}

apr_int64_t usage_zone_base_next(const usage_zone_t *zone, apr_int64_t time,
                                 apr_int64_t interval)
{
    const usage_zone_span_t *span = span_of(zone, time);
    apr_int64_t day = usage_zone_day_next(zone, time);
    apr_int64_t next = multiple_in(span, time, interval) + interval;
    while (!is_last(zone, span) && next > span[1].from) {
        span++;
        next = multiple_in(span, span->from, interval) + interval;
    }
    return next < day ? next : day;
}

apr_int64_t usage_zone_start(const usage_zone_t *zone, apr_int64_t time,
                             usage_grain_e grain, apr_int64_t interval)
{
    switch (grain) {
    case USAGE_GRAIN_MONTH:
        return usage_calendar_month(usage_zone_date(zone, time) * DAY);
    case USAGE_GRAIN_DAY:
        return usage_zone_date(zone, time) * DAY;
    default:
        return usage_zone_base(zone, time, interval);
    }
}

apr_int64_t usage_zone_next(const usage_zone_t *zone, apr_int64_t start,
                            usage_grain_e grain, apr_int64_t interval)
{
    return grain == USAGE_GRAIN_BASE
               ? usage_zone_base_next(zone, start, interval)
               : usage_calendar_next(start, grain, interval);
}
