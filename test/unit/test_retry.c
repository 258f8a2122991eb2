/* SPDX-License-Identifier: Apache-2.0 */
/* When a flush is tried again, and what its errors mean. */
#include "unit.h"

#include <string.h>

#include "dialect.h"
#include "retry.h"
#include "trouble.h"

#define SECOND APR_USEC_PER_SEC

START_TEST(pauses_double_and_differ)
{
    usage_retry_t low = usage_retry_start(0, 3600);
    usage_retry_t high = usage_retry_start(0, 3600);
    apr_interval_time_t middle = apr_time_from_msec(50);
    for (int i = 0; i < 10; i++) {
        apr_interval_time_t least = usage_retry_pause(&low, 0, 0, 0);
        apr_interval_time_t most =
            usage_retry_pause(&high, 0, 0, (apr_uint32_t)middle - 1);
        ck_assert_int_eq(least, middle / 2);
        ck_assert_int_eq(most, middle / 2 + middle - 1);
        middle = i < 6 ? middle * 2 : middle;
    }
}
END_TEST

START_TEST(attempts_have_a_number)
{
    usage_retry_t retry = usage_retry_start(0, 3600);
    ck_assert_int_gt(usage_retry_pause(&retry, 3, 0, 0), 0);
    ck_assert_int_gt(usage_retry_pause(&retry, 3, 0, 0), 0);
    ck_assert_int_eq(usage_retry_pause(&retry, 3, 0, 0), -1);
}
END_TEST

/* Each takes 5 of 30 s; the sixth would end after 27 s, where the time is up
 * but for the end of the flusher. */
START_TEST(attempts_end_in_time)
{
    apr_time_t now = 100 * SECOND;
    usage_retry_t retry = usage_retry_start(now, 30);
    apr_interval_time_t pause = 0;
    int attempts = 0;
    while (pause >= 0) {
        attempts++;
        now += pause + 5 * SECOND;
        pause = usage_retry_pause(&retry, 0, now, 0);
    }
    ck_assert_int_eq(attempts, 5);
    ck_assert_int_le(now, 127 * SECOND);
}
END_TEST

START_TEST(errors_are_told_apart)
{
    static const struct {
        const char *driver;
        int code;
        const char *words;
        usage_trouble_e trouble;
    } rows[] = {
        { "sqlite3", 5, "database is locked", USAGE_TROUBLE_BUSY },
        { "sqlite3", 1, "database is locked", USAGE_TROUBLE_BUSY },
        { "sqlite3", 1, "no such table: usage_page", USAGE_TROUBLE_FOREIGN },
        { "sqlite3", 8, "attempt to write", USAGE_TROUBLE_FILE_RIGHTS },
        { "sqlite3", 13, "disk is full", USAGE_TROUBLE_FULL },
        { "pgsql", 7, "ERROR:  deadlock detected", USAGE_TROUBLE_BUSY },
        { "pgsql", 7, "ERROR:  could not serialize access due to",
          USAGE_TROUBLE_BUSY },
        { "pgsql", 7, "ERROR:  canceling statement due to lock timeout",
          USAGE_TROUBLE_BUSY },
        { "pgsql", 7, "server closed the connection unexpectedly",
          USAGE_TROUBLE_LOST },
        { "pgsql", 7, "ERROR:  permission denied for table usage_node",
          USAGE_TROUBLE_RIGHTS },
        { "pgsql", 7, "FEHLER:  Verklemmung entdeckt", USAGE_TROUBLE_UNKNOWN },
        { "pgsql", 5, "", USAGE_TROUBLE_UNKNOWN },
        { "mysql", 1213, "Deadlock found", USAGE_TROUBLE_BUSY },
        { "mysql", 1205, "Lock wait timeout exceeded", USAGE_TROUBLE_BUSY },
        { "mysql", 1047, "WSREP has not yet", USAGE_TROUBLE_APART },
        { "mysql", 1180, "not connected to Primary", USAGE_TROUBLE_BUSY },
        { "mysql", 2013, "Lost connection", USAGE_TROUBLE_LOST },
        { "mysql", 1142, "INSERT command denied", USAGE_TROUBLE_RIGHTS },
        { "mysql", 9999, "deadlock detected", USAGE_TROUBLE_UNKNOWN },
    };
    for (apr_size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(
            usage_trouble_of(rows[i].driver, rows[i].code, rows[i].words)
                == rows[i].trouble,
            "%s %d %s", rows[i].driver, rows[i].code, rows[i].words);
    }
}
END_TEST

START_TEST(what_passes_is_tried_while_there_is_time)
{
    ck_assert_int_eq(usage_trouble_attempts(USAGE_TROUBLE_BUSY), 0);
    ck_assert_int_eq(usage_trouble_attempts(USAGE_TROUBLE_APART), 0);
    ck_assert_int_eq(usage_trouble_attempts(USAGE_TROUBLE_LOST), 0);
    ck_assert_int_gt(usage_trouble_attempts(USAGE_TROUBLE_AWAY), 1);
    ck_assert_int_gt(usage_trouble_attempts(USAGE_TROUBLE_UNKNOWN), 1);
    ck_assert_int_eq(usage_trouble_attempts(USAGE_TROUBLE_RIGHTS), 1);
    ck_assert_int_eq(usage_trouble_attempts(USAGE_TROUBLE_FOREIGN), 1);
    for (int i = 0; i < USAGE_TROUBLES; i++) {
        ck_assert_uint_gt(strlen(usage_trouble_advice((usage_trouble_e)i)), 10);
    }
}
END_TEST

START_TEST(place_has_no_password)
{
    static const char *const rows[][3] = {
        { "sqlite3", "/var/lib/usage db", "SQLite /var/lib/usage db" },
        { "pgsql", "host=db.test port=5433 user=u password=hidden dbname=web",
          "PostgreSQL database web on db.test:5433" },
        { "pgsql", "password='hidden host=hidden' dbname='my web'",
          "PostgreSQL database my web on this machine" },
        { "mysql", "pass=hidden,dbname=web;host=db.test",
          "MariaDB/MySQL database web on db.test" },
        { "mysql", "hidden", "MariaDB/MySQL database  on this machine" },
        { "pgsql", "dbname='", "PostgreSQL database  on this machine" },
        { "pgsql", " = == host", "PostgreSQL database  on this machine" },
    };
    for (apr_size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *place = usage_dialect_place(usage_dialect_of(rows[i][0]),
                                                rows[i][1], unit_pool);
        ck_assert_str_eq(place, rows[i][2]);
    }
}
END_TEST

START_TEST(dialects_are_three)
{
    ck_assert_ptr_null(usage_dialect_of("oracle"));
    ck_assert_ptr_null(usage_dialect_of(""));
    ck_assert_str_eq(usage_dialect_drivers(unit_pool), "sqlite3, pgsql, mysql");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("retry");
    TCase *tcase = unit_case(suite, "retry");

    tcase_add_test(tcase, pauses_double_and_differ);
    tcase_add_test(tcase, attempts_have_a_number);
    tcase_add_test(tcase, attempts_end_in_time);
    tcase_add_test(tcase, errors_are_told_apart);
    tcase_add_test(tcase, what_passes_is_tried_while_there_is_time);
    tcase_add_test(tcase, place_has_no_password);
    tcase_add_test(tcase, dialects_are_three);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
