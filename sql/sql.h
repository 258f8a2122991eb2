/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statements of the files in sql/, embedded at build (build/embed-sql.awk).
 * How they are written is told in sql/Makefile.inc.
 */
#ifndef USAGE_SQL_H
#define USAGE_SQL_H

/** One statement, named by the "-- name:" line before it. */
typedef struct usage_sql_t {
    const char *dialect; /**< apr_dbd's name of the driver: "sqlite3"; or "",
                              for all that have none of their own */
    const char *name; /**< several statements of one name run in order */
    const char *text;
} usage_sql_t;

/** All statements of all dialects, in the order of the files. */
extern const usage_sql_t usage_sql[];
extern const int usage_sql_count;

/** The version of the schema that they make, read and write. */
extern const int usage_sql_version;

#endif
