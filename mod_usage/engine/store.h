/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine and the dashboard ask of a database, as a table of
 * functions. store_dbd.c answers with mod_dbd; the unit tests answer from
 * memory. A store is used by one thread at a time.
 */
#ifndef USAGE_STORE_H
#define USAGE_STORE_H

#include <apr_errno.h>
#include <apr_pools.h>

#include "calendar.h"
#include "counter.h"

/** The tables that a batch is added to. */
typedef enum usage_fact_e {
    USAGE_FACT_VIEW, /**< by path, device, browser and system */
    USAGE_FACT_TOTAL, /**< by site */
    USAGE_FACT_PAGE, /**< by path */
    USAGE_FACT_CLIENT, /**< by device, browser and system */
    USAGE_FACT_EVENT, /**< by category and event; only `views` is kept */
    USAGE_FACT_USER, /**< days' users by category and name; nothing is kept but
                          that they are there; of the grain of days alone */
    USAGE_FACT_ALL, /**< of all sites together, in parts; of days and months.
                         Last, as other servers wait for these rows whatever
                         their sites */
    USAGE_FACTS
} usage_fact_e;

/** What a row of USAGE_FACT_ALL is of. */
typedef enum usage_part_e {
    USAGE_PART_PAGE, /**< a path */
    USAGE_PART_CLIENT, /**< a device, browser and system */
    USAGE_PART_BOTH, /**< both, of months alone */
} usage_part_e;

/** A row of a fact table: what is no part of its key is "". */
typedef struct usage_row_t {
    usage_grain_e grain;
    apr_int64_t start; /**< of the interval: usage_zone_start */
    apr_int64_t part; /**< of USAGE_FACT_ALL: usage_part_e; else 0 */
    const char *site;
    const char *name; /**< path, or the event's name */
    const char *category; /**< of an event */
    const char *device;
    const char *browser;
    const char *system;
    usage_values_t values;
} usage_row_t;

/** The questions a dashboard asks: each a named query in sql/. */
#define USAGE_QUESTION_LIST(X)                                                 \
    X(SITES, sites) /* name = site */                                          \
    X(SERIES, series) /* start = interval */                                   \
    X(PAGES, pages) /* name = path */                                          \
    X(COURSES, courses) /* name = path, start; of the scope's paths */         \
    X(CLIENT_SERIES, client_series) /* start; of its clients */                \
    X(CLIENT_PAGES, client_pages) /* name = path; of its clients */            \
    X(PAGE_SERIES, page_series) /* start; of its path, and clients */          \
    X(CLIENT_COURSES, client_courses) /* as COURSES; of its clients */         \
    X(HOURS, hours) /* start = base interval; views alone */                   \
    X(CHANGES, changes) /* name = path; was, and by change: its way */         \
    X(CLIENT_CHANGES, client_changes) /* the same, of its clients */           \
    X(COUNT_SERIES, count_series) /* start; of its category, and name */       \
    X(VISITORS, visitors) /* start = a day that is closed (close.h) */         \
    X(AVERAGES, averages) /* start = month, views = on so many closed days */  \
    X(CATEGORIES, categories) /* name = one but the scope's */

#define USAGE_QUESTION_ENUM(id, name) USAGE_ASK_##id,
typedef enum usage_question_e {
    USAGE_QUESTION_LIST(USAGE_QUESTION_ENUM) USAGE_QUESTIONS
} usage_question_e;
#undef USAGE_QUESTION_ENUM

/** Paths that can be asked about at a time. */
#define USAGE_NAMES 10

/** What a question is about: [from, to) of one grain. */
typedef struct usage_scope_t {
    const char *site; /**< "" for all sites */
    usage_grain_e grain;
    apr_int64_t from;
    apr_int64_t to;
    const char *category; /**< of distinct things, or COUNT_SERIES */
    const char *name; /**< a path, or what is counted; "": all, as below */
    const char *names[USAGE_NAMES]; /**< of COURSES; NULL: no more */
    const char *device;
    const char *browser;
    const char *system;
    apr_int64_t limit; /**< rows at most */
    apr_int64_t depth; /**< of events_ask: names of a category at most */
    apr_int64_t was_from; /**< of CHANGES: [was_from, was_to) is what */
    apr_int64_t was_to; /**< the scope is compared with */
    apr_int64_t way; /**< 1: what gained most first; -1: what lost most */
} usage_scope_t;

