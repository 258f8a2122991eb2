/* SPDX-License-Identifier: Apache-2.0 */
/* The bare loop of SQLite, which knows :words itself. */
#include "bare.h"

#include <sqlite3.h>

static void check(sqlite3 *link, int code, const char *doing)
{
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        bare_fail(doing, sqlite3_errmsg(link));
    }
}

static void *open_file(const char *params)
{
    sqlite3 *link = NULL;
    int code = sqlite3_open(params, &link);
    check(link, code, params);
    return link;
}

static void say(void *link, const char *text)
{
    check(link, sqlite3_exec(link, text, NULL, NULL, NULL), text);
}

static void bind_one(sqlite3_stmt *statement, int index, const usage_row_t *row,
                     const bare_field_t *field)
{
    if (field->type == BARE_TEXT) {
        sqlite3_bind_text(statement, index, bare_text(row, field), -1,
                          SQLITE_STATIC);
    }
    else {
        sqlite3_bind_int64(statement, index, bare_number(row, field));
    }
}

static void add(void *link, const char *text, const usage_row_t *rows,
                int count)
{
    const bare_field_t *fields[BARE_PARAMETERS];
    sqlite3_stmt *statement;
    check(link, sqlite3_prepare_v2(link, text, -1, &statement, NULL), text);
    int length = sqlite3_bind_parameter_count(statement);
    for (int i = 0; i < length && i < BARE_PARAMETERS; i++) {
        fields[i] =
            bare_field(sqlite3_bind_parameter_name(statement, i + 1) + 1);
    }
    for (int row = 0; row < count; row++) {
        for (int i = 0; i < length; i++) {
            bind_one(statement, i + 1, &rows[row], fields[i]);
        }
        check(link, sqlite3_step(statement), text);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void close_file(void *link)
{
    sqlite3_close(link);
}

const bare_t bare_sqlite = { .driver = "sqlite3",
                             .open = open_file,
                             .say = say,
                             .add = add,
                             .close = close_file };
