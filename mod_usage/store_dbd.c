/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's functions, each a named statement of the connection's dialect.
 * Runs in the flusher, and in a child's thread for the dashboard.
 *
 * apr_dbd reports failure in ways of its own: transaction_end tells nothing
 * after a rollback, so `failed` remembers; a failed transaction_start leaves a
 * transaction behind that must be ended.
 */
#include "store_dbd.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "sql.h"

typedef struct dbd_store_t {
    usage_store_t store; /* first, so that the one is the other */
    usage_connection_t connection;
    const char *dialect;
    const char *version;
    apr_dbd_transaction_t *transaction;
    const char *error;
} dbd_store_t;

static const char *const fact_statements[USAGE_FACTS] = {
    [USAGE_FACT_VIEW] = "add_view",
    [USAGE_FACT_TOTAL] = "add_total",
    [USAGE_FACT_PAGE] = "add_page",
    [USAGE_FACT_EVENT] = "add_event",
};

#define QUESTION(id, name) [USAGE_ASK_##id] = #name,
static const char *const question_statements[USAGE_QUESTIONS] = {
    USAGE_QUESTION_LIST(QUESTION)
};

static dbd_store_t *of(usage_store_t *store)
{
    return (dbd_store_t *)(void *)store;
}

/* Keep a driver's error as the store's, with what was being done. */
static apr_status_t fail(dbd_store_t *dbd, const char *doing, int code)
{
    const usage_connection_t *c = &dbd->connection;
    const char *words = apr_dbd_error(c->driver, c->handle, code);
    dbd->error = apr_psprintf(c->pool, "%s: %s (%s %d)", doing,
                              words != NULL ? words : "no reason given",
                              dbd->dialect, code);
    return APR_EGENERAL;
}

static apr_status_t run(dbd_store_t *dbd, const char *name,
                        const usage_binding_t *binding, int *affected)
{
    const usage_statement_t *statement;
    int code = usage_statement_get(&dbd->connection, name, &statement);
    if (code == 0) {
        code =
            usage_statement_run(statement, &dbd->connection, binding, affected);
    }
    return code == 0 ? APR_SUCCESS : fail(dbd, name, code);
}

static apr_int64_t number_at(dbd_store_t *dbd, apr_dbd_row_t *row, int column)
{
    const char *text = apr_dbd_get_entry(dbd->connection.driver, row, column);
    return text != NULL ? apr_atoi64(text) : 0;
}

static usage_answer_t answer_of(dbd_store_t *dbd, apr_dbd_row_t *row,
                                int columns)
{
    const char *name = apr_dbd_get_entry(dbd->connection.driver, row, 0);
    usage_answer_t answer = { .name = name != NULL ? name : "",
                              .start = number_at(dbd, row, 1) };
    for (int i = 0; i < USAGE_COUNTERS && i + 2 < columns; i++) {
        answer.values.of[i] = number_at(dbd, row, i + 2);
    }
    return answer;
}

/* Walk all rows, so that the driver lets go of them, whatever fn says. */
static apr_status_t each_row(dbd_store_t *dbd, apr_dbd_results_t *results,
                             usage_answer_fn *fn, void *baton)
{
    const usage_connection_t *c = &dbd->connection;
    int columns = apr_dbd_num_cols(c->driver, results);
    apr_dbd_row_t *row = NULL;
    apr_status_t rv = APR_SUCCESS;
    while (apr_dbd_get_row(c->driver, c->pool, results, &row, -1) == 0) {
        if (rv == APR_SUCCESS) {
            usage_answer_t answer = answer_of(dbd, row, columns);
            rv = fn(baton, &answer);
        }
    }
    return rv;
}

static int select_once(dbd_store_t *dbd, const char *name,
                       const usage_binding_t *binding,
                       apr_dbd_results_t **results)
{
    const usage_statement_t *statement;
    int code = usage_statement_get(&dbd->connection, name, &statement);
    if (code == 0) {
        code = usage_statement_select(statement, &dbd->connection, binding,
                                      results);
    }
    return code;
}

