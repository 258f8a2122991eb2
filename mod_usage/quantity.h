/* SPDX-License-Identifier: Apache-2.0 */
/* Directives of the whole server that set a number within a range. */
#ifndef USAGE_QUANTITY_H
#define USAGE_QUANTITY_H

#include <httpd.h>
#include <http_config.h>

/** What such a directive may say; its row's info in the table. */
typedef struct usage_range_t {
    apr_size_t offset; /**< of an apr_int64_t in usage_global_conf_t */
    apr_int64_t least;
    apr_int64_t most;
    const char *words; /**< least and most, for people */
} usage_range_t;

extern const usage_range_t usage_range_interval;
extern const usage_range_t usage_range_flush_interval;
extern const usage_range_t usage_range_flush_timeout;
extern const usage_range_t usage_range_slots;
extern const usage_range_t usage_range_visitors;
extern const usage_range_t usage_range_paths;
extern const usage_range_t usage_range_recent;

/** Seconds of "90", "90s", "15m", "2h" or "1d"; -1 if it is none of these. */
apr_int64_t usage_duration_parse(const char *text);

/* Setters for AP_INIT_TAKE1, with a usage_range_t as their info. */

/** Seconds, from a duration. */
const char *usage_set_duration(cmd_parms *cmd, void *dir, const char *value);

/** A number. */
const char *usage_set_number(cmd_parms *cmd, void *dir, const char *value);

/** A number, raised to the next power of two. */
const char *usage_set_places(cmd_parms *cmd, void *dir, const char *value);

/** How long a grain, or events, are kept: for AP_INIT_TAKE2, without info. */
const char *usage_set_retain(cmd_parms *cmd, void *dir, const char *word,
                             const char *value);

#endif
