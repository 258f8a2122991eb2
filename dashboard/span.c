/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A period is thought of in days, by their dates (starts of days, the same in
 * every zone), and made whole intervals of the chart's grain at the end.
 */
#include "span.h"

#include <string.h>

enum { DAY = 24 * 60 * 60 };

/* Days for which a chart has so many points that it still can be read. */
enum { DAYS_BY_HOUR = 31, DAYS_BY_DAY = 800 };

/* Days up to which dates are charted by the hour, and by the day. */
enum { FEW_DAYS = 2, SOME_DAYS = 120 };

/** What a period covers: the running day or month and some before it. */
typedef struct span_t {
    usage_grain_e grain;
    int days; /**< this many, with the running one */
    int months; /**< this many, with the running one */
} span_t;

/* clang-format off */
static const span_t spans[USAGE_PERIODS] = {
    [USAGE_PERIOD_DAY]   = { .grain = USAGE_GRAIN_BASE,  .days = 1 },
    [USAGE_PERIOD_7D]    = { .grain = USAGE_GRAIN_DAY,   .days = 7 },
    [USAGE_PERIOD_30D]   = { .grain = USAGE_GRAIN_DAY,   .days = 30 },
    [USAGE_PERIOD_90D]   = { .grain = USAGE_GRAIN_DAY,   .days = 90 },
    [USAGE_PERIOD_MONTH] = { .grain = USAGE_GRAIN_DAY,   .months = 1 },
    [USAGE_PERIOD_12MO]  = { .grain = USAGE_GRAIN_MONTH, .months = 12 },
    [USAGE_PERIOD_ALL]   = { .grain = USAGE_GRAIN_MONTH },
};
/* clang-format on */

/* The first and the last day, each by its start. */
typedef usage_range_t days_t;

/* The day that holds now; of all sites, wherever it is the latest. */
static apr_int64_t last_day(const usage_query_t *query)
{
    return *query->site == '\0'
               ? usage_zones_last_date(query->zones, query->now) * DAY
               : query->today;
}

static days_t days_of_period(const usage_query_t *query)
{
    const span_t *span = &spans[query->period];
    days_t days = { .from = 0, .to = last_day(query) };

    if (span->months > 0) {
        days.from = usage_calendar_month_add(query->today, 1 - span->months);
    }
    else if (span->days > 0) {
        days.from = query->today - (apr_int64_t)(span->days - 1) * DAY;
    }
    if (span->days == 1) {
        days.to = query->today;
    }
    return days;
}

static const char *days_of_dates(const usage_query_t *query,
                                 const usage_dates_t *dates, days_t *days)
{
    apr_int64_t last = last_day(query);

    days->from = dates->has_first ? dates->first : query->today;
    days->to = dates->has_last && dates->last < last ? dates->last : last;
    if (days->from > last) {
        return "The first day in this address is still to come.";
    }
    return days->from > days->to ? "The first day in this address comes after "
                                   "the last one."
                                 : NULL;
}

static apr_int64_t count_of(const days_t *days)
{
    return (days->to - days->from) / DAY + 1;
}

static usage_grain_e grain_that_fits(const usage_query_t *query,
                                     const days_t *days)
{
    if (query->period != USAGE_PERIOD_DATES) {
        return spans[query->period].grain;
    }
    if (count_of(days) <= FEW_DAYS) {
        return USAGE_GRAIN_BASE;
    }
    return count_of(days) <= SOME_DAYS ? USAGE_GRAIN_DAY : USAGE_GRAIN_MONTH;
}

static const char *grain_set(usage_query_t *query, const days_t *days)
{
    const char *word = query->interval_word;

    query->grain = grain_that_fits(query, days);
    if (strcmp(word, "hour") == 0) {
        query->grain = USAGE_GRAIN_BASE;
    }
    else if (strcmp(word, "day") == 0) {
        query->grain = USAGE_GRAIN_DAY;
    }
    else if (strcmp(word, "month") == 0) {
        query->grain = USAGE_GRAIN_MONTH;
    }
    if (query->grain == USAGE_GRAIN_BASE && count_of(days) > DAYS_BY_HOUR) {
        return "A chart by the hour can have 31 days at most.";
    }
    return query->grain == USAGE_GRAIN_DAY && count_of(days) > DAYS_BY_DAY
               ? "A chart by the day can have 800 days at most."
               : NULL;
}

