/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a flush is compared with: the same statements, run by the driver's own
 * library, a row at a time. Whatever goes wrong ends the program.
 */
#ifndef BARE_H
#define BARE_H

#include "engine/store.h"

/** A database's own library. */
typedef struct bare_t {
    const char *driver; /**< apr_dbd's name of it */
    /** Connect. @param params as DBDParams has them */
    void *(*open)(const char *params);
    /** Run statements that bind nothing. */
    void (*say)(void *link, const char *text);
    /** Prepare a statement with :words, and run it for each row. */
    void (*add)(void *link, const char *text, const usage_row_t *rows,
                int count);
    void (*close)(void *link);
} bare_t;

extern const bare_t bare_sqlite;
extern const bare_t bare_pgsql;

/** Parameters of a statement at most. */
enum { BARE_PARAMETERS = 32 };

/** Where a :word of a statement stands in a row. */
typedef struct bare_field_t {
    const char *word;
    enum { BARE_NUMBER, BARE_GRAIN, BARE_TEXT } type;
    size_t offset;
} bare_field_t;

/** The field of the word that begins at @a text, behind its colon. */
const bare_field_t *bare_field(const char *text);

/** A field that is a number. */
apr_int64_t bare_number(const usage_row_t *row, const bare_field_t *field);

/** A field that is a text. */
const char *bare_text(const usage_row_t *row, const bare_field_t *field);

/** Say what is wrong, and exit. */
void bare_fail(const char *doing, const char *problem)
    __attribute__((noreturn));

#endif
