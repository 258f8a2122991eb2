/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept how long (UsageRetain), and the deleting of the rest. Every
 * count is in the base, day and month grain at once, so nothing is rolled up:
 * what is old is only deleted. Events alone are summed, by category, into the
 * event "" before they go.
 *
 * A row is kept while it is one of the running day or month, or of as many
 * before it as UsageRetain says, in whatever zone its site counts: a day or a
 * month runs as long as it does anywhere, which is 12 hours longer than in UTC.
 * One node keeps what all have written, and does not know their zones.
 */
#ifndef USAGE_RETENTION_H
#define USAGE_RETENTION_H

#include "piece.h"

/** X(id, word, unit, standard, most): from 1 to most of the unit. */
#define USAGE_RETAIN_LIST(X)                                                   \
    X(BASE, "base", "d", 7, 3660)                                              \
    X(DAY, "day", "d", 90, 36600)                                              \
    X(MONTH, "month", "mo", 24, 1200)                                          \
    X(EVENTS, "events", "mo", 3, 1200)

/** The first three are of their usage_grain_e. */
#define USAGE_RETAIN_ENUM(id, word, unit, standard, most) USAGE_RETAIN_##id,
typedef enum usage_retain_e {
    USAGE_RETAIN_LIST(USAGE_RETAIN_ENUM) USAGE_RETAINS
} usage_retain_e;
#undef USAGE_RETAIN_ENUM

/** How many days or months of each to keep, besides the running one. */
typedef struct usage_retain_t {
    apr_int64_t of[USAGE_RETAINS];
} usage_retain_t;

/** What is kept how long where nothing says so. */
usage_retain_t usage_retain_standard(void);

/** The first date that is kept, as usage_zone_start has it. */
apr_int64_t usage_retain_border(const usage_retain_t *retain,
                                usage_retain_e kind, apr_int64_t now);

/** The first start that is kept, of rows of a grain. Base intervals have the
 * times at which they begin: that of the border's date does so first in the
 * east, 14 hours before it does in UTC. */
apr_int64_t usage_retain_first(apr_int64_t border, usage_grain_e grain);

/** The first date that is not over: the earlier ones are in every zone, for
 * the longest UsageSessionWindow, too. */
apr_int64_t usage_retain_open(apr_int64_t now, apr_int64_t window);

/* Steps of keeping (piece.h). */

/** Sum old events of a grain. */
usage_piece_fn usage_retain_fold;

/** Delete what is old of one table and grain. */
usage_piece_fn usage_retain_drop;

/** Delete the newest views beyond UsageRecent, of sites without new ones. */
usage_piece_fn usage_retain_recent;

#endif
