/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statements of the files in sql/, embedded at build (build/embed-sql.awk).
 * A dialect is its files: adding one adds no code here.
 */
#ifndef USAGE_SQL_H
#define USAGE_SQL_H

/** The schema's version that this build reads and writes. */
#define USAGE_SCHEMA_VERSION 1

/** One statement, named by the "-- name:" line before it. */
typedef struct usage_sql_t {
    const char *dialect; /**< apr_dbd's name of the driver: "sqlite3" */
    const char *name;    /**< several statements of one name run in order */
    const char *text;
} usage_sql_t;

/** All statements of all dialects, in the order of the files. */
extern const usage_sql_t usage_sql[];
extern const int usage_sql_count;

#endif
