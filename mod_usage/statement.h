/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A named statement of sql/, prepared on one connection. Its ":words" become
 * apr_dbd's "%s" and "%lld" in the order in which they stand, each as often as
 * it stands there; binding is by name, so the SQL decides what it needs.
 * ":names" becomes USAGE_NAMES texts with commas between.
 */
#ifndef USAGE_STATEMENT_H
#define USAGE_STATEMENT_H

#include <apr_dbd.h>
#include <apr_hash.h>
#include <apr_pools.h>

#include "dialect.h"
#include "engine/store.h"

/** X(id, word, type): all that a statement can bind. */
#define USAGE_PARAMETER_LIST(X)                                                \
    X(GRAIN, "grain", NUMBER)                                                  \
    X(START, "start", NUMBER)                                                  \
    X(PART, "part", NUMBER)                                                    \
    X(FROM, "from", NUMBER)                                                    \
    X(TO, "to", NUMBER)                                                        \
    X(LIMIT, "limit", NUMBER)                                                  \
    X(DEPTH, "depth", NUMBER)                                                  \
    X(WAS_FROM, "was_from", NUMBER)                                            \
    X(WAS_TO, "was_to", NUMBER)                                                \
    X(WAY, "way", NUMBER)                                                      \
    X(NUMBER, "number", NUMBER)                                                \
    X(NOW, "now", NUMBER)                                                      \
    X(DAY, "day", NUMBER)                                                      \
    X(TIME, "time", NUMBER)                                                    \
    X(SEQUENCE, "sequence", NUMBER)                                            \
    X(NEW, "new", NUMBER)                                                      \
    X(KEEP, "keep", NUMBER)                                                    \
    X(EXPIRES, "expires", NUMBER)                                              \
    X(LATEST, "latest", NUMBER)                                                \
    X(DONE, "done", NUMBER)                                                    \
    X(DOUBTED, "doubted", NUMBER)                                              \
    X(DAYS, "days", NUMBER)                                                    \
    X(SALT, "salt", TEXT)                                                      \
    X(SKETCH, "sketch", TEXT)                                                  \
    X(SITE, "site", TEXT)                                                      \
    X(NAME, "name", TEXT)                                                      \
    X(CATEGORY, "category", TEXT)                                              \
    X(DEVICE, "device", TEXT)                                                  \
    X(BROWSER, "browser", TEXT)                                                \
    X(SYSTEM, "system", TEXT)                                                  \
    X(NODE, "node", TEXT)                                                      \
    X(VERSION, "version", TEXT)

#define USAGE_PARAMETER_ENUM(id, word, type) USAGE_PARAMETER_##id,
enum {
    USAGE_PARAMETER_LIST(USAGE_PARAMETER_ENUM) USAGE_PARAMETER_COUNTERS,
    USAGE_PARAMETER_NAMES = USAGE_PARAMETER_COUNTERS + USAGE_COUNTERS,
    USAGE_PARAMETERS = USAGE_PARAMETER_NAMES + USAGE_NAMES
};
#undef USAGE_PARAMETER_ENUM

/** Where the value of each parameter is: a string, or an apr_int64_t. */
typedef struct usage_binding_t {
    const void *of[USAGE_PARAMETERS];
} usage_binding_t;

/** A connection, as mod_dbd hands it out. */
typedef struct usage_connection_t {
    const apr_dbd_driver_t *driver;
    apr_dbd_t *handle;
    const usage_dialect_t *dialect;
    bool is_own; /**< nobody else uses it, so that names are free to take */
    apr_pool_t *pool; /**< of errors */
    apr_pool_t *scratch; /**< of one run: cleared by the next */
    apr_hash_t *statements; /**< "name rows" to usage_statement_t; where it
                                 lives, they do */
} usage_connection_t;

typedef struct usage_statement_t {
    apr_dbd_prepared_t *prepared;
    int rows; /**< that it adds at a time */
    int count;
    int *order; /**< parameters, as they stand */
} usage_statement_t;

/**
 * Take up a connection.
 * @param dbd_driver, handle  as mod_dbd has them
 * @param statements          what was prepared on it before, or an empty hash;
 *                            NULL for one that no other user will see
 * @param pool                outlives the connection's use
 * @return NULL if there is no dialect for the driver
 */
usage_connection_t *usage_connection_make(const apr_dbd_driver_t *driver,
                                          apr_dbd_t *handle,
                                          apr_hash_t *statements,
                                          apr_pool_t *pool);

/**
 * The prepared statement of a name, from the connection's own or made anew.
 * @param name      names a text in the driver's dialect
 * @param rows      how often the tuple after VALUES stands in it
 * @param statement set to it, or to NULL when it can't be prepared
 * @return 0, or the driver's error
 */
int usage_statement_get(const usage_connection_t *connection, const char *name,
                        int rows, const usage_statement_t **statement);

/** Forget a statement: SQLite's break when anyone changes the schema. */
void usage_statement_drop(const usage_connection_t *connection,
                          const char *name);

/**
 * Run a statement that returns no rows.
 * @param bindings one for each of the statement's rows
 * @return 0, or the driver's error
 */
int usage_statement_run(const usage_statement_t *statement,
                        const usage_connection_t *connection,
                        const usage_binding_t *bindings, int *affected);

/**
 * Run a statement that returns rows, which live until the connection is used
 * again.
 * @return 0, or the driver's error
 */
int usage_statement_select(const usage_statement_t *statement,
                           const usage_connection_t *connection,
                           const usage_binding_t *binding,
                           apr_dbd_results_t **results);

/**
 * The text of a statement: the dialect's own, else that of all.
 * @param nth counts from 0 where several have the name
 * @return NULL if there is none
 */
const char *usage_statement_text(const char *driver, const char *name, int nth);

#endif
