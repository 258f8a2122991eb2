/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Databases of every version of a schema are brought to the newest. The schema
 * is this test's own, so that it has a history: version 2 adds a column to the
 * table of version 1, version 3 fills it.
 */
#include "unit.h"

#include <string.h>

#include <apr_dbd.h>
#include <apr_strings.h>

#include "sql.h"
#include "store_dbd.h"

#define FIRST                                                                  \
    "CREATE TABLE usage_schema (version INTEGER NOT NULL PRIMARY KEY);"        \
    "CREATE TABLE usage_count (a INTEGER);"                                    \
    "INSERT INTO usage_count VALUES (7);"                                      \
    "INSERT INTO usage_schema VALUES (1)"

const usage_sql_t usage_sql[] = {
    { "sqlite3", "begin", "BEGIN IMMEDIATE" },
    { "sqlite3", "made",
      "SELECT count(*) FROM sqlite_master WHERE name = 'usage_schema'" },
    { "", "version", "SELECT coalesce(max(version), 0) FROM usage_schema" },
    { "", "commit", "COMMIT" },
    { "", "rollback", "ROLLBACK" },
    { "sqlite3", "schema",
      "CREATE TABLE IF NOT EXISTS usage_schema (version INTEGER NOT NULL "
      "PRIMARY KEY)" },
    { "sqlite3", "schema",
      "CREATE TABLE IF NOT EXISTS usage_count (a INTEGER, b INTEGER)" },
    { "sqlite3", "schema",
      "INSERT OR IGNORE INTO usage_schema (version) VALUES (3)" },
    { "sqlite3", "migrate_2", "ALTER TABLE usage_count ADD COLUMN b INTEGER" },
    { "sqlite3", "migrate_2", "UPDATE usage_schema SET version = 2" },
    { "sqlite3", "migrate_3", "UPDATE usage_count SET b = a * 2" },
    { "sqlite3", "migrate_3", "UPDATE usage_schema SET version = 3" },
};
const int usage_sql_count = sizeof usage_sql / sizeof *usage_sql;
const int usage_sql_version = 3;

typedef struct opened_t {
    apr_pool_t *pool;
    const apr_dbd_driver_t *driver;
    apr_dbd_t *handle;
    usage_store_t *store;
} opened_t;

static apr_status_t close_database(void *data)
{
    const opened_t *opened = data;
    return apr_dbd_close(opened->driver, opened->handle);
}

/* A database in memory, in which these statements were run. */
static opened_t open_with(const char *statements)
{
    opened_t opened = { .pool = unit_pool };
    int affected;
    apr_dbd_init(opened.pool);
    ck_assert_int_eq(apr_dbd_get_driver(opened.pool, "sqlite3", &opened.driver),
                     0);
    ck_assert_int_eq(
        apr_dbd_open(opened.driver, opened.pool, ":memory:", &opened.handle),
        0);
    apr_pool_cleanup_register(opened.pool,
                              apr_pmemdup(opened.pool, &opened, sizeof opened),
                              close_database, apr_pool_cleanup_null);
    if (*statements != '\0') {
        ck_assert_int_eq(
            apr_dbd_query(opened.driver, opened.handle, &affected, statements),
            0);
    }
    opened.store = usage_store_dbd_make(
        usage_connection_make(opened.driver, opened.handle, NULL, opened.pool),
        "0");
    return opened;
}

/* The first column of the only row. */
static int ask(const opened_t *opened, const char *question)
{
    apr_dbd_results_t *results = NULL;
    apr_dbd_row_t *row = NULL;
    ck_assert_int_eq(apr_dbd_select(opened->driver, opened->pool,
                                    opened->handle, &results, question, 0),
                     0);
    ck_assert_int_eq(
        apr_dbd_get_row(opened->driver, opened->pool, results, &row, -1), 0);
    const char *text = apr_dbd_get_entry(opened->driver, row, 0);
    return text != NULL ? atoi(text) : -1;
}

static void check_is_newest(const opened_t *opened, int expected)
{
    ck_assert_int_eq(opened->store->prepare(opened->store), APR_SUCCESS);
    ck_assert_int_eq(ask(opened, "SELECT version FROM usage_schema"), 3);
    ck_assert_int_eq(ask(opened, "SELECT sum(b) FROM usage_count"), expected);
    ck_assert_int_eq(opened->store->prepare(opened->store), APR_SUCCESS);
}

START_TEST(migration_makes_a_database)
{
    opened_t opened = open_with("");
    check_is_newest(&opened, -1);
}
END_TEST

START_TEST(migration_goes_on_with_one_that_is_half_made)
{
    opened_t opened = open_with(
        "CREATE TABLE usage_schema (version INTEGER NOT NULL PRIMARY KEY)");
    check_is_newest(&opened, -1);
}
END_TEST

START_TEST(migration_goes_step_by_step)
{
    opened_t opened = open_with(FIRST);
    check_is_newest(&opened, 14);
}
END_TEST

START_TEST(migration_begins_where_it_must)
{
    opened_t opened =
        open_with(FIRST ";ALTER TABLE usage_count ADD COLUMN b INTEGER"
                        ";UPDATE usage_schema SET version = 2");
    check_is_newest(&opened, 14);
}
END_TEST

START_TEST(migration_that_fails_changes_nothing)
{
    opened_t opened =
        open_with(FIRST ";ALTER TABLE usage_count RENAME COLUMN a TO c");
    ck_assert_int_ne(opened.store->prepare(opened.store), APR_SUCCESS);
    const char *error = opened.store->error(opened.store);
    ck_assert_msg(strstr(error, "version 3") != NULL, "%s", error);
    ck_assert_int_eq(ask(&opened, "SELECT version FROM usage_schema"), 1);
    ck_assert_int_eq(
        ask(&opened, "SELECT count(*) FROM pragma_table_info('usage_count')"),
        1);
}
END_TEST

START_TEST(migration_refuses_a_newer_database)
{
    opened_t opened = open_with(FIRST ";UPDATE usage_schema SET version = 4");
    ck_assert_int_eq(opened.store->prepare(opened.store), APR_EMISMATCH);
    ck_assert_ptr_nonnull(
        strstr(opened.store->error(opened.store), "version 4"));
    ck_assert_int_eq(usage_store_dbd_trouble(opened.store),
                     USAGE_TROUBLE_FOREIGN);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("migration");
    TCase *tcase = unit_case(suite, "migration");

    tcase_add_test(tcase, migration_makes_a_database);
    tcase_add_test(tcase, migration_goes_on_with_one_that_is_half_made);
    tcase_add_test(tcase, migration_goes_step_by_step);
    tcase_add_test(tcase, migration_begins_where_it_must);
    tcase_add_test(tcase, migration_that_fails_changes_nothing);
    tcase_add_test(tcase, migration_refuses_a_newer_database);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
