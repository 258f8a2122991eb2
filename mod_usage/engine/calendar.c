/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interval arithmetic. Dates are counted in days from 0000-03-01, so that the
 * leap day ends a year and months follow a straight line (Howard Hinnant,
 * "chrono-compatible low-level date algorithms").
 */
#include "calendar.h"

#define DAY          APR_INT64_C(86400)
#define DAYS_TO_1970 APR_INT64_C(719468)
#define DAYS_IN_ERA  APR_INT64_C(146097)

/* Division that rounds towards minus infinity. */
static apr_int64_t floor_div(apr_int64_t a, apr_int64_t b)
{
    return a / b - (a % b < 0);
}

static apr_int64_t days_from_date(usage_date_t date)
{
    apr_int64_t year = date.year - (date.month <= 2);
    apr_int64_t era = floor_div(year, 400);
    apr_int64_t year_of_era = year - era * 400;
    apr_int64_t month_from_march = (date.month + 9) % 12;
    apr_int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    apr_int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_IN_ERA + day_of_era - DAYS_TO_1970;
}

static usage_date_t date_from_days(apr_int64_t days)
{
    apr_int64_t shifted = days + DAYS_TO_1970;
    apr_int64_t era = floor_div(shifted, DAYS_IN_ERA);
    apr_int64_t day_of_era = shifted - era * DAYS_IN_ERA;
    apr_int64_t year_of_era = (day_of_era - day_of_era / 1460
                               + day_of_era / 36524 - day_of_era / 146096)
                              / 365;
    apr_int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    apr_int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int month = (int)(month_from_march + (month_from_march < 10 ? 3 : -9));
    return (usage_date_t){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
}

apr_int64_t usage_calendar_base(apr_int64_t time, apr_int64_t interval)
{
    return floor_div(time, interval) * interval;
}

apr_int64_t usage_calendar_day(apr_int64_t time)
{
    return floor_div(time, DAY) * DAY;
}

apr_int64_t usage_calendar_month(apr_int64_t time)
{
    return usage_calendar_month_add(time, 0);
}

apr_int64_t usage_calendar_month_add(apr_int64_t time, int months)
{
    usage_date_t date = usage_calendar_date(time);
    apr_int64_t count = (apr_int64_t)date.year * 12 + date.month - 1 + months;
    apr_int64_t year = floor_div(count, 12);
    return usage_calendar_time((usage_date_t){
        .year = (int)year, .month = (int)(count - year * 12) + 1, .day = 1 });
}

apr_int64_t usage_calendar_start(apr_int64_t time, usage_grain_e grain,
                                 apr_int64_t interval)
{
    switch (grain) {
    case USAGE_GRAIN_MONTH:
        return usage_calendar_month(time);
    case USAGE_GRAIN_DAY:
        return usage_calendar_day(time);
    default:
        return usage_calendar_base(time, interval);
    }
}

apr_int64_t usage_calendar_next(apr_int64_t start, usage_grain_e grain,
                                apr_int64_t interval)
{
    switch (grain) {
    case USAGE_GRAIN_MONTH:
        return usage_calendar_month_add(start, 1);
    case USAGE_GRAIN_DAY:
        return usage_calendar_day(start) + DAY;
    default:
        return usage_calendar_base(start, interval) + interval;
    }
}

usage_date_t usage_calendar_date(apr_int64_t time)
{
    return date_from_days(floor_div(time, DAY));
}

apr_int64_t usage_calendar_time(usage_date_t date)
{
    return days_from_date(date) * DAY;
}
