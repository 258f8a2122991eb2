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

#include <string.h>

#include <apr_strings.h>

#include "dbd.h"
#include "sql.h"

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

/* Statements that return one number return it as their only column. */
static apr_status_t take_number(void *baton, const usage_answer_t *row)
{
    *(apr_int64_t *)baton = apr_atoi64(row->name);
    return APR_SUCCESS;
}

static apr_status_t dbd_begin(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    const usage_connection_t *c = &dbd->connection;
    int code = apr_dbd_transaction_start(c->driver, c->pool, c->handle,
                                         &dbd->transaction);
    if (code != 0) {
        usage_dbd_fail(dbd, "beginning a transaction", code);
        store->rollback(store);
        return APR_EGENERAL;
    }
    return APR_SUCCESS;
}

static apr_status_t dbd_commit(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    const usage_connection_t *c = &dbd->connection;
    int code = apr_dbd_transaction_end(c->driver, c->pool, dbd->transaction);
    dbd->transaction = NULL;
    return code == 0 ? APR_SUCCESS : usage_dbd_fail(dbd, "committing", code);
}

static void dbd_rollback(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    const usage_connection_t *c = &dbd->connection;
    if (dbd->transaction == NULL) {
        return;
    }
    apr_dbd_transaction_mode_set(c->driver, dbd->transaction,
                                 APR_DBD_TRANSACTION_ROLLBACK);
    apr_dbd_transaction_end(c->driver, c->pool, dbd->transaction);
    dbd->transaction = NULL;
}

static apr_status_t make_schema(usage_dbd_t *dbd)
{
    apr_status_t rv = dbd_begin(&dbd->store);
    for (int i = 0; rv == APR_SUCCESS && i < usage_sql_count; i++) {
        if (strcmp(usage_sql[i].dialect, dbd->dialect) == 0
            && strcmp(usage_sql[i].name, "schema") == 0) {
            rv = usage_dbd_execute(dbd, "making the tables", usage_sql[i].text);
        }
    }
    if (rv == APR_SUCCESS) {
        return dbd_commit(&dbd->store);
    }
    dbd_rollback(&dbd->store);
    return rv;
}

static apr_status_t check_version(usage_dbd_t *dbd)
{
    apr_int64_t version = 0;
    usage_binding_t nothing = { { NULL } };
    apr_status_t rv =
        usage_dbd_select(dbd, "version", &nothing, take_number, &version);
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

static apr_status_t dbd_is_made(usage_store_t *store, apr_int64_t *made)
{
    usage_binding_t nothing = { { NULL } };
    *made = 0;
    return usage_dbd_select(usage_dbd_of(store), "made", &nothing, take_number,
                            made);
}

static apr_status_t dbd_prepare(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    const char *session = usage_statement_text(dbd->dialect, "session");
    apr_int64_t made = 0;
    apr_status_t rv = APR_SUCCESS;
    if (session != NULL) {
        rv = usage_dbd_execute(dbd, "setting up the connection", session);
    }
    if (rv == APR_SUCCESS) {
        rv = dbd_is_made(store, &made);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return made != 0 ? check_version(dbd) : make_schema(dbd);
}

static apr_status_t dbd_batch_get(usage_store_t *store, const char *node,
                                  apr_int64_t *number)
{
    usage_binding_t binding = { .of = { [USAGE_PARAMETER_NODE] = node } };
    *number = 0;
    return usage_dbd_select(usage_dbd_of(store), "batch_get", &binding,
                            take_number, number);
}

static apr_status_t dbd_batch_move(usage_store_t *store, const char *node,
                                   apr_int64_t number, apr_int64_t now)
{
    int affected = 0;
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_NODE] = node,
                [USAGE_PARAMETER_NUMBER] = &number,
                [USAGE_PARAMETER_NOW] = &now,
                [USAGE_PARAMETER_VERSION] = usage_dbd_of(store)->version },
    };
    apr_status_t rv =
        usage_dbd_run(usage_dbd_of(store), "batch_move", &binding, &affected);
    if (rv == APR_SUCCESS && affected == 0) {
        usage_dbd_of(store)->error =
            "another server writes under the same node name: "
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
        rv = usage_dbd_run(usage_dbd_of(store), fact_statements[fact], &binding,
                           &affected);
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
    return usage_dbd_select(usage_dbd_of(store), question_statements[question],
                            &binding, fn, baton);
}

static const char *dbd_error(usage_store_t *store)
{
    return usage_dbd_of(store)->error;
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
    usage_dbd_t *dbd = apr_palloc(connection->pool, sizeof *dbd);
    *dbd = (usage_dbd_t){
        .store = { .prepare = dbd_prepare,
                   .is_made = dbd_is_made,
                   .begin = dbd_begin,
                   .commit = dbd_commit,
                   .rollback = dbd_rollback,
                   .batch_get = dbd_batch_get,
                   .batch_move = dbd_batch_move,
                   .add = dbd_add,
                   .ask = dbd_ask,
                   .seen_get = usage_dbd_seen_get,
                   .seen_put = usage_dbd_seen_put,
                   .seen_close = usage_dbd_seen_close,
                   .recent_put = usage_dbd_recent_put,
                   .recent_trim = usage_dbd_recent_trim,
                   .recent_ask = usage_dbd_recent_ask,
                   .error = dbd_error },
        .connection = *connection,
        .dialect = apr_dbd_name(connection->driver),
        .version = version,
        .error = "no error",
    };
    return &dbd->store;
}