/* Days as the intervals that hold them. */
static usage_range_t intervals_of(const usage_query_t *query,
                                  const days_t *days)
{
    switch (query->grain) {
    case USAGE_GRAIN_MONTH:
        return (usage_range_t){
            .from = days->from > 0 ? usage_calendar_month(days->from) : 0,
            .to = usage_calendar_month_add(days->to, 1),
        };
    case USAGE_GRAIN_DAY:
        return (usage_range_t){ .from = days->from, .to = days->to + DAY };
    default:
        return (usage_range_t){
            .from = usage_zone_date_start(query->zone, days->from / DAY),
            .to = usage_zone_date_start(query->zone, days->to / DAY + 1),
        };
    }
}

static bool is_first_of_month(apr_int64_t day)
{
    return usage_calendar_month(day) == day;
}

/* The months that days are, to their ends; 0 if they are no whole ones. */
static int months_of(const usage_query_t *query, const days_t *days)
{
    bool is_running =
        query->period < USAGE_PERIODS && spans[query->period].months > 0;
    usage_date_t first = usage_calendar_date(days->from);
    usage_date_t last = usage_calendar_date(days->to);

    return is_first_of_month(days->from)
                   && (is_running || is_first_of_month(days->to + DAY))
               ? (last.year - first.year) * 12 + last.month - first.month + 1
               : 0;
}

/* As many days, or months, so many times later. */
static days_t days_moved(const usage_query_t *query, const days_t *days,
                         int steps)
{
    int months = months_of(query, days);
    apr_int64_t length = count_of(days) * DAY;

    if (months > 0) {
        return (days_t){
            .from = usage_calendar_month_add(days->from, months * steps),
            .to = usage_calendar_month_add(days->from, months * (steps + 1))
                  - DAY,
        };
    }
    return (days_t){ .from = days->from + steps * length,
                     .to = days->to + steps * length };
}

/* The 29th of February has the 28th before it. */
static apr_int64_t year_before(apr_int64_t day)
{
    usage_date_t date = usage_calendar_date(day);

    date.year--;
    if (date.month == 2 && date.day == 29) {
        date.day = 28;
    }
    return usage_calendar_time(date);
}

/* With what days are compared: as many, none of which is one of them. */
static days_t days_compared(const usage_query_t *query, const days_t *days)
{
    days_t before = days_moved(query, days, -1);

    if (query->compare == USAGE_COMPARE_YEAR) {
        before.from = year_before(days->from);
    }
    before.to = before.from + days->to - days->from;
    return before;
}

static usage_range_t range_compared(const usage_query_t *query,
                                    const days_t *days)
{
    usage_range_t none = { 0, 0 };
    days_t before;

    if (query->compare == USAGE_COMPARE_NONE || days->from == 0) {
        return none;
    }
    before = days_compared(query, days);
    if (query->grain == USAGE_GRAIN_MONTH
        && query->compare == USAGE_COMPARE_PREVIOUS) {
        int months = months_of(query, days);
        usage_range_t range = intervals_of(query, days);

        if (months > 0) {
            return (usage_range_t){
                .from = usage_calendar_month_add(range.from, -months),
                .to = range.from,
            };
        }
    }
    return before.from > 0 ? intervals_of(query, &before) : none;
}

/* Whether rows since a start are still there: of a time that is deleted, or
 * half of it, nobody knows what has changed since. */
static bool is_kept(const usage_query_t *query, apr_int64_t start)
{
    usage_retain_e kind = (usage_retain_e)query->grain;

    return !query->retain
           || start >= usage_retain_first(
                  usage_retain_border(query->retain, kind, query->now),
                  query->grain);
}

static void compared_set(usage_query_t *query, const days_t *days)
{
    usage_range_t range = range_compared(query, days);
    bool is_asked = range.from < range.to;

    query->is_forgotten = is_asked && !is_kept(query, range.from);
    query->compared = query->is_forgotten ? (usage_range_t){ 0, 0 } : range;
}

const char *usage_span_set(usage_query_t *query, const usage_dates_t *dates)
{
    const char *problem = NULL;
    usage_range_t range;
    days_t days;

    if (query->period == USAGE_PERIOD_DATES) {
        problem = days_of_dates(query, dates, &days);
    }
    else {
        days = days_of_period(query);
    }
    if (!problem) {
        problem = grain_set(query, &days);
    }
    if (problem) {
        return problem;
    }
    range = intervals_of(query, &days);
    query->dates = days;
    query->from = range.from;
    query->to = range.to;
    compared_set(query, &days);
    return NULL;
}

bool usage_span_move(const usage_query_t *query, int steps, usage_range_t *days)
{
    days_t moved = days_moved(query, &query->dates, steps);

    if (query->dates.from <= 0 || moved.from <= 0
        || moved.from > last_day(query)) {
        return false;
    }
    *days = moved;
    return true;
}
