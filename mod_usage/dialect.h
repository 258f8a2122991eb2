/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What C must know of a database and its driver. What only SQL must know is in
 * the files of sql/.
 */
#ifndef USAGE_DIALECT_H
#define USAGE_DIALECT_H

#include <stdbool.h>

#include <apr_pools.h>

/** Sizes of the statements that add many rows. */
#define USAGE_DIALECT_SIZES 3

typedef struct usage_dialect_t {
    const char *driver; /**< apr_dbd's name of it, and that of files in sql/ */
    const char *title; /**< for people */
    const char *params; /**< an example for DBDParams */
    bool is_file; /**< DBDParams is the name of a file */
    /** A pooled connection's prepared statements stay good from request to
     *  request; others are prepared for each. */
    bool keeps_statements;
    /** A statement is prepared by the server under a name, and without one
     *  parsed each time it is run. */
    bool names_statements;
    /** apr_dbd's `random`: the only way to get rows and errors. */
    int is_random;
    /** Rows to a statement: the most first, the last is 1. */
    int rows[USAGE_DIALECT_SIZES];
} usage_dialect_t;

/** The dialect of a driver, or NULL: it has no schema in sql/. */
const usage_dialect_t *usage_dialect_of(const char *driver);

/**
 * Which database DBDParams names, for people: nothing else of it, as it may
 * have a password.
 * @param params what DBDParams says
 */
const char *usage_dialect_place(const usage_dialect_t *dialect,
                                const char *params, apr_pool_t *pool);

/** The drivers that there is a dialect for, as a list for people. */
const char *usage_dialect_drivers(apr_pool_t *pool);

#endif
