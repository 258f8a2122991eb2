/* SPDX-License-Identifier: Apache-2.0 */
/* A usage_store_t over one connection of mod_dbd's. */
#ifndef USAGE_STORE_DBD_H
#define USAGE_STORE_DBD_H

#include "engine/store.h"
#include "statement.h"
#include "trouble.h"

/**
 * Make a store.
 * @param connection outlives the store; the store lives in its pool
 * @param version    the module's version, for usage_node
 */
usage_store_t *usage_store_dbd_make(usage_connection_t *connection,
                                    const char *version);

/** Seconds in which all questions of a page must have begun; each has as many
 * itself where the database can be told so (sql/, hurry): SQLite can't. */
#define USAGE_STORE_PATIENCE 10

/**
 * Give questions from now on these deadlines, or none again: the connection is
 * others' before and after.
 */
void usage_store_dbd_hurry(usage_store_t *store, bool is_begin);

/** What kind of failure the last one was. */
usage_trouble_e usage_store_dbd_trouble(usage_store_t *store);

#endif
