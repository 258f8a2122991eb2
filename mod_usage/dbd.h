/* SPDX-License-Identifier: Apache-2.0 */
/* What a store over apr_dbd is made of; only its own files include this. */
#ifndef USAGE_DBD_H
#define USAGE_DBD_H

#include <stdbool.h>

#include "engine/keeper.h"
#include "engine/store.h"
#include "statement.h"
#include "trouble.h"

typedef struct usage_dbd_t {
    usage_store_t store; /* first, so that the one is the other */
    usage_connection_t *connection;
    const char *version;
    bool is_open; /**< a transaction is */
    apr_time_t until; /**< when the last question may begin; 0: whenever */
    usage_trouble_e trouble; /**< the last failure's, with its words */
    const char *error;
} usage_dbd_t;

/** The store that a usage_store_t is the head of. */
usage_dbd_t *usage_dbd_of(usage_store_t *store);

/**
 * Keep a driver's error as the store's.
 * @param doing what was being done, for people
 * @return APR_EGENERAL
 */
apr_status_t usage_dbd_fail(usage_dbd_t *dbd, const char *doing, int code);

/** Run a named statement that returns no rows. */
apr_status_t usage_dbd_run(usage_dbd_t *dbd, const char *name,
                           const usage_binding_t *binding, int *affected);

/** The same, once for all bindings, as many rows to a statement as it takes. */
apr_status_t usage_dbd_run_many(usage_dbd_t *dbd, const char *name,
                                const usage_binding_t *bindings, int count);

/**
 * Run a named statement that returns rows. All of them must be got before the
 * next statement is run: until then they live.
 */
apr_status_t usage_dbd_open(usage_dbd_t *dbd, const char *name,
                            const usage_binding_t *binding,
                            apr_dbd_results_t **results);

/** The same, and hand each row to @a fn. */
apr_status_t usage_dbd_select(usage_dbd_t *dbd, const char *name,
                              const usage_binding_t *binding,
                              usage_answer_fn *fn, void *baton);

/** A column as a number; 0 for NULL. */
apr_int64_t usage_dbd_number(usage_dbd_t *dbd, apr_dbd_row_t *row, int column);

/** A column as a text; "" for NULL. It lives as long as the rows do. */
const char *usage_dbd_text(usage_dbd_t *dbd, apr_dbd_row_t *row, int column);

/**
 * The next of the rows.
 * @param row NULL at first
 */
bool usage_dbd_next(usage_dbd_t *dbd, apr_dbd_results_t *results,
                    apr_dbd_row_t **row);

/** A statement that returns one number returns it as its only column. */
apr_status_t usage_dbd_take_number(void *baton, const usage_answer_t *row);

/**
 * Run all statements of a name, in order, that bind nothing and return nothing
 * of interest; a dialect may have none.
 * @param doing for people, if it fails
 */
apr_status_t usage_dbd_execute(usage_dbd_t *dbd, const char *name,
                               const char *doing);

/** The store's transactions. */
apr_status_t usage_dbd_begin(usage_store_t *store);
apr_status_t usage_dbd_commit(usage_store_t *store);
void usage_dbd_rollback(usage_store_t *store);

/* The store's functions for its tables as a whole: store_schema.c. */
apr_status_t usage_dbd_prepare(usage_store_t *store);
apr_status_t usage_dbd_is_made(usage_store_t *store, apr_int64_t *made);

/** Whether rows that all sites have together answer a question. */
bool usage_dbd_is_of_all(const usage_scope_t *scope);

/** What a question is about, bound: its scope and @a grain must live on. */
usage_binding_t usage_dbd_scope(const usage_scope_t *scope,
                                const apr_int64_t *grain);

/* The store's functions for clients and events: store_clients.c,
 * store_events.c. */
apr_status_t usage_dbd_clients_ask(usage_store_t *store,
                                   const usage_scope_t *scope,
                                   usage_client_fn *fn, void *baton);
apr_status_t usage_dbd_events_ask(usage_store_t *store,
                                  const usage_scope_t *scope,
                                  usage_event_fn *fn, void *baton);

/* The store's functions for visitors and newest views: store_people.c. */
apr_status_t usage_dbd_seen_get(usage_store_t *store, usage_seen_row_t *row,
                                apr_pool_t *pool);
apr_status_t usage_dbd_seen_put(usage_store_t *store,
                                const usage_seen_row_t *row);
apr_status_t usage_dbd_seen_ask(usage_store_t *store,
                                const usage_scope_t *scope, usage_seen_fn *fn,
                                void *baton);
apr_status_t usage_dbd_recent_put(usage_store_t *store,
                                  const usage_recent_row_t *row);
apr_status_t usage_dbd_recent_trim(usage_store_t *store, const char *site,
                                   apr_int64_t keep, apr_int64_t now);
apr_status_t usage_dbd_recent_ask(usage_store_t *store, const char *site,
                                  apr_int64_t limit, usage_recent_fn *fn,
                                  void *baton);

/* The store's functions for the servers that write: store_nodes.c. */
apr_status_t usage_dbd_batch_get(usage_store_t *store, const char *node,
                                 apr_int64_t *number);
apr_status_t usage_dbd_batch_move(usage_store_t *store, const char *node,
                                  apr_int64_t number, apr_int64_t now);
apr_status_t usage_dbd_node_touch(usage_store_t *store, const char *node,
                                  apr_int64_t now);
apr_status_t usage_dbd_nodes_ask(usage_store_t *store, apr_int64_t limit,
                                 usage_node_fn *fn, void *baton);

/* The store's functions for marks: store_marks.c. */
apr_status_t usage_dbd_mark_put(usage_store_t *store,
                                const usage_mark_row_t *row);
apr_status_t usage_dbd_mark_lock(usage_store_t *store);
apr_status_t usage_dbd_mark_put_once(usage_store_t *store,
                                     const usage_mark_row_t *row);
apr_status_t usage_dbd_marks_ask(usage_store_t *store,
                                 const usage_scope_t *scope, usage_mark_fn *fn,
                                 void *baton);
apr_status_t usage_dbd_node_version(usage_store_t *store, const char *node,
                                    const char **version, apr_pool_t *pool);

/** What a row of usage_seen binds. */
usage_binding_t usage_dbd_bind_seen(const usage_seen_row_t *row);

/** Hand rows of usage_seen to @a fn: site, day, category, node, visitors,
 * sketch. */
apr_status_t usage_dbd_each_seen(usage_store_t *store,
                                 apr_dbd_results_t *results, usage_seen_fn *fn,
                                 void *baton);

/** The store's functions for keeping: store_keep.c. */
extern const usage_keeper_t usage_dbd_keeper;

/* The store's functions for shared salts: store_salt.c. */
apr_status_t usage_dbd_salt_trim(usage_store_t *store, apr_int64_t now,
                                 apr_int64_t last);
apr_status_t usage_dbd_salt_put(usage_store_t *store,
                                const usage_salt_row_t *rows, int count);
apr_status_t usage_dbd_salt_ask(usage_store_t *store, usage_salt_fn *fn,
                                void *baton);

#endif
