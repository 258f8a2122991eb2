/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where intervals begin. A grain is the length of a counting interval; an
 * interval is named by its first second (Unix time). Pure arithmetic in UTC.
 */
#ifndef USAGE_CALENDAR_H
#define USAGE_CALENDAR_H

#include <apr.h>

/** The grains every batch is written in; the numbers are in the database. */
typedef enum usage_grain_e {
    USAGE_GRAIN_BASE = 0,
    USAGE_GRAIN_DAY = 1,
    USAGE_GRAIN_MONTH = 2,
    USAGE_GRAINS
} usage_grain_e;

/** A date of the proleptic Gregorian calendar: month 1 to 12, day 1 to 31. */
typedef struct usage_date_t {
    int year;
    int month;
    int day;
} usage_date_t;

/**
 * The first second of the base interval that holds @a time.
 * @param time     Unix time in seconds
 * @param interval the interval's length in seconds, a divisor of a day
 */
apr_int64_t usage_calendar_base(apr_int64_t time, apr_int64_t interval);

/** The first second of the day that holds @a time. */
apr_int64_t usage_calendar_day(apr_int64_t time);

/** The first second of the month that holds @a time. */
apr_int64_t usage_calendar_month(apr_int64_t time);

/**
 * The first second of the month @a months after the month that holds
 * @a time; negative for months before it.
 */
apr_int64_t usage_calendar_month_add(apr_int64_t time, int months);

/** The first second of the interval of @a grain that holds @a time. */
apr_int64_t usage_calendar_start(apr_int64_t time, usage_grain_e grain,
                                 apr_int64_t interval);

/** The first second of the interval of @a grain after the one of @a start. */
apr_int64_t usage_calendar_next(apr_int64_t start, usage_grain_e grain,
                                apr_int64_t interval);

/** The date on which @a time falls. */
usage_date_t usage_calendar_date(apr_int64_t time);

/** The first second of @a date. */
apr_int64_t usage_calendar_time(usage_date_t date);

#endif
