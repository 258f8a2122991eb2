/* SPDX-License-Identifier: Apache-2.0 */
/* The databases: one row each. */
#include "dialect.h"

#include <string.h>

#include <apr_strings.h>

static const usage_dialect_t dialects[] = {
    { .driver = "sqlite3",
      .title = "SQLite",
      .params = "/path/usage.db",
      .is_file = true,
      .keeps_statements = true,
      .rows = { 64, 8, 1 } },
    { .driver = "pgsql",
      .title = "PostgreSQL",
      .params = "host=localhost dbname=mod_usage user=mod_usage",
      .names_statements = true,
      .is_random = 1,
      .rows = { 64, 8, 1 } },
    { .driver = "mysql",
      .title = "MariaDB/MySQL",
      .params = "host=localhost dbname=mod_usage user=mod_usage",
      .rows = { 64, 8, 1 } },
};

#define DIALECTS (int)(sizeof dialects / sizeof *dialects)

const usage_dialect_t *usage_dialect_of(const char *driver)
{
    for (int i = 0; i < DIALECTS; i++) {
        if (strcmp(dialects[i].driver, driver) == 0) {
            return &dialects[i];
        }
    }
    return NULL;
}

/* The value of a word of DBDParams, or "". Both drivers take word=value with
 * blanks between; what stands in quotes is passed over as a whole. */
static const char *value_of(const char *params, const char *word,
                            apr_pool_t *pool)
{
    apr_size_t length = strlen(word);
    while (*params != '\0') {
        params += strspn(params, " \t,;|");
        apr_size_t name = strcspn(params, "= \t,;|");
        const char *value = params + name + (params[name] == '=');
        bool is_quoted = *value == '\'';
        apr_size_t end =
            is_quoted ? 1 + strcspn(value + 1, "'") : strcspn(value, " \t,;|");
        if (name == length && strncmp(params, word, length) == 0) {
            return apr_pstrmemdup(pool, value + is_quoted, end - is_quoted);
        }
        params = value + end + (is_quoted && value[end] == '\'');
    }
    return "";
}

const char *usage_dialect_place(const usage_dialect_t *dialect,
                                const char *params, apr_pool_t *pool)
{
    if (dialect->is_file) {
        return apr_pstrcat(pool, dialect->title, " ", params, NULL);
    }
    const char *host = value_of(params, "host", pool);
    const char *port = value_of(params, "port", pool);
    return apr_pstrcat(pool, dialect->title, " database ",
                       value_of(params, "dbname", pool), " on ",
                       *host != '\0' ? host : "this machine",
                       *port != '\0' ? ":" : "", port, NULL);
}

const char *usage_dialect_drivers(apr_pool_t *pool)
{
    const char *list = dialects[0].driver;
    for (int i = 1; i < DIALECTS; i++) {
        list = apr_pstrcat(pool, list, ", ", dialects[i].driver, NULL);
    }
    return list;
}
