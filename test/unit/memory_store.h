/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store in shared memory (engine/store.h), for tests of what flushes into
 * it. Its contents may be shared by processes, one of which writes at a time;
 * a writer that dies leaves either all or nothing of its transaction, like a
 * database does. It holds its caller to the contract: rows sorted by key, each
 * once, all texts valid, in a transaction.
 *
 * Trouble can be ordered: a step that fails, one that is done but reported as
 * failed, and a death before or after a step.
 */
#ifndef MEMORY_STORE_H
#define MEMORY_STORE_H

#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "engine/keeper.h"
#include "engine/store.h"

#define MEMORY_TEXT  256
#define MEMORY_NODES 4
#define MEMORY_SALTS 256
#define MEMORY_SEEN  16
#define MEMORY_MARKS 64

/** A row as it is kept. */
typedef struct memory_row_t {
    usage_fact_e fact;
    usage_grain_e grain;
    apr_int64_t start;
    apr_int64_t part;
    char site[MEMORY_TEXT];
    char name[MEMORY_TEXT];
    char category[MEMORY_TEXT];
    char device[32];
    char browser[32];
    char system[32];
    usage_values_t values;
} memory_row_t;

typedef struct memory_node_t {
    char name[MEMORY_TEXT];
    apr_int64_t batch;
    apr_int64_t last_flush;
} memory_node_t;

typedef struct memory_mark_t {
    apr_int64_t time;
    char site[MEMORY_TEXT];
    char name[MEMORY_TEXT];
    char category[MEMORY_TEXT];
} memory_mark_t;

typedef struct memory_salt_t {
    apr_int64_t day;
    apr_int64_t expires;
    char salt[33];
} memory_salt_t;

/** What a transaction will write: the row as it will then stand, and where. */
typedef struct memory_change_t {
    int at;
    memory_row_t row;
} memory_change_t;

/** What is in the database. */
typedef struct memory_state_t {
    int capacity;
    int count;
    int *index; /**< of rows by hash, 2 x capacity; 0: none, else 1 + row */
    memory_row_t *rows;
    memory_node_t nodes[MEMORY_NODES];
    memory_salt_t salts[MEMORY_SALTS]; /**< by day */
    int salted;
    /* What a test puts there: visitors by day, site and node, as they are
     * ordered in the database, averages by month, and the lease. */
    usage_seen_row_t seen[MEMORY_SEEN];
    int seen_count;
    usage_answer_t averages[MEMORY_SEEN];
    int averages_count;
    usage_lease_t lease;
    const char *version; /**< that every node had, or NULL */
    memory_mark_t marks[MEMORY_MARKS];
    int marks_count;
    /* The transaction: */
    memory_change_t *changes;
    int changed;
    int fresh; /**< changes that are new rows */
    int marks_end; /**< marks that there are then */
    bool is_locked; /**< it may call mark_put_once */
    memory_node_t moved;
    _Atomic bool is_sealed; /**< committed, but not all of it in place yet */
} memory_state_t;

typedef enum memory_step_e {
    MEMORY_PREPARE,
    MEMORY_BATCH_GET,
    MEMORY_BEGIN,
    MEMORY_BATCH_MOVE,
    MEMORY_ADD,
    MEMORY_MARK, /**< mark_put or mark_put_once */
    MEMORY_COMMIT,
    MEMORY_ASK,
    MEMORY_STEPS
} memory_step_e;

typedef enum memory_trouble_e {
    MEMORY_NO_TROUBLE,
    MEMORY_FAILS, /**< and is not done */
    MEMORY_SEEMS_TO_FAIL, /**< but is done */
    MEMORY_DIES_BEFORE, /**< the process does: longjmp to `death` */
    MEMORY_DIES_AFTER,
    MEMORY_TROUBLES
} memory_trouble_e;

typedef struct memory_store_t {
    usage_store_t store; /**< first, so that the one is the other */
    memory_state_t *state;
    apr_pool_t *pool;
    bool is_open; /**< a transaction is */
    const char *error;
    /* The order for trouble: */
    memory_trouble_e trouble;
    memory_step_e step;
    int nth; /**< of the calls of that step, the first is 0 */
    int calls[MEMORY_STEPS]; /**< calls so far */
    int done[MEMORY_STEPS]; /**< calls that succeeded so far */
    jmp_buf *death;
    /** Called after a step of that name and number was done, if not NULL. */
    void (*after)(struct memory_store_t *store, memory_step_e step, int nth);
} memory_store_t;

