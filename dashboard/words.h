/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, sizes, ages and times as people read them: what the letters of
 * usage_sink_html() stand for, in the language of the sink. It has no markup,
 * so it needs no escaping in any format. A moment is Unix seconds, shown in the
 * sink's time zone; a date is a start of the database (usage_zone_start), the
 * same in every zone.
 */
#ifndef USAGE_WORDS_H
#define USAGE_WORDS_H

#include "engine/calendar.h"
#include "sink.h"

/** 12345 */
void usage_words_number(usage_sink_t *sink, apr_int64_t number);

/** 12,345 */
void usage_words_grouped(usage_sink_t *sink, apr_int64_t number);

/** What of @a sum comes to each of @a count, to the nearest: 1,234, below ten
 * with a tenth, 9.5; of none 0. */
void usage_words_average(usage_sink_t *sink, apr_int64_t sum,
                         apr_int64_t count);

/** Per mille as 12.3%; below zero as 0.0%. */
void usage_words_permille(usage_sink_t *sink, apr_int64_t number);

/** Hundred-thousandths as 12.345%, or 12.3%, for a place in a drawing; never
 * below 0. */
void usage_words_coordinate(usage_sink_t *sink, apr_int64_t number);

/** Bytes as 1.2 MB, rounded down; a MB is 1,000,000 bytes. */
void usage_words_bytes(usage_sink_t *sink, apr_int64_t number);

/** Seconds as 3 min. */
void usage_words_length(usage_sink_t *sink, apr_int64_t seconds);

/** Seconds as 3 min 20 s. */
void usage_words_duration(usage_sink_t *sink, apr_int64_t seconds);

/** Seconds as 3 min ago; a negative age is "never". */
void usage_words_age(usage_sink_t *sink, apr_int64_t seconds);

/** The date 2026-07-14 */
void usage_words_date(usage_sink_t *sink, apr_int64_t time);

/** The moment 2026-07-14 15:04 */
void usage_words_moment(usage_sink_t *sink, apr_int64_t time);

/** The date's month, 2026-07 */
void usage_words_month(usage_sink_t *sink, apr_int64_t time);

/** The date as 14 Jul */
void usage_words_day(usage_sink_t *sink, apr_int64_t time);

/** The moment's time of day, 15:04 */
void usage_words_clock(usage_sink_t *sink, apr_int64_t time);

/**
 * The name of the interval of @a grain that begins at @a start. Of two that
 * begin at the same time of day, as the clock was set back, the second is
 * marked.
 */
void usage_words_interval(usage_sink_t *sink, usage_grain_e grain,
                          apr_int64_t start);

/** The same, as short as it is clear under an axis. */
void usage_words_tick(usage_sink_t *sink, usage_grain_e grain,
                      apr_int64_t start);

/**
 * How many @a scale-ths of @a whole @a part is, rounded down, between 0 and
 * @a scale; 0 of an empty whole. With 100000 for %c.
 */
apr_int64_t usage_ratio(apr_int64_t part, apr_int64_t whole, apr_int64_t scale);

/** The same, to the nearest. */
apr_int64_t usage_nearest(apr_int64_t part, apr_int64_t whole,
                          apr_int64_t scale);

/** The same, and all of @a scale only where @a part is all; 1000 is for %p. */
apr_int64_t usage_share(apr_int64_t part, apr_int64_t whole, apr_int64_t scale);

#endif
