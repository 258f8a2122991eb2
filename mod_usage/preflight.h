/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds at start, or at configtest, what would keep counts from reaching the
 * database, and says which directive mends it.
 */
#ifndef USAGE_PREFLIGHT_H
#define USAGE_PREFLIGHT_H

#include <httpd.h>

#include "dialect.h"

/** Hook check_config: without a database to write to, there is no start. */
int usage_preflight_config(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp, server_rec *s);

/** Log what the server's user may not do; from post_config. */
void usage_preflight_rights(server_rec *s, apr_pool_t *ptemp);

/** The dialect of DBDriver, or NULL. */
const usage_dialect_t *usage_preflight_dialect(apr_pool_t *pool);

/** Which database DBDriver and DBDParams name, for people. */
const char *usage_preflight_place(apr_pool_t *pool);

#endif
