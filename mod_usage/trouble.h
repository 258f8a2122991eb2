/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a driver's error means: whether to try again, and what to do about it.
 *
 * SQLite's driver returns SQLite's code, but 1 where it gave up waiting for a
 * lock; MySQL's returns the server's or the client library's number;
 * PostgreSQL's returns 7 for everything, so that the text must do. A server
 * may be set to another language than English: what no text matches is
 * UNKNOWN, and tried again a few times.
 */
#ifndef USAGE_TROUBLE_H
#define USAGE_TROUBLE_H

#include <stdbool.h>

/** X(id, attempts, advice): attempts at a flush; 0 for all it has time for. */
#define USAGE_TROUBLE_LIST(X)                                                  \
    X(UNKNOWN, 3, "the database's own log may tell more")                      \
    X(BUSY, 0, "another program holds locks there; look who")                  \
    X(APART, 0,                                                                \
      "this node of the cluster is joining the others, or has lost most of "   \
      "them: see that they run")                                               \
    X(SLOW, 1,                                                                 \
      "it had no answer by the dashboard's deadline: see what the database "   \
      "does, and what holds locks there, or keep less (UsageRetain)")          \
    X(LOST, 0, "see that the database runs and can be reached from here")      \
    X(AWAY, 8, "see that the database runs and can be reached from here")      \
    X(RIGHTS, 1,                                                               \
      "let the user of DBDParams create tables, or make them from sql/ and "   \
      "grant SELECT, INSERT, UPDATE, DELETE")                                  \
    X(FILE_RIGHTS, 1,                                                          \
      "give the database and its folder to the server's user (chown)")         \
    X(READ_ONLY, 1, "name the database that takes writes in DBDParams")        \
    X(FULL, 1, "make room for the database")                                   \
    X(ENCODING, 1, "make the database anew with encoding UTF8")                \
    X(DAMAGED, 1, "put a backup in its place, or move it away")                \
    X(FOREIGN, 1,                                                              \
      "the tables are not this version's: give mod_usage a database of its "   \
      "own, or make what is missing from sql/")

#define USAGE_TROUBLE_ENUM(id, attempts, advice) USAGE_TROUBLE_##id,
typedef enum usage_trouble_e {
    USAGE_TROUBLE_LIST(USAGE_TROUBLE_ENUM) USAGE_TROUBLES
} usage_trouble_e;
#undef USAGE_TROUBLE_ENUM

/**
 * What an error means.
 * @param driver apr_dbd's name of it
 * @param code   what apr_dbd returned
 * @param words  apr_dbd_error's text
 */
usage_trouble_e usage_trouble_of(const char *driver, int code,
                                 const char *words);

/** What to do about it, for people. */
const char *usage_trouble_advice(usage_trouble_e trouble);

/** How often to try a flush in all; 0 as often as its time permits. */
int usage_trouble_attempts(usage_trouble_e trouble);

#endif
