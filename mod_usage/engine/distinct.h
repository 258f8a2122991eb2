/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distinct things a day: users, and whatever other modules name. Each is known
 * only by a keyed hash of its category and its name, under the salt of the
 * day, and remembered among the visitors (session.h), whose sketches and closed
 * days are those of all categories (seen.h, close.h).
 */
#ifndef USAGE_DISTINCT_H
#define USAGE_DISTINCT_H

#include "hit.h"

/** Categories of other modules that a site may have on a day. */
#define USAGE_DISTINCT_CATEGORIES 100

/** The category of things whose own finds no room. */
#define USAGE_DISTINCT_OVERFLOW "*"

/**
 * Meet a thing.
 * @param category clean (clean.h); not that of visitors
 * @param id       what tells it from others of its category; any bytes
 * @param time     Unix seconds
 * @return whether it was not met before at this site on this day; false, too,
 *         if nobody can remember it
 */
bool usage_distinct_meet(const usage_memory_t *memory, const usage_host_t *host,
                         usage_text_t category, usage_text_t id,
                         apr_int64_t time);

/** As usage_distinct_meet, of a user, who is met at each view. */
void usage_distinct_meet_user(const usage_memory_t *memory,
                              const usage_host_t *host, const char *user,
                              apr_int64_t time);

/**
 * Whether a category is one of the module's own, in which nobody else may meet
 * things.
 * @param category clean
 */
bool usage_distinct_is_reserved(usage_text_t category);

/**
 * The category that another module's things are met under: its own, or
 * USAGE_DISTINCT_OVERFLOW when the day has had too many.
 * @param category clean
 * @param time     Unix seconds
 */
usage_text_t usage_distinct_admit(const usage_memory_t *memory,
                                  const usage_host_t *host,
                                  usage_text_t category, apr_int64_t time);

/**
 * Store a thing's name until the day is closed, for an exact number over
 * restarts and servers: in a table of its own, and nowhere else.
 * @param name clean
 */
void usage_distinct_name(const usage_memory_t *memory, const usage_host_t *host,
                         usage_text_t category, usage_text_t name,
                         apr_int64_t time);

#endif
