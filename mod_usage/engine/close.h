/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The day's close: when a day is over in every time zone, and no visit can
 * reach back into it, the sketches that nodes have of it become one number.
 *
 *     usage_seen                                  usage_average
 *     day  site  category  node    visitors       start  site  visitors  days
 *      1    a    visitor   first       5  sketch
 *      1    a    visitor   second      4  sketch
 *     ->
 *      1    a    visitor   ""          7            1     a        7       1
 *
 * A day on which a site had hits and no visitors is closed, too, with none: it
 * was observed, and counts in the month's average. What a node writes of a
 * day after its close is added to the number when it is closed in its turn:
 * then a visitor whom another node had met counts twice.
 */
#ifndef USAGE_CLOSE_H
#define USAGE_CLOSE_H

#include "piece.h"

/** Merge what nodes know of days that are over. */
usage_piece_fn usage_close_days;

/** Close the days that had hits and no visitors. */
usage_piece_fn usage_close_observed;

#endif
