/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, sizes, ages and times as people read them, in the sink's language.
 * No locale: a dashboard looks the same from every server.
 */
#include "words.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, TENTHS = 10 };

static void text_put(usage_sink_t *sink, const char *text)
{
    usage_sink_raw(sink, text, strlen(text));
}

/* Where it is written from right to left, what follows keeps its order. */
static void keep_order(usage_sink_t *sink)
{
    if (usage_language_is_rtl(sink->language)) {
        text_put(sink, "\xE2\x80\x8E");
    }
}

void usage_words_number(usage_sink_t *sink, apr_int64_t number)
{
    char text[24];

    apr_snprintf(text, sizeof(text), "%" APR_INT64_T_FMT, number);
    text_put(sink, text);
}

void usage_words_grouped(usage_sink_t *sink, apr_int64_t number)
{
    char digits[24];
    apr_size_t count;
    apr_uint64_t size = (apr_uint64_t)number;

    if (number < 0) {
        size = 0 - size;
        text_put(sink, "-");
    }
    apr_snprintf(digits, sizeof(digits), "%" APR_UINT64_T_FMT, size);
    count = strlen(digits);
    for (apr_size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0) {
            text_put(sink, sink->language->group);
        }
        usage_sink_raw(sink, digits + i, 1);
    }
}

void usage_words_average(usage_sink_t *sink, apr_int64_t sum, apr_int64_t count)
{
    bool is_some = sum > 0 && count > 0;
    apr_int64_t whole = is_some ? sum / count : 0;
    apr_int64_t tenths =
        is_some ? usage_nearest(sum % count, count, TENTHS) : 0;

    if (whole + tenths / TENTHS >= 10) {
        usage_words_grouped(sink, whole + usage_nearest(sum % count, count, 1));
        return;
    }
    usage_words_number(sink, whole + tenths / TENTHS);
    text_put(sink, sink->language->point);
    usage_words_number(sink, tenths % TENTHS);
}

void usage_words_permille(usage_sink_t *sink, apr_int64_t number)
{
    apr_int64_t tenths = number > 0 ? number : 0;

    keep_order(sink);
    usage_words_grouped(sink, tenths / 10);
    text_put(sink, sink->language->point);
    usage_words_number(sink, tenths % 10);
    text_put(sink, "%");
}

void usage_words_coordinate(usage_sink_t *sink, apr_int64_t number)
{
    enum { SCALE = 1000 };
    apr_int64_t rest = number > 0 ? number % SCALE : 0;

    usage_words_number(sink, number > 0 ? number / SCALE : 0);
    for (int scale = SCALE / 10; rest > 0; scale /= 10) {
        const char digit = (char)('0' + rest / scale);

        text_put(sink, scale == SCALE / 10 ? "." : "");
        usage_sink_raw(sink, &digit, 1);
        rest %= scale;
    }
    text_put(sink, "%");
}

void usage_words_bytes(usage_sink_t *sink, apr_int64_t number)
{
    static const char *const units[] = { " B",  " kB", " MB", " GB",
                                         " TB", " PB", " EB" };
    apr_int64_t tenths = 0;
    int unit = 0;

    for (; number >= 1000; unit++) {
        tenths = number % 1000 / 100;
        number /= 1000;
    }
    usage_words_number(sink, number);
    if (unit > 0) {
        text_put(sink, sink->language->point);
        usage_words_number(sink, tenths);
    }
    text_put(sink, units[unit]);
}

/** Lengths below so many seconds are told in such units. */
static const struct {
    int below, unit;
    const char *words;
    const char *ago;
} lengths[] = {
    { MINUTE, 1, N_("%n s"), N_("%n s ago") },
    { HOUR, MINUTE, N_("%n min"), N_("%n min ago") },
    { 2 * DAY, HOUR, N_("%n h"), N_("%n h ago") },
    { INT_MAX, DAY, N_("%n days"), N_("%n days ago") },
};

static int length_find(apr_int64_t seconds)
{
    int i = 0;

    while (seconds >= lengths[i].below && i < 3) {
        i++;
    }
    return i;
}

void usage_words_length(usage_sink_t *sink, apr_int64_t seconds)
{
    int i = length_find(seconds);

    usage_sink_say(sink, lengths[i].words, seconds / lengths[i].unit);
}

