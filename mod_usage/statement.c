/* SPDX-License-Identifier: Apache-2.0 */
/* Translates and binds statements. One thread at a time a connection. */
#include "statement.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "sql.h"

#define NUMBER "%lld"
#define TEXT   "%s"

typedef struct parameter_t {
    const char *word;
    const char *format;
} parameter_t;

#define PARAMETER(id, word, type) [USAGE_PARAMETER_##id] = { word, type },
#define COUNTER(id, column)                                                    \
    [USAGE_PARAMETER_COUNTERS + USAGE_##id] = { #column, NUMBER },

static const parameter_t parameters[USAGE_PARAMETERS] = { USAGE_PARAMETER_LIST(
    PARAMETER) USAGE_COUNTER_LIST(COUNTER) };

static int find_parameter(const char *word, apr_size_t length)
{
    for (int i = 0; i < USAGE_PARAMETERS; i++) {
        if (strncmp(parameters[i].word, word, length) == 0
            && parameters[i].word[length] == '\0') {
            return i;
        }
    }
    return -1;
}

static apr_size_t word_length(const char *word)
{
    apr_size_t length = 0;
    while (apr_islower(word[length]) || word[length] == '_') {
        length++;
    }
    return length;
}

/* apr_dbd's form of the text; NULL if it binds something unknown. */
static const char *translate(usage_statement_t *statement, const char *text,
                             apr_pool_t *pool)
{
    apr_size_t room = strlen(text) * 2 + 1;
    char *made = apr_palloc(pool, room);
    char *to = made;
    statement->count = 0;
    while (*text != '\0') {
        if (*text != ':') {
            if (*text == '%') {
                *to++ = '%';
            }
            *to++ = *text++;
            continue;
        }
        apr_size_t length = word_length(text + 1);
        int found = find_parameter(text + 1, length);
        if (found < 0 || statement->count == USAGE_STATEMENT_SLOTS) {
            return NULL;
        }
        statement->order[statement->count++] = found;
        to = apr_cpystrn(to, parameters[found].format,
                         room - (apr_size_t)(to - made));
        text += 1 + length;
    }
    *to = '\0';
    return made;
}

/* Statements live in the pool of their hash: SQLite's driver keeps pointers to
 * them for as long as the connection is open. */
static int prepare(const usage_connection_t *connection, const char *text,
                   usage_statement_t **statement)
{
    apr_pool_t *pool = apr_hash_pool_get(connection->statements);
    usage_statement_t *made = apr_pcalloc(pool, sizeof *made);
    const char *translated = translate(made, text, pool);
    *statement = made;
    if (translated == NULL) {
        return APR_EGENERAL;
    }
    return apr_dbd_prepare(connection->driver, pool, connection->handle,
                           translated, NULL, &made->prepared);
}

int usage_statement_get(const usage_connection_t *connection, const char *name,
                        const usage_statement_t **statement)
{
    usage_statement_t *found =
        apr_hash_get(connection->statements, name, APR_HASH_KEY_STRING);
    int code = 0;
    if (found == NULL) {
        const char *text =
            usage_statement_text(apr_dbd_name(connection->driver), name);
        code = text != NULL ? prepare(connection, text, &found) : APR_ENOTIMPL;
    }
    if (code == 0) {
        apr_hash_set(connection->statements, name, APR_HASH_KEY_STRING, found);
    }
    *statement = code == 0 ? found : NULL;
    return code;
}

void usage_statement_drop(const usage_connection_t *connection,
                          const char *name)
{
    apr_hash_set(connection->statements, name, APR_HASH_KEY_STRING, NULL);
}

static void bind_values(const usage_statement_t *statement,
                        const usage_binding_t *binding, const void **values)
{
    for (int i = 0; i < statement->count; i++) {
        values[i] = binding->of[statement->order[i]];
    }
}

int usage_statement_run(const usage_statement_t *statement,
                        const usage_connection_t *connection,
                        const usage_binding_t *binding, int *affected)
{
    const void *values[USAGE_STATEMENT_SLOTS];
    bind_values(statement, binding, values);
    return apr_dbd_pbquery(connection->driver, connection->pool,
                           connection->handle, affected, statement->prepared,
                           values);
}

int usage_statement_select(const usage_statement_t *statement,
                           const usage_connection_t *connection,
                           const usage_binding_t *binding,
                           apr_dbd_results_t **results)
{
    const void *values[USAGE_STATEMENT_SLOTS];
    bind_values(statement, binding, values);
    *results = NULL;
    return apr_dbd_pbselect(connection->driver, connection->pool,
                            connection->handle, results, statement->prepared, 0,
                            values);
}

const char *usage_statement_text(const char *dialect, const char *name)
{
    for (int i = 0; i < usage_sql_count; i++) {
        if (strcmp(usage_sql[i].dialect, dialect) == 0
            && strcmp(usage_sql[i].name, name) == 0) {
            return usage_sql[i].text;
        }
    }
    return NULL;
}
