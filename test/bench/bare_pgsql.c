/* SPDX-License-Identifier: Apache-2.0 */
/* The bare loop of PostgreSQL: a named statement, executed row by row. */
#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

enum { DIGITS = 24, TEXT_SIZE = 4096 };

/* A statement as the server has it, and what it binds. */
typedef struct prepared_t {
    char text[TEXT_SIZE];
    const bare_field_t *fields[BARE_PARAMETERS];
    int length;
} prepared_t;

static void check(PGconn *link, PGresult *result, const char *doing)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        bare_fail(doing, PQerrorMessage(link));
    }
    PQclear(result);
}

static void *open_database(const char *params)
{
    PGconn *link = PQconnectdb(params);
    if (PQstatus(link) != CONNECTION_OK) {
        bare_fail("connecting", PQerrorMessage(link));
    }
    return link;
}

static void say(void *link, const char *text)
{
    check(link, PQexec(link, text), text);
}

/* ":word" becomes "$1" and so on. */
static void translate(prepared_t *made, const char *text)
{
    size_t used = 0;
    made->length = 0;
    while (*text != '\0' && used + DIGITS < TEXT_SIZE) {
        if (*text != ':' || made->length == BARE_PARAMETERS) {
            made->text[used++] = *text++;
            continue;
        }
        const bare_field_t *field = bare_field(text + 1);
        made->fields[made->length++] = field;
        used +=
            (size_t)snprintf(made->text + used, DIGITS, "$%d", made->length);
        text += 1 + strlen(field->word);
    }
    made->text[used] = '\0';
}

static void add_row(PGconn *link, const prepared_t *made,
                    const usage_row_t *row)
{
    char numbers[BARE_PARAMETERS][DIGITS];
    const char *values[BARE_PARAMETERS];
    for (int i = 0; i < made->length; i++) {
        const bare_field_t *field = made->fields[i];
        values[i] = numbers[i];
        if (field->type == BARE_TEXT) {
            values[i] = bare_text(row, field);
        }
        else {
            snprintf(numbers[i], DIGITS, "%lld",
                     (long long)bare_number(row, field));
        }
    }
    check(link,
          PQexecPrepared(link, "bare", made->length, values, NULL, NULL, 0),
          made->text);
}

static void add(void *link, const char *text, const usage_row_t *rows,
                int count)
{
    prepared_t made;
    translate(&made, text);
    check(link, PQprepare(link, "bare", made.text, 0, NULL), text);
    for (int i = 0; i < count; i++) {
        add_row(link, &made, &rows[i]);
    }
    say(link, "DEALLOCATE bare");
}

static void close_database(void *link)
{
    PQfinish(link);
}

const bare_t bare_pgsql = { .driver = "pgsql",
                            .open = open_database,
                            .say = say,
                            .add = add,
                            .close = close_database };