void usage_words_age(usage_sink_t *sink, apr_int64_t seconds)
{
    int i = length_find(seconds);

    if (seconds < 0) {
        usage_sink_say(sink, "never");
        return;
    }
    usage_sink_say(sink, lengths[i].ago, seconds / lengths[i].unit);
}

void usage_words_duration(usage_sink_t *sink, apr_int64_t seconds)
{
    if (seconds < MINUTE) {
        usage_sink_say(sink, "%n s", seconds);
    }
    else if (seconds < HOUR) {
        usage_sink_say(sink, "%n min %n s", seconds / MINUTE, seconds % MINUTE);
    }
    else {
        usage_sink_say(sink, "%n h %n min", seconds / HOUR,
                       seconds % HOUR / MINUTE);
    }
}

static void two_digits_put(usage_sink_t *sink, int number)
{
    const char digits[] = { (char)('0' + number / 10 % 10),
                            (char)('0' + number % 10) };

    usage_sink_raw(sink, digits, sizeof(digits));
}

void usage_words_month(usage_sink_t *sink, apr_int64_t time)
{
    usage_date_t date = usage_calendar_date(time);

    usage_words_number(sink, date.year);
    text_put(sink, "-");
    two_digits_put(sink, date.month);
}

void usage_words_date(usage_sink_t *sink, apr_int64_t time)
{
    usage_words_month(sink, time);
    text_put(sink, "-");
    two_digits_put(sink, usage_calendar_date(time).day);
}

void usage_words_clock(usage_sink_t *sink, apr_int64_t time)
{
    apr_int64_t clock = usage_zone_clock(sink->zone, time);
    int minutes = (int)((clock - usage_calendar_day(clock)) / MINUTE);

    two_digits_put(sink, minutes / 60);
    text_put(sink, ":");
    two_digits_put(sink, minutes % 60);
}

void usage_words_moment(usage_sink_t *sink, apr_int64_t time)
{
    keep_order(sink);
    usage_words_date(sink, usage_zone_clock(sink->zone, time));
    text_put(sink, " ");
    usage_words_clock(sink, time);
}

static void base_put(usage_sink_t *sink, apr_int64_t start)
{
    usage_words_moment(sink, start);
    if (usage_zone_is_repeated(sink->zone, start)) {
        text_put(sink, " ");
        usage_sink_say(sink, "again");
    }
}

static const char *const months[] = {
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
};

void usage_words_day(usage_sink_t *sink, apr_int64_t time)
{
    usage_date_t date = usage_calendar_date(time);

    usage_sink_say(sink, "%d %w", (apr_int64_t)date.day,
                   months[date.month - 1]);
}

static void month_name_put(usage_sink_t *sink, apr_int64_t time)
{
    usage_date_t date = usage_calendar_date(time);

    usage_sink_html(sink, "%w %d", months[date.month - 1],
                    (apr_int64_t)date.year);
}

/** How the intervals of a grain are named. */
static const struct {
    void (*name)(usage_sink_t *sink, apr_int64_t start);
    void (*tick)(usage_sink_t *sink, apr_int64_t start);
} intervals[USAGE_GRAINS] = {
    [USAGE_GRAIN_BASE] = { base_put, usage_words_clock },
    [USAGE_GRAIN_DAY] = { usage_words_date, usage_words_day },
    [USAGE_GRAIN_MONTH] = { usage_words_month, month_name_put },
};

void usage_words_interval(usage_sink_t *sink, usage_grain_e grain,
                          apr_int64_t start)
{
    intervals[grain].name(sink, start);
}

void usage_words_tick(usage_sink_t *sink, usage_grain_e grain,
                      apr_int64_t start)
{
    intervals[grain].tick(sink, start);
}

apr_int64_t usage_ratio(apr_int64_t part, apr_int64_t whole, apr_int64_t scale)
{
    if (part <= 0 || whole <= 0) {
        return 0;
    }
    if (part >= whole) {
        return scale;
    }
    while (whole > APR_INT64_MAX / scale) {
        whole /= 2;
        part /= 2;
    }
    return part * scale / whole;
}

apr_int64_t usage_nearest(apr_int64_t part, apr_int64_t whole,
                          apr_int64_t scale)
{
    return (usage_ratio(part, whole, 2 * scale) + 1) / 2;
}

apr_int64_t usage_share(apr_int64_t part, apr_int64_t whole, apr_int64_t scale)
{
    apr_int64_t share = usage_nearest(part, whole, scale);

    return share == scale && part < whole ? scale - 1 : share;
}
