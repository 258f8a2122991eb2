/* SPDX-License-Identifier: Apache-2.0 */
/* The databases: one row each. */
#include "dialect.h"

#include <string.h>

#include <apr_strings.h>

static const usage_dialect_t dialects[] = {
    { .driver = "sqlite3",
      .title = "SQLite",
      .params = "/path/usage.db",
      .keeps_statements = true,
      .rows = { 1, 1, 1 } },
    { .driver = "pgsql",
      .title = "PostgreSQL",
      .params = "host=localhost dbname=usage user=usage",
      .names_statements = true,
      .is_random = 1,
      .rows = { 64, 8, 1 } },
    { .driver = "mysql",
      .title = "MariaDB/MySQL",
      .params = "host=localhost dbname=usage user=usage",
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

const char *usage_dialect_drivers(apr_pool_t *pool)
{
    const char *list = dialects[0].driver;
    for (int i = 1; i < DIALECTS; i++) {
        list = apr_pstrcat(pool, list, ", ", dialects[i].driver, NULL);
    }
    return list;
}