/** An empty database that processes forked from now on share. */
memory_state_t *memory_state_make(int capacity);

/** Make @a to what @a from is: put a copy back, or take one. */
void memory_state_copy(memory_state_t *to, const memory_state_t *from);

/** What a database does when it is opened after a crash. */
void memory_state_recover(memory_state_t *state);

/** The batch that a node stands at. */
apr_int64_t memory_state_batch(memory_state_t *state, const char *node);

/** Connect to a database. */
void memory_store_open(memory_store_t *store, memory_state_t *state,
                       apr_pool_t *pool);

/** Answer a question from what is committed, as the queries in sql/ do. */
apr_status_t memory_ask(memory_store_t *store, usage_question_e question,
                        const usage_scope_t *scope, usage_answer_fn *fn,
                        void *baton);

apr_status_t memory_clients_ask(usage_store_t *store,
                                const usage_scope_t *scope, usage_client_fn *fn,
                                void *baton);
apr_status_t memory_events_ask(usage_store_t *store, const usage_scope_t *scope,
                               usage_event_fn *fn, void *baton);

/** Order trouble at the @a nth call of a step from now on. */
void memory_store_order(memory_store_t *store, memory_trouble_e trouble,
                        memory_step_e step, int nth);

/** What each step begins and ends with: the trouble that is ordered. */
apr_status_t memory_store_enter(memory_store_t *store, memory_step_e step);
apr_status_t memory_store_leave(memory_store_t *store, memory_step_e step);

/* The store's functions of marks. */
apr_status_t memory_mark_put(usage_store_t *store, const usage_mark_row_t *row);
apr_status_t memory_mark_lock(usage_store_t *store);
apr_status_t memory_mark_put_once(usage_store_t *store,
                                  const usage_mark_row_t *row);
apr_status_t memory_marks_ask(usage_store_t *store, const usage_scope_t *scope,
                              usage_mark_fn *fn, void *baton);
apr_status_t memory_node_version(usage_store_t *store, const char *node,
                                 const char **version, apr_pool_t *pool);

/** It always is. */
apr_status_t memory_is_made(usage_store_t *store, apr_int64_t *made);

/** Answer what is asked of closed days and of months. */
apr_status_t memory_ask_closed(memory_store_t *store, usage_question_e question,
                               const usage_scope_t *scope, usage_answer_fn *fn,
                               void *baton);

/* The store's functions of nodes. */
apr_status_t memory_node_touch(usage_store_t *store, const char *node,
                               apr_int64_t now);
apr_status_t memory_nodes_ask(usage_store_t *store, apr_int64_t limit,
                              usage_node_fn *fn, void *baton);
extern const usage_keeper_t memory_keeper; /**< has the lease alone */

/* The store's functions of visitors and newest views: checked, not kept. */
apr_status_t memory_seen_get(usage_store_t *store, usage_seen_row_t *row,
                             apr_pool_t *pool);
apr_status_t memory_seen_put(usage_store_t *store, const usage_seen_row_t *row);
apr_status_t memory_seen_ask(usage_store_t *store, const usage_scope_t *scope,
                             usage_seen_fn *fn, void *baton);
apr_status_t memory_recent_put(usage_store_t *store,
                               const usage_recent_row_t *row);
apr_status_t memory_recent_trim(usage_store_t *store, const char *site,
                                apr_int64_t keep, apr_int64_t now);
apr_status_t memory_recent_ask(usage_store_t *store, const char *site,
                               apr_int64_t limit, usage_recent_fn *fn,
                               void *baton);

/* The store's functions of salts, which are the open store's, kept at once. */
apr_status_t memory_salt_trim(usage_store_t *store, apr_int64_t now,
                              apr_int64_t last);
apr_status_t memory_salt_put(usage_store_t *store, const usage_salt_row_t *rows,
                             int count);
apr_status_t memory_salt_ask(usage_store_t *store, usage_salt_fn *fn,
                             void *baton);

#endif