/** One row of an answer; @a name is valid during the call only. */
typedef struct usage_answer_t {
    const char *name; /**< "" where the question has no names */
    apr_int64_t start; /**< 0 where the question has no intervals */
    usage_values_t values;
    apr_int64_t was; /**< of CHANGES: views in the time compared with */
} usage_answer_t;

typedef apr_status_t usage_answer_fn(void *baton, const usage_answer_t *row);

/** What was counted of an event; of each category, the last row may be of all
 * those that are beyond the depth. Texts are valid during the call only. */
typedef struct usage_event_row_t {
    const char *category;
    const char *name; /**< "" of those beyond */
    apr_int64_t count;
    apr_int64_t names; /**< that it stands for: 1, or how many are beyond */
} usage_event_row_t;

/** What was counted of clients that are the same. Texts are valid during the
 * call only. */
typedef struct usage_client_row_t {
    const char *device;
    const char *browser;
    const char *system;
    apr_int64_t views;
} usage_client_row_t;

typedef apr_status_t usage_client_fn(void *baton,
                                     const usage_client_row_t *row);

typedef apr_status_t usage_event_fn(void *baton, const usage_event_row_t *row);

/** How many distinct visitors a node met at a site on a day; all nodes, in the
 * row of node "", once the day is closed (close.h). */
typedef struct usage_seen_row_t {
    apr_int64_t day; /**< its start: usage_zone_start */
    const char *site;
    const char *category;
    const char *node;
    apr_int64_t visitors;
    const char *sketch; /**< usage_sketch_text; "" in the row of node "" */
} usage_seen_row_t;

typedef apr_status_t usage_seen_fn(void *baton, const usage_seen_row_t *row);

/** A server that writes. */
typedef struct usage_node_row_t {
    const char *node;
    apr_int64_t last_flush; /**< Unix seconds, by its clock */
    apr_int64_t batch; /**< the number of its last one */
    const char *version; /**< of its module */
} usage_node_row_t;

/** A named point in time. */
typedef struct usage_mark_row_t {
    apr_int64_t time; /**< Unix seconds */
    const char *site; /**< "": of all sites */
    const char *name;
    const char *category;
} usage_mark_row_t;

typedef apr_status_t usage_mark_fn(void *baton, const usage_mark_row_t *row);

typedef apr_status_t usage_node_fn(void *baton, const usage_node_row_t *row);

/** One of a site's newest views. */
typedef struct usage_recent_row_t {
    const char *site;
    apr_int64_t time; /**< Unix seconds */
    apr_int64_t sequence;
    const char *path;
    const char *device;
    const char *browser;
    const char *system;
    apr_int64_t is_new; /**< 1: it began a visit */
} usage_recent_row_t;

/** A salt that servers share (salt.h), or the seed of the agents' secret. */
typedef struct usage_salt_row_t {
    apr_int64_t day; /**< its first second, Unix time; 0: of the agents */
    apr_int64_t expires; /**< Unix seconds; of no matter for day 0 */
    const char *salt; /**< 32 hexadecimal digits */
} usage_salt_row_t;

typedef apr_status_t usage_salt_fn(void *baton, const usage_salt_row_t *row);

typedef apr_status_t usage_recent_fn(void *baton,
                                     const usage_recent_row_t *row);

typedef struct usage_store_t usage_store_t;

