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

/* The first line says what is wrong. PostgreSQL adds others, of which some
 * quote rows, and those belong into no log. */
static const char *first_line(const char *words, apr_pool_t *pool)
{
    apr_size_t length = words != NULL ? strcspn(words, "\r\n") : 0;
    return length > 0 ? apr_pstrmemdup(pool, words, length) : "no reason given";
}

apr_status_t usage_dbd_fail(usage_dbd_t *dbd, const char *doing, int code)
{
    const usage_connection_t *c = dbd->connection;
    const char *words =
        first_line(apr_dbd_error(c->driver, c->handle, code), c->pool);
    dbd->trouble = usage_trouble_of(c->dialect->driver, code, words);
    dbd->error = apr_psprintf(c->pool, "%s: %s (%s, %d); %s", doing, words,
                              c->dialect->title, code,
                              usage_trouble_advice(dbd->trouble));
    return APR_EGENERAL;
}

static int run_once(usage_dbd_t *dbd, const char *name,
                    const usage_binding_t *bindings, int rows, int *affected)
{
    const usage_statement_t *statement;
    int code = usage_statement_get(dbd->connection, name, rows, &statement);
    return code == 0 ? usage_statement_run(statement, dbd->connection, bindings,
                                           affected)
                     : code;
}

apr_status_t usage_dbd_run(usage_dbd_t *dbd, const char *name,
                           const usage_binding_t *binding, int *affected)
{
    int code = run_once(dbd, name, binding, 1, affected);
    return code == 0 ? APR_SUCCESS : usage_dbd_fail(dbd, name, code);
}

apr_status_t usage_dbd_run_many(usage_dbd_t *dbd, const char *name,
                                const usage_binding_t *bindings, int count)
{
    const int *sizes = dbd->connection->dialect->rows;
    int affected;
    int code = 0;
    while (code == 0 && count > 0) {
        const int *size = sizes;
        while (*size > count) {
            size++;
        }
        code = run_once(dbd, name, bindings, *size, &affected);
        bindings += *size;
        count -= *size;
    }
    return code == 0 ? APR_SUCCESS : usage_dbd_fail(dbd, name, code);
}

apr_int64_t usage_dbd_number(usage_dbd_t *dbd, apr_dbd_row_t *row, int column)
{
    const char *text = apr_dbd_get_entry(dbd->connection->driver, row, column);
    return text != NULL ? apr_atoi64(text) : 0;
}

const char *usage_dbd_text(usage_dbd_t *dbd, apr_dbd_row_t *row, int column)
{
    const char *text = apr_dbd_get_entry(dbd->connection->driver, row, column);
    return text != NULL ? text : "";
}

static usage_answer_t answer_of(usage_dbd_t *dbd, apr_dbd_row_t *row,
                                int columns)
{
    usage_answer_t answer = { .name = usage_dbd_text(dbd, row, 0),
                              .start = usage_dbd_number(dbd, row, 1) };
    for (int i = 0; i < USAGE_COUNTERS && i + 2 < columns; i++) {
        answer.values.of[i] = usage_dbd_number(dbd, row, i + 2);
    }
    if (columns > USAGE_COUNTERS + 2) {
        answer.was = usage_dbd_number(dbd, row, USAGE_COUNTERS + 2);
    }
    return answer;
}

bool usage_dbd_next(usage_dbd_t *dbd, apr_dbd_results_t *results,
                    apr_dbd_row_t **row)
{
    const usage_connection_t *c = dbd->connection;
    return apr_dbd_get_row(c->driver, c->scratch, results, row, -1) == 0;
}

