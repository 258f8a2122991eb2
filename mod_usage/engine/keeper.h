/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeping (keep.h) asks of a store besides store.h: a second table of
 * functions, of the same usage_store_t. All that changes something is called
 * within a transaction.
 */
#ifndef USAGE_KEEPER_H
#define USAGE_KEEPER_H

#include "store.h"

/** Rows that are deleted by their age. X(id, statement) */
#define USAGE_DROP_LIST(X)                                                     \
    X(VIEW, drop_view)                                                         \
    X(PAGE, drop_page)                                                         \
    X(TOTAL, drop_total)                                                       \
    X(CLIENT, drop_client)                                                     \
    X(ALL_PAGE, drop_all) /* of each usage_part_e, in its order */             \
    X(ALL_CLIENT, drop_all)                                                    \
    X(ALL_BOTH, drop_all)                                                      \
    X(EVENT, drop_event)                                                       \
    X(SEEN, drop_seen) /* closed days; of no grain */                          \
    X(USER, drop_user) /* names that a closed day has left; of no grain */     \
    X(AVERAGE, drop_average) /* months of them; of no grain */

#define USAGE_DROP_ENUM(id, name) USAGE_DROP_##id,
typedef enum usage_drop_e {
    USAGE_DROP_LIST(USAGE_DROP_ENUM) USAGE_DROPS
} usage_drop_e;
#undef USAGE_DROP_ENUM

/** Who keeps the database; there is one. Times are Unix seconds. */
typedef struct usage_lease_t {
    const char *node; /**< the holder, "" if there never was one */
    apr_int64_t expires;
    apr_int64_t done; /**< the time of the last complete run, 0: none */
    apr_int64_t doubted; /**< since when the clock is doubted, 0: it is not */
} usage_lease_t;

/** A plea for the lease. */
typedef struct usage_claim_t {
    const char *node;
    apr_int64_t now;
    apr_int64_t expires; /**< what it is to be, if it is granted */
    apr_int64_t latest; /**< a lease that expires later has no sane end */
} usage_claim_t;

/** How full a database's file is. */
typedef struct usage_room_t {
    apr_int64_t free; /**< pages that hold nothing */
    apr_int64_t pages; /**< of the file; 0: it has none of its own */
    apr_int64_t is_shrinkable; /**< 0: only by a VACUUM */
} usage_room_t;

typedef apr_status_t usage_row_fn(void *baton, const usage_row_t *row);

typedef struct usage_keeper_t {
    /** The lease as it stands; its text is in @a pool. */
    apr_status_t (*lease_get)(usage_store_t *store, usage_lease_t *lease,
                              apr_pool_t *pool);
    /** Give the lease to a node, unless another holds it; lease_get tells. */
    apr_status_t (*lease_take)(usage_store_t *store,
                               const usage_claim_t *claim);
    /** Set done and doubted, if the lease is this node's. */
    apr_status_t (*lease_note)(usage_store_t *store,
                               const usage_lease_t *lease);

    /**
     * Delete the oldest rows that began before scope->to: scope->limit at most.
     * @param dropped set to their number
     */
    apr_status_t (*drop)(usage_store_t *store, usage_drop_e what,
                         const usage_scope_t *scope, int *dropped);

    /**
     * Events of one grain that began before scope->to and have a name, except
     * those of scope->category, by key.
     */
    apr_status_t (*events_before)(usage_store_t *store,
                                  const usage_scope_t *scope, usage_row_fn *fn,
                                  void *baton);
    /** Delete an event's row if it stands as it was read. */
    apr_status_t (*event_take)(usage_store_t *store, const usage_row_t *row,
                               int *taken);

    /** Days before scope->to that nodes have rows of: day, site, category. */
    apr_status_t (*seen_open)(usage_store_t *store, const usage_scope_t *scope,
                              usage_seen_fn *fn, void *baton);
    /** The rows that nodes have of a day, site and category. */
    apr_status_t (*seen_nodes)(usage_store_t *store,
                               const usage_seen_row_t *day, usage_seen_fn *fn,
                               void *baton);
    /** Delete a node's row if it stands as it was read. */
    apr_status_t (*seen_take)(usage_store_t *store, const usage_seen_row_t *row,
                              int *taken);
    /** Delete the names of a day's users. @param taken set to their number */
    apr_status_t (*users_take)(usage_store_t *store,
                               const usage_seen_row_t *day, int *taken);
    /** Days of [scope->from, scope->to) on which a site has outcomes, and no
     * row of node "" and scope->category: day, site. */
    apr_status_t (*seen_unclosed)(usage_store_t *store,
                                  const usage_scope_t *scope, usage_seen_fn *fn,
                                  void *baton);
    /** Whether a site has outcomes on a day, of the grain of days. */
    apr_status_t (*seen_observed)(usage_store_t *store,
                                  const usage_seen_row_t *day,
                                  apr_int64_t *observed);
    /** Make the row of node "" of a day, with no visitors, unless it is there.
     * @param made set to 1 if it was not */
    apr_status_t (*seen_make)(usage_store_t *store, const usage_seen_row_t *day,
                              int *made);
    /** Add day->visitors to the row of node "". */
    apr_status_t (*seen_add)(usage_store_t *store, const usage_seen_row_t *day);
    /** Add visitors and days to the month that begins at @a month. */
    apr_status_t (*average_add)(usage_store_t *store, apr_int64_t month,
                                const usage_seen_row_t *day, apr_int64_t days);

    /** Sites with more than @a keep newest views; values.of[0]: how many. */
    apr_status_t (*recent_over)(usage_store_t *store, apr_int64_t keep,
                                apr_int64_t limit, usage_answer_fn *fn,
                                void *baton);
    /** How full the file is. */
    apr_status_t (*room)(usage_store_t *store, usage_room_t *room);
    /** Give a few free pages back to the file system. */
    apr_status_t (*shrink)(usage_store_t *store);
} usage_keeper_t;

#endif