/* A statement kept from before may be broken: prepare it anew, once. */
static apr_status_t select_rows(dbd_store_t *dbd, const char *name,
                                const usage_binding_t *binding,
                                usage_answer_fn *fn, void *baton)
{
    apr_dbd_results_t *results;
    int code = select_once(dbd, name, binding, &results);
    if (code != 0) {
        usage_statement_drop(&dbd->connection, name);
        code = select_once(dbd, name, binding, &results);
    }
    if (code != 0) {
        return fail(dbd, name, code);
    }
    return each_row(dbd, results, fn, baton);
}

/* Statements that return one number return it as their only column. */
static apr_status_t take_number(void *baton, const usage_answer_t *row)
{
    *(apr_int64_t *)baton = apr_atoi64(row->name);
    return APR_SUCCESS;
}

/* Run one text that binds nothing. SQLite answers 100 where rows came. */
static apr_status_t execute(dbd_store_t *dbd, const char *name,
                            const char *text)
{
    const usage_connection_t *c = &dbd->connection;
    int affected;
    int code = apr_dbd_query(c->driver, c->handle, &affected, text);
    bool is_rows = code == 100 && strcmp(dbd->dialect, "sqlite3") == 0;
    return code == 0 || is_rows ? APR_SUCCESS : fail(dbd, name, code);
}

static apr_status_t dbd_begin(usage_store_t *store)
{
    dbd_store_t *dbd = of(store);
    const usage_connection_t *c = &dbd->connection;
    int code = apr_dbd_transaction_start(c->driver, c->pool, c->handle,
                                         &dbd->transaction);
    if (code != 0) {
        fail(dbd, "beginning a transaction", code);
        store->rollback(store);
        return APR_EGENERAL;
    }
    return APR_SUCCESS;
}

static apr_status_t dbd_commit(usage_store_t *store)
{
    dbd_store_t *dbd = of(store);
    const usage_connection_t *c = &dbd->connection;
    int code = apr_dbd_transaction_end(c->driver, c->pool, dbd->transaction);
    dbd->transaction = NULL;
    return code == 0 ? APR_SUCCESS : fail(dbd, "committing", code);
}

static void dbd_rollback(usage_store_t *store)
{
    dbd_store_t *dbd = of(store);
    const usage_connection_t *c = &dbd->connection;
    if (dbd->transaction == NULL) {
        return;
    }
    apr_dbd_transaction_mode_set(c->driver, dbd->transaction,
                                 APR_DBD_TRANSACTION_ROLLBACK);
    apr_dbd_transaction_end(c->driver, c->pool, dbd->transaction);
    dbd->transaction = NULL;
}

static apr_status_t make_schema(dbd_store_t *dbd)
{
    apr_status_t rv = dbd_begin(&dbd->store);
    for (int i = 0; rv == APR_SUCCESS && i < usage_sql_count; i++) {
        if (strcmp(usage_sql[i].dialect, dbd->dialect) == 0
            && strcmp(usage_sql[i].name, "schema") == 0) {
            rv = execute(dbd, "making the tables", usage_sql[i].text);
        }
    }
    if (rv == APR_SUCCESS) {
        return dbd_commit(&dbd->store);
    }
    dbd_rollback(&dbd->store);
    return rv;
}

static apr_status_t check_version(dbd_store_t *dbd)
{
    apr_int64_t version = 0;
    usage_binding_t nothing = { { NULL } };
    apr_status_t rv =
        select_rows(dbd, "version", &nothing, take_number, &version);
    if (rv != APR_SUCCESS || version == USAGE_SCHEMA_VERSION) {
        return rv;
    }
    dbd->error = apr_psprintf(
        dbd->connection.pool,
        "the tables are of version %" APR_INT64_T_FMT ", this module's of %d: "
        "install the mod_usage that wrote them, or name another database in "
        "DBDParams",
        version, USAGE_SCHEMA_VERSION);
    return APR_EMISMATCH;
}

static apr_status_t dbd_prepare(usage_store_t *store)
{
    dbd_store_t *dbd = of(store);
    const char *session = usage_statement_text(dbd->dialect, "session");
    apr_status_t rv = APR_SUCCESS;
    if (session != NULL) {
        rv = execute(dbd, "setting up the connection", session);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = check_version(dbd);
    if (rv == APR_EGENERAL) {
        rv = make_schema(dbd);
    }
    return rv;
}

static apr_status_t dbd_batch_get(usage_store_t *store, const char *node,
                                  apr_int64_t *number)
{
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_NODE] = node } };
    *number = 0;
    return select_rows(of(store), "batch_get", &binding, take_number, number);
}