/* Walk all rows, so that the driver lets go of them, whatever fn says. */
static apr_status_t each_row(usage_dbd_t *dbd, apr_dbd_results_t *results,
                             usage_answer_fn *fn, void *baton)
{
    int columns = apr_dbd_num_cols(dbd->connection->driver, results);
    apr_dbd_row_t *row = NULL;
    apr_status_t rv = APR_SUCCESS;
    while (usage_dbd_next(dbd, results, &row)) {
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
    int code = usage_statement_get(dbd->connection, name, 1, &statement);
    return code == 0 ? usage_statement_select(statement, dbd->connection,
                                              binding, results)
                     : code;
}

static usage_trouble_e trouble_of(const usage_dbd_t *dbd, int code)
{
    const usage_connection_t *c = dbd->connection;
    const char *words = apr_dbd_error(c->driver, c->handle, code);
    return usage_trouble_of(c->dialect->driver, code,
                            first_line(words, c->pool));
}

/* The one that took the time is told, if one did. */
static apr_status_t fail_late(usage_dbd_t *dbd, const char *name)
{
    const usage_connection_t *c = dbd->connection;
    if (dbd->trouble == USAGE_TROUBLE_SLOW) {
        return APR_EGENERAL;
    }
    dbd->trouble = USAGE_TROUBLE_SLOW;
    dbd->error = apr_psprintf(
        c->pool,
        "%s: not asked, as the questions before took all time (%s); %s", name,
        c->dialect->title, usage_trouble_advice(dbd->trouble));
    return APR_EGENERAL;
}

/* What a connection was told is gone when it is made anew. */
static void mend(usage_dbd_t *dbd, const char *name)
{
    const usage_connection_t *c = dbd->connection;
    usage_statement_drop(c, name);
    apr_dbd_check_conn(c->driver, c->pool, c->handle);
    if (dbd->until != 0) {
        usage_dbd_execute(dbd, "hurry", "setting a deadline");
    }
}

/* A statement kept from before may be broken, or the connection, which
 * check_conn mends where it can: try once more, but not within a transaction,
 * of which nothing is left then, and not what took too long. */
apr_status_t usage_dbd_open(usage_dbd_t *dbd, const char *name,
                            const usage_binding_t *binding,
                            apr_dbd_results_t **results)
{
    if (dbd->until != 0 && apr_time_now() > dbd->until) {
        return fail_late(dbd, name);
    }
    int code = select_once(dbd, name, binding, results);
    if (code != 0 && !dbd->is_open
        && trouble_of(dbd, code) != USAGE_TROUBLE_SLOW) {
        mend(dbd, name);
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

apr_status_t usage_dbd_take_number(void *baton, const usage_answer_t *row)
{
    *(apr_int64_t *)baton = apr_atoi64(row->name);
    return APR_SUCCESS;
}

/* SQLite answers 100 where rows came. */
static int execute_text(usage_dbd_t *dbd, const char *text)
{
    const usage_connection_t *c = dbd->connection;
    int affected;
    int code = apr_dbd_query(c->driver, c->handle, &affected, text);
    bool is_rows = code == 100 && strcmp(c->dialect->driver, "sqlite3") == 0;
    return is_rows ? 0 : code;
}

apr_status_t usage_dbd_execute(usage_dbd_t *dbd, const char *name,
                               const char *doing)
{
    const char *driver = dbd->connection->dialect->driver;
    const char *text;
    int code = 0;
    for (int i = 0;
         code == 0 && (text = usage_statement_text(driver, name, i)) != NULL;
         i++) {
        code = execute_text(dbd, text);
    }
    return code == 0 ? APR_SUCCESS : usage_dbd_fail(dbd, doing, code);
}

/*
 * Transactions are statements like all others. apr_dbd's own tell nothing of a
 * failed COMMIT on MySQL, where a Galera cluster says that two nodes met, and
 * leave SQLite inside of one when it can't begin.
 */
apr_status_t usage_dbd_begin(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_status_t rv =
        usage_dbd_execute(dbd, "begin", "beginning a transaction");
    dbd->is_open = rv == APR_SUCCESS;
    return rv;
}

apr_status_t usage_dbd_commit(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    apr_status_t rv = usage_dbd_execute(dbd, "commit", "committing");
    if (rv != APR_SUCCESS) {
        usage_dbd_rollback(store);
    }
    dbd->is_open = false;
    return rv;
}

/* What failed before is what is told. */
void usage_dbd_rollback(usage_store_t *store)
{
    usage_dbd_t *dbd = usage_dbd_of(store);
    if (dbd->is_open) {
        execute_text(dbd, usage_statement_text(dbd->connection->dialect->driver,
                                               "rollback", 0));
    }
    dbd->is_open = false;
}