struct usage_store_t {
    /** Make what is missing of the schema; check the version of the rest. */
    apr_status_t (*prepare)(usage_store_t *store);
    /** Whether the tables are there: they are not before the first flush. */
    apr_status_t (*is_made)(usage_store_t *store, apr_int64_t *made);
    /** Begin the one transaction of a flush; it may write at once. */
    apr_status_t (*begin)(usage_store_t *store);
    apr_status_t (*commit)(usage_store_t *store);
    /** Undo what was done since begin; harmless without one. */
    void (*rollback)(usage_store_t *store);
    /** The number of the last batch of @a node; 0 if it never wrote one. */
    apr_status_t (*batch_get)(usage_store_t *store, const char *node,
                              apr_int64_t *number);
    /**
     * Move @a node from batch @a number - 1 to @a number.
     * @return APR_SUCCESS; APR_EEXIST when the node does not stand at
     *         number - 1: this batch was written already, or the number is
     *         not this database's
     */
    apr_status_t (*batch_move)(usage_store_t *store, const char *node,
                               apr_int64_t number, apr_int64_t now);
    /** Note that @a node had nothing to write @a now, if it ever wrote. */
    apr_status_t (*node_touch)(usage_store_t *store, const char *node,
                               apr_int64_t now);
    /** The servers that write, the one that flushed last first. */
    apr_status_t (*nodes_ask)(usage_store_t *store, apr_int64_t limit,
                              usage_node_fn *fn, void *baton);
    /** Add @a count rows, sorted by key, to a fact table. */
    apr_status_t (*add)(usage_store_t *store, usage_fact_e fact,
                        const usage_row_t *rows, int count);
    /** Answer a question, row by row; a failing @a fn ends it. */
    apr_status_t (*ask)(usage_store_t *store, usage_question_e question,
                        const usage_scope_t *scope, usage_answer_fn *fn,
                        void *baton);
    /** Clients within the scope, of its path and clients or of all. */
    apr_status_t (*clients_ask)(usage_store_t *store,
                                const usage_scope_t *scope, usage_client_fn *fn,
                                void *baton);
    /** The greatest events of each category within the scope, and what the
     * others come to; the greatest of all categories first. */
    apr_status_t (*events_ask)(usage_store_t *store, const usage_scope_t *scope,
                               usage_event_fn *fn, void *baton);
    /** Fill in visitors and sketch of a row; 0 and "" if there is none. */
    apr_status_t (*seen_get)(usage_store_t *store, usage_seen_row_t *row,
                             apr_pool_t *pool);
    /** Store a row, in place of the one with its key. */
    apr_status_t (*seen_put)(usage_store_t *store, const usage_seen_row_t *row);
    /** What nodes have of days that are not closed, of the scope's site (or
     * all) and category, by day and site. */
    apr_status_t (*seen_ask)(usage_store_t *store, const usage_scope_t *scope,
                             usage_seen_fn *fn, void *baton);
    /** Store a view, unless it is there. */
    apr_status_t (*recent_put)(usage_store_t *store,
                               const usage_recent_row_t *row);
    /** Keep only the newest @a keep views of a site, none after @a now. */
    apr_status_t (*recent_trim)(usage_store_t *store, const char *site,
                                apr_int64_t keep, apr_int64_t now);
    /** The newest views of a site, or of all (""), the newest first. */
    apr_status_t (*recent_ask)(usage_store_t *store, const char *site,
                               apr_int64_t limit, usage_recent_fn *fn,
                               void *baton);
    /** Delete salts that expired, and those of days after @a last. */
    apr_status_t (*salt_trim)(usage_store_t *store, apr_int64_t now,
                              apr_int64_t last);
    /** Store rows, sorted by day, but for the days that have a salt. */
    apr_status_t (*salt_put)(usage_store_t *store, const usage_salt_row_t *rows,
                             int count);
    /** All salts, by day; a failing @a fn ends it. */
    apr_status_t (*salt_ask)(usage_store_t *store, usage_salt_fn *fn,
                             void *baton);
    /** Store a mark, unless it is there. */
    apr_status_t (*mark_put)(usage_store_t *store, const usage_mark_row_t *row);
    /** Be the only transaction that calls mark_put_once. */
    apr_status_t (*mark_lock)(usage_store_t *store);
    /** Store a mark, unless there is one of its site, name and category. */
    apr_status_t (*mark_put_once)(usage_store_t *store,
                                  const usage_mark_row_t *row);
    /** Marks of [from, to), Unix seconds, of the scope's site (or all) and of
     * all sites, the newest first. */
    apr_status_t (*marks_ask)(usage_store_t *store, const usage_scope_t *scope,
                              usage_mark_fn *fn, void *baton);
    /** The version of the module that @a node had, "" if it never wrote. */
    apr_status_t (*node_version)(usage_store_t *store, const char *node,
                                 const char **version, apr_pool_t *pool);
    /** What the last failure was, in words; never NULL. */
    const char *(*error)(usage_store_t *store);
    /** What keeping asks besides (keeper.h). */
    const struct usage_keeper_t *keeper;
};

#endif
