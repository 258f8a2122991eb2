/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named statements on one connection, with the last failure kept in words. The
 * store's functions (store_dbd.c, store_people.c) are made of these.
 */
#include "dbd.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

usage_dbd_t *usage_dbd_of(usage_store_t *store)
{
    return (usage_dbd_t *)(void *)store;
}

/* Keep a driver's error as the store's, with what was being done. */
apr_status_t usage_dbd_fail(usage_dbd_t *dbd, const char *doing, int code)
{
    const usage_connection_t *c = &dbd->connection;
    const char *words = apr_dbd_error(c->driver, c->handle, code);
    dbd->error = apr_psprintf(c->pool, "%s: %s (%s %d)", doing,
                              words != NULL ? words : "no reason given",
                              dbd->dialect, code);
    return APR_EGENERAL;
}

apr_status_t usage_dbd_run(usage_dbd_t *dbd, const char *name,
                           const usage_binding_t *binding, int *affected)
{
    const usage_statement_t *statement;
    int code = usage_statement_get(&dbd->connection, name, &statement);
    if (code == 0) {
        code =
            usage_statement_run(statement, &dbd->connection, binding, affected);
    }
    return code == 0 ? APR_SUCCESS : usage_dbd_fail(dbd, name, code);
}

apr_int64_t usage_dbd_number(usage_dbd_t *dbd, apr_dbd_row_t *row, int column)
{
    const char *text = apr_dbd_get_entry(dbd->connection.driver, row, column);
    return text != NULL ? apr_atoi64(text) : 0;
}

static usage_answer_t answer_of(usage_dbd_t *dbd, apr_dbd_row_t *row,
                                int columns)
{
    const char *name = apr_dbd_get_entry(dbd->connection.driver, row, 0);
    usage_answer_t answer = { .name = name != NULL ? name : "",
                              .start = usage_dbd_number(dbd, row, 1) };
    for (int i = 0; i < USAGE_COUNTERS && i + 2 < columns; i++) {
        answer.values.of[i] = usage_dbd_number(dbd, row, i + 2);
    }
    return answer;
}

/* Walk all rows, so that the driver lets go of them, whatever fn says. */
static apr_status_t each_row(usage_dbd_t *dbd, apr_dbd_results_t *results,
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

static int select_once(usage_dbd_t *dbd, const char *name,
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
apr_status_t usage_dbd_open(usage_dbd_t *dbd, const char *name,
                            const usage_binding_t *binding,
                            apr_dbd_results_t **results)
{
    int code = select_once(dbd, name, binding, results);
    if (code != 0) {
        usage_statement_drop(&dbd->connection, name);
        code = select_once(dbd, name, binding, results);
    }
    return code == 0 ? APR_SUCCESS : usage_dbd_fail(dbd, name, code);
}

apr_status_t usage_dbd_select(usage_dbd_t *dbd, const char *name,
                              const usage_binding_t *binding,
                              usage_answer_fn *fn, void *baton)
{
    apr_dbd_results_t *results;
    apr_status_t rv = usage_dbd_open(dbd, name, binding, &results);
    return rv == APR_SUCCESS ? each_row(dbd, results, fn, baton) : rv;
}

/* Run one text that binds nothing. SQLite answers 100 where rows came. */
apr_status_t usage_dbd_execute(usage_dbd_t *dbd, const char *name,
                               const char *text)
{
    const usage_connection_t *c = &dbd->connection;
    int affected;
    int code = apr_dbd_query(c->driver, c->handle, &affected, text);
    bool is_rows = code == 100 && strcmp(dbd->dialect, "sqlite3") == 0;
    return code == 0 || is_rows ? APR_SUCCESS : usage_dbd_fail(dbd, name, code);
}
