/* SPDX-License-Identifier: Apache-2.0 */
/* Translates and binds statements. One thread at a time a connection. */
#include "statement.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_tables.h>

#include "sql.h"
#include "trouble.h"

/* As often, and as long, as SQLite's driver waits for a lock elsewhere. */
#define TRIES 16
#define PAUSE (100 * APR_TIME_C(1000))

#define NUMBER "%lld"
#define TEXT   "%s"

typedef struct parameter_t {
    const char *word;
    const char *format;
} parameter_t;

#define PARAMETER(id, word, type) [USAGE_PARAMETER_##id] = { word, type },
#define COUNTER(id, column)                                                    \
    [USAGE_PARAMETER_COUNTERS + USAGE_##id] = { #column, NUMBER },

/* clang-format off */
static const parameter_t parameters[USAGE_PARAMETERS] = {
    USAGE_PARAMETER_LIST(PARAMETER) USAGE_COUNTER_LIST(COUNTER)
    [USAGE_PARAMETER_NAMES] = { "names", TEXT },
};
/* clang-format on */

static int find_parameter(const char *word, apr_size_t length)
{
    for (int i = 0; i <= USAGE_PARAMETER_NAMES; i++) {
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

/* The text with the tuple after VALUES as often as rows are to be added. */
static const char *repeat_tuple(const char *text, int rows, apr_pool_t *pool)
{
    const char *tuple = strstr(text, "VALUES (");
    const char *end = tuple != NULL ? strchr(tuple, ')') : NULL;
    if (rows == 1 || end == NULL) {
        return text;
    }
    tuple += strlen("VALUES ");
    end++;
    apr_array_header_t *parts = apr_array_make(pool, rows, sizeof(char *));
    for (int i = 0; i < rows; i++) {
        APR_ARRAY_PUSH(parts, const char *) =
            apr_pstrmemdup(pool, tuple, (apr_size_t)(end - tuple));
    }
    return apr_pstrcat(pool,
                       apr_pstrmemdup(pool, text, (apr_size_t)(tuple - text)),
                       apr_array_pstrcat(pool, parts, ','), end, NULL);
}

static int count_parameters(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++) {
        count += *text == ':';
        count += strncmp(text, ":names", 6) == 0 ? USAGE_NAMES : 0;
    }
    return count;
}

/* A parameter in apr_dbd's form; ":names" are several. */
static char *put_parameter(usage_statement_t *statement, int found, char *to,
                           const char *end)
{
    int times = found == USAGE_PARAMETER_NAMES ? USAGE_NAMES : 1;
    for (int i = 0; i < times; i++) {
        statement->order[statement->count++] = found + i;
        to = apr_cpystrn(to, i > 0 ? ", " : "", (apr_size_t)(end - to));
        to = apr_cpystrn(to, parameters[found].format, (apr_size_t)(end - to));
    }
    return to;
}

/* apr_dbd's form of the text; NULL if it binds something unknown. */
static const char *translate(usage_statement_t *statement, const char *text,
                             apr_pool_t *pool)
{
    apr_size_t count = (apr_size_t)count_parameters(text);
    apr_size_t room = (strlen(text) + count * sizeof NUMBER) * 2 + 1;
    char *made = apr_palloc(pool, room);
    char *to = made;
    statement->order = apr_palloc(pool, sizeof(int) * (count + 1));
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
        if (found < 0) {
            return NULL;
        }
        to = put_parameter(statement, found, to, made + room);
        text += 1 + length;
    }
    *to = '\0';
    return made;
}

/* The name by which the server knows a statement, or NULL for none: on a
 * connection that others use, or that was made anew behind our back, it could
 * be another's, or gone. */
static const char *label_of(const usage_connection_t *connection,
                            const char *name, int rows, apr_pool_t *pool)
{
    if (!connection->is_own || !connection->dialect->names_statements) {
        return NULL;
    }
    return apr_psprintf(pool, "usage_%s_%d", name, rows);
}

/* SQLite's driver waits where a statement that runs meets a lock, and not where
 * one is prepared; there a flusher that just closes the file would seem a
 * database that is away. A connection of one's own has its busy_timeout. */
static int prepare_in_turn(const usage_connection_t *connection,
                           const char *text, const char *label,
                           apr_dbd_prepared_t **prepared)
{
    apr_pool_t *pool = apr_hash_pool_get(connection->statements);
    int tries = connection->is_own ? 1 : TRIES;
    int code = apr_dbd_prepare(connection->driver, pool, connection->handle,
                               text, label, prepared);
    while (code != 0 && --tries > 0
           && usage_trouble_of(connection->dialect->driver, code, "")
                  == USAGE_TROUBLE_BUSY) {
        apr_sleep(PAUSE);
        code = apr_dbd_prepare(connection->driver, pool, connection->handle,
                               text, label, prepared);
    }
    return code;
}

/* Statements live in the pool of their hash: SQLite's driver keeps pointers to
 * them for as long as the connection is open. */
static int prepare(const usage_connection_t *connection, const char *name,
                   int rows, usage_statement_t **statement)
{
    apr_pool_t *pool = apr_hash_pool_get(connection->statements);
    usage_statement_t *made = apr_pcalloc(pool, sizeof *made);
    const char *text =
        usage_statement_text(connection->dialect->driver, name, 0);
    *statement = made;
    if (text == NULL) {
        return APR_ENOTIMPL;
    }
    made->rows = rows;
    text = translate(made, repeat_tuple(text, rows, pool), pool);
    if (text == NULL) {
        return APR_EGENERAL;
    }
    return prepare_in_turn(connection, text,
                           label_of(connection, name, rows, pool),
                           &made->prepared);
}

static const char *key_of(const char *name, int rows, apr_pool_t *pool)
{
    return rows == 1 ? name : apr_psprintf(pool, "%s %d", name, rows);
}

int usage_statement_get(const usage_connection_t *connection, const char *name,
                        int rows, const usage_statement_t **statement)
{
    const char *key = key_of(name, rows, connection->scratch);
    usage_statement_t *found =
        apr_hash_get(connection->statements, key, APR_HASH_KEY_STRING);
    int code = 0;
    if (found == NULL) {
        code = prepare(connection, name, rows, &found);
    }
    if (code == 0) {
        apr_pool_t *pool = apr_hash_pool_get(connection->statements);
        apr_hash_set(connection->statements, key_of(name, rows, pool),
                     APR_HASH_KEY_STRING, found);
    }
    *statement = code == 0 ? found : NULL;
    return code;
}

void usage_statement_drop(const usage_connection_t *connection,
                          const char *name)
{
    apr_hash_set(connection->statements, name, APR_HASH_KEY_STRING, NULL);
}

/* The values of all parameters in their order; what was in the scratch pool
 * before is gone. */
static const void **bind_values(const usage_statement_t *statement,
                                const usage_connection_t *connection,
                                const usage_binding_t *bindings)
{
    apr_pool_clear(connection->scratch);
    const void **values =
        apr_palloc(connection->scratch,
                   sizeof *values * (apr_size_t)(statement->count + 1));
    int per_row = statement->count / statement->rows;
    for (int i = 0; i < statement->count; i++) {
        values[i] = bindings[i / per_row].of[statement->order[i]];
    }
    return values;
}

int usage_statement_run(const usage_statement_t *statement,
                        const usage_connection_t *connection,
                        const usage_binding_t *bindings, int *affected)
{
    const void **values = bind_values(statement, connection, bindings);
    return apr_dbd_pbquery(connection->driver, connection->scratch,
                           connection->handle, affected, statement->prepared,
                           values);
}

int usage_statement_select(const usage_statement_t *statement,
                           const usage_connection_t *connection,
                           const usage_binding_t *binding,
                           apr_dbd_results_t **results)
{
    const void **values = bind_values(statement, connection, binding);
    *results = NULL;
    return apr_dbd_pbselect(connection->driver, connection->scratch,
                            connection->handle, results, statement->prepared,
                            connection->dialect->is_random, values);
}

static const char *text_of(const char *dialect, const char *name, int nth)
{
    for (int i = 0; i < usage_sql_count; i++) {
        if (strcmp(usage_sql[i].dialect, dialect) == 0
            && strcmp(usage_sql[i].name, name) == 0 && nth-- == 0) {
            return usage_sql[i].text;
        }
    }
    return NULL;
}

const char *usage_statement_text(const char *driver, const char *name, int nth)
{
    bool has_own = text_of(driver, name, 0) != NULL;
    return text_of(has_own ? driver : "", name, nth);
}

usage_connection_t *usage_connection_make(const apr_dbd_driver_t *driver,
                                          apr_dbd_t *handle,
                                          apr_hash_t *statements,
                                          apr_pool_t *pool)
{
    const usage_dialect_t *dialect = usage_dialect_of(apr_dbd_name(driver));
    if (dialect == NULL) {
        return NULL;
    }
    usage_connection_t *made = apr_palloc(pool, sizeof *made);
    *made = (usage_connection_t){
        .driver = driver,
        .handle = handle,
        .dialect = dialect,
        .is_own = statements == NULL,
        .pool = pool,
        .statements = statements != NULL ? statements : apr_hash_make(pool),
    };
    apr_pool_create(&made->scratch, pool);
    return made;
}
