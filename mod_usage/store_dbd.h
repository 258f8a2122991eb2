/* SPDX-License-Identifier: Apache-2.0 */
/* A usage_store_t over one connection of mod_dbd's. */
#ifndef USAGE_STORE_DBD_H
#define USAGE_STORE_DBD_H

#include <stdbool.h>

#include "engine/store.h"
#include "statement.h"

/** Whether sql/ has the dialect of a driver. */
bool usage_store_dbd_knows(const char *driver);

/** The drivers that sql/ has a dialect for, as a list for people. */
const char *usage_store_dbd_drivers(apr_pool_t *pool);

/**
 * Make a store.
 * @param connection outlives the store; the store lives in its pool
 * @param version    the module's version, for usage_node
 */
usage_store_t *usage_store_dbd_make(const usage_connection_t *connection,
                                    const char *version);

#endif