static apr_status_t dbd_batch_move(usage_store_t *store, const char *node,
                                   apr_int64_t number, apr_int64_t now)
{
    int affected = 0;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_NODE] = node,
                [USAGE_PARAMETER_NUMBER] = &number,
                [USAGE_PARAMETER_NOW] = &now,
                [USAGE_PARAMETER_VERSION] = of(store)->version },
    };
    apr_status_t rv = run(of(store), "batch_move", &binding, &affected);
    if (rv == APR_SUCCESS && affected == 0) {
        of(store)->error = "another server writes under the same node name: "
                           "give each its own with UsageNode";
        return APR_EEXIST;
    }
    return rv;
}

static void bind_row(usage_binding_t *binding, const usage_row_t *row,
                     const apr_int64_t *grain)
{
    *binding = (usage_binding_t){
        .of = { [USAGE_PARAMETER_GRAIN] = grain,
                [USAGE_PARAMETER_START] = &row->start,
                [USAGE_PARAMETER_SITE] = row->site,
                [USAGE_PARAMETER_NAME] = row->name,
                [USAGE_PARAMETER_CATEGORY] = row->category,
                [USAGE_PARAMETER_DEVICE] = row->device,
                [USAGE_PARAMETER_BROWSER] = row->browser,
                [USAGE_PARAMETER_SYSTEM] = row->system },
    };
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        binding->of[USAGE_PARAMETER_COUNTERS + i] = &row->values.of[i];
    }
}

static apr_status_t dbd_add(usage_store_t *store, usage_fact_e fact,
                            const usage_row_t *rows, int count)
{
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < count; i++) {
        usage_binding_t binding;
        apr_int64_t grain = rows[i].grain;
        int affected;
        bind_row(&binding, &rows[i], &grain);
        rv = run(of(store), fact_statements[fact], &binding, &affected);
    }
    return rv;
}

static apr_status_t dbd_ask(usage_store_t *store, usage_question_e question,
                            const usage_scope_t *scope, usage_answer_fn *fn,
                            void *baton)
{
    apr_int64_t grain = scope->grain;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_GRAIN] = &grain,
                [USAGE_PARAMETER_FROM] = &scope->from,
                [USAGE_PARAMETER_TO] = &scope->to,
                [USAGE_PARAMETER_LIMIT] = &scope->limit,
                [USAGE_PARAMETER_SITE] = scope->site,
                [USAGE_PARAMETER_CATEGORY] = scope->category },
    };
    return select_rows(of(store), question_statements[question], &binding, fn,
                       baton);
}

static const char *dbd_error(usage_store_t *store)
{
    return of(store)->error;
}

bool usage_store_dbd_knows(const char *driver)
{
    return usage_statement_text(driver, "schema") != NULL;
}

const char *usage_store_dbd_drivers(apr_pool_t *pool)
{
    const char *list = "";
    const char *last = "";
    for (int i = 0; i < usage_sql_count; i++) {
        if (strcmp(usage_sql[i].dialect, last) != 0
            && strstr(list, usage_sql[i].dialect) == NULL) {
            last = usage_sql[i].dialect;
            list =
                apr_pstrcat(pool, list, *list != '\0' ? ", " : "", last, NULL);
        }
    }
    return list;
}

usage_store_t *usage_store_dbd_make(const usage_connection_t *connection,
                                    const char *version)
{
    dbd_store_t *dbd = apr_palloc(connection->pool, sizeof *dbd);
    *dbd = (dbd_store_t){
        .store = { .prepare = dbd_prepare,
                   .begin = dbd_begin,
                   .commit = dbd_commit,
                   .rollback = dbd_rollback,
                   .batch_get = dbd_batch_get,
                   .batch_move = dbd_batch_move,
                   .add = dbd_add,
                   .ask = dbd_ask,
                   .error = dbd_error },
        .connection = *connection,
        .dialect = apr_dbd_name(connection->driver),
        .version = version,
        .error = "no error",
    };
    return &dbd->store;
}
