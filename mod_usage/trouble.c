/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of errors, by the drivers' codes and by the servers' words. */
#include "trouble.h"

#include <string.h>

#include <apr_general.h>

static const struct {
    int attempts;
    const char *advice;
} troubles[USAGE_TROUBLES] = {
#define TROUBLE(id, attempts, advice)                                          \
    [USAGE_TROUBLE_##id] = { attempts, advice },
    USAGE_TROUBLE_LIST(TROUBLE)
};

/* clang-format off */

/* SQLite's result codes. */
static const struct code_t {
    const char *driver;
    int code;
    usage_trouble_e trouble;
} codes[] = {
    { "sqlite3", 5, USAGE_TROUBLE_BUSY },
    { "sqlite3", 6, USAGE_TROUBLE_BUSY },
    { "sqlite3", 3, USAGE_TROUBLE_FILE_RIGHTS },
    { "sqlite3", 8, USAGE_TROUBLE_FILE_RIGHTS },
    { "sqlite3", 14, USAGE_TROUBLE_FILE_RIGHTS },
    { "sqlite3", 13, USAGE_TROUBLE_FULL },
    { "sqlite3", 11, USAGE_TROUBLE_DAMAGED },
    { "sqlite3", 26, USAGE_TROUBLE_DAMAGED },
    { "mysql", 1020, USAGE_TROUBLE_BUSY },     /* row changed since read */
    { "mysql", 1180, USAGE_TROUBLE_BUSY },     /* error during COMMIT */
    { "mysql", 1205, USAGE_TROUBLE_BUSY },     /* lock wait timeout */
    { "mysql", 1213, USAGE_TROUBLE_BUSY },     /* deadlock; Galera's conflict */
    { "mysql", 3572, USAGE_TROUBLE_BUSY },
    { "mysql", 1969, USAGE_TROUBLE_SLOW },     /* max_statement_time */
    { "mysql", 3024, USAGE_TROUBLE_SLOW },     /* max_execution_time */
    { "mysql", 1047, USAGE_TROUBLE_APART },    /* Galera: node not ready */
    { "mysql", 1040, USAGE_TROUBLE_LOST },     /* too many connections */
    { "mysql", 1053, USAGE_TROUBLE_LOST },     /* server shutdown */
    { "mysql", 1077, USAGE_TROUBLE_LOST },
    { "mysql", 1158, USAGE_TROUBLE_LOST },
    { "mysql", 1159, USAGE_TROUBLE_LOST },
    { "mysql", 1160, USAGE_TROUBLE_LOST },
    { "mysql", 1161, USAGE_TROUBLE_LOST },
    { "mysql", 1317, USAGE_TROUBLE_LOST },     /* query interrupted */
    { "mysql", 1927, USAGE_TROUBLE_LOST },     /* connection was killed */
    { "mysql", 2002, USAGE_TROUBLE_LOST },
    { "mysql", 2003, USAGE_TROUBLE_LOST },
    { "mysql", 2006, USAGE_TROUBLE_LOST },     /* gone away */
    { "mysql", 2013, USAGE_TROUBLE_LOST },     /* lost during query */
    { "mysql", 2030, USAGE_TROUBLE_LOST },     /* statement not prepared */
    { "mysql", 2055, USAGE_TROUBLE_LOST },
    { "mysql", 1044, USAGE_TROUBLE_RIGHTS },
    { "mysql", 1045, USAGE_TROUBLE_RIGHTS },
    { "mysql", 1142, USAGE_TROUBLE_RIGHTS },
    { "mysql", 1143, USAGE_TROUBLE_RIGHTS },
    { "mysql", 1290, USAGE_TROUBLE_READ_ONLY },
    { "mysql", 1792, USAGE_TROUBLE_READ_ONLY },
    { "mysql", 1836, USAGE_TROUBLE_READ_ONLY },
    { "mysql", 1021, USAGE_TROUBLE_FULL },
    { "mysql", 1114, USAGE_TROUBLE_FULL },
    { "mysql", 1054, USAGE_TROUBLE_FOREIGN },  /* no such column */
    { "mysql", 1146, USAGE_TROUBLE_FOREIGN },  /* no such table */
};

/* What libpq and a PostgreSQL that speaks English say. */
static const struct text_t {
    const char *driver;
    const char *part;
    usage_trouble_e trouble;
} texts[] = {
    { "sqlite3", "is locked", USAGE_TROUBLE_BUSY },
    { "sqlite3", "no such", USAGE_TROUBLE_FOREIGN },
    { "sqlite3", "has no column", USAGE_TROUBLE_FOREIGN },
    { "pgsql", "deadlock detected", USAGE_TROUBLE_BUSY },
    { "pgsql", "could not serialize", USAGE_TROUBLE_BUSY },
    { "pgsql", "lock timeout", USAGE_TROUBLE_BUSY },
    { "pgsql", "could not obtain lock", USAGE_TROUBLE_BUSY },
    { "pgsql", "concurrently updated", USAGE_TROUBLE_BUSY },
    { "pgsql", "server closed the connection", USAGE_TROUBLE_LOST },
    { "pgsql", "no connection to the server", USAGE_TROUBLE_LOST },
    { "pgsql", "terminating connection", USAGE_TROUBLE_LOST },
    { "pgsql", "connection to server", USAGE_TROUBLE_LOST },
    { "pgsql", "connection pointer is NULL", USAGE_TROUBLE_LOST },
    { "pgsql", "could not receive data", USAGE_TROUBLE_LOST },
    { "pgsql", "could not send data", USAGE_TROUBLE_LOST },
    { "pgsql", "SSL connection has been closed", USAGE_TROUBLE_LOST },
    { "pgsql", "shutting down", USAGE_TROUBLE_LOST },
    { "pgsql", "starting up", USAGE_TROUBLE_LOST },
    { "pgsql", "too many c", USAGE_TROUBLE_LOST },
    { "pgsql", "remaining connection slots", USAGE_TROUBLE_LOST },
    { "pgsql", "statement timeout", USAGE_TROUBLE_SLOW },
    { "pgsql", "canceling statement", USAGE_TROUBLE_LOST },
    { "pgsql", "permission denied", USAGE_TROUBLE_RIGHTS },
    { "pgsql", "no schema has been selected", USAGE_TROUBLE_RIGHTS },
    { "pgsql", "read-only transaction", USAGE_TROUBLE_READ_ONLY },
    { "pgsql", "No space left", USAGE_TROUBLE_FULL },
    { "pgsql", "no equivalent in encoding", USAGE_TROUBLE_ENCODING },
    { "pgsql", "does not exist", USAGE_TROUBLE_FOREIGN },
};

/* clang-format on */

static usage_trouble_e trouble_of_text(const char *driver, const char *words)
{
    for (apr_size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].driver, driver) == 0
            && strstr(words, texts[i].part) != NULL) {
            return texts[i].trouble;
        }
    }
    return USAGE_TROUBLE_UNKNOWN;
}

usage_trouble_e usage_trouble_of(const char *driver, int code,
                                 const char *words)
{
    for (apr_size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(codes[i].driver, driver) == 0 && codes[i].code == code) {
            return codes[i].trouble;
        }
    }
    return trouble_of_text(driver, words);
}

const char *usage_trouble_advice(usage_trouble_e trouble)
{
    return troubles[trouble].advice;
}

int usage_trouble_attempts(usage_trouble_e trouble)
{
    return troubles[trouble].attempts;
}
