/* SPDX-License-Identifier: Apache-2.0 */
/* One record for each answer: what was asked, how it ended, and its rows. */
#include "kept.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/keeper.h"
#include "kept_rows.h"

/* What distinguishes two questions is compared below, field by field. */
_Static_assert(sizeof(void *) != 8 || sizeof(usage_scope_t) == 192,
               "usage_scope_t has changed: is_same_scope() has to know");

/* What is asked; its texts are never NULL. */
typedef struct question_t {
    usage_kept_sort_e sort;
    int which; /* of a sort's questions */
    usage_scope_t scope;
} question_t;

typedef struct record_t {
    question_t question;
    apr_status_t status;
    apr_array_header_t *rows;
} record_t;

/* What has no rows, and is asked of one node alone. */
typedef struct single_t {
    bool is_known;
    apr_status_t status;
    apr_int64_t number;
} single_t;

struct usage_kept_t {
    apr_array_header_t *records; /* of record_t */
    single_t batch;
    single_t made;
    single_t leased;
    usage_lease_t lease;
    const char *error; /* of the last failure */
    apr_pool_t *pool;
};

/* A store of ours. */
typedef struct keeping_t {
    usage_store_t store; /* first, so that the one is the other */
    usage_kept_t *kept;
    usage_store_t *asked; /* NULL: what is kept is all there is */
    bool *has_missed;
    apr_pool_t *pool; /* of the reader, which outlives what is kept */
} keeping_t;

usage_kept_t *usage_kept_make(apr_pool_t *pool)
{
    usage_kept_t *kept = apr_pcalloc(pool, sizeof *kept);
    kept->records = apr_array_make(pool, 32, sizeof(record_t));
    kept->error = "no error";
    kept->pool = pool;
    return kept;
}

static keeping_t *keeping_of(usage_store_t *store)
{
    return (keeping_t *)(void *)store;
}

/* Find, or begin, the record of a question. */

static bool has_same_names(const usage_scope_t *a, const usage_scope_t *b)
{
    bool is_same = true;
    for (int i = 0; is_same && i < USAGE_NAMES; i++) {
        is_same = strcmp(a->names[i], b->names[i]) == 0;
    }
    return is_same;
}

static bool is_same_scope(const usage_scope_t *a, const usage_scope_t *b)
{
    return a->grain == b->grain && a->from == b->from && a->to == b->to
           && a->limit == b->limit && a->depth == b->depth
           && a->was_from == b->was_from && a->was_to == b->was_to
           && a->way == b->way && strcmp(a->site, b->site) == 0
           && strcmp(a->category, b->category) == 0
           && strcmp(a->name, b->name) == 0 && strcmp(a->device, b->device) == 0
           && strcmp(a->browser, b->browser) == 0
           && strcmp(a->system, b->system) == 0 && has_same_names(a, b);
}

static bool is_same(const question_t *a, const question_t *b)
{
    return a->sort == b->sort && a->which == b->which
           && is_same_scope(&a->scope, &b->scope);
}

static const char *text_of(const char *text)
{
    return text != NULL ? text : "";
}

static question_t question_of(usage_kept_sort_e sort, int which,
                              const usage_scope_t *scope)
{
    question_t question = { .sort = sort, .which = which, .scope = *scope };
    question.scope.site = text_of(scope->site);
    question.scope.category = text_of(scope->category);
    question.scope.name = text_of(scope->name);
    question.scope.device = text_of(scope->device);
    question.scope.browser = text_of(scope->browser);
    question.scope.system = text_of(scope->system);
    for (int i = 0; i < USAGE_NAMES; i++) {
        question.scope.names[i] = text_of(scope->names[i]);
    }
    return question;
}

static record_t *find(const usage_kept_t *kept, const question_t *question)
{
    for (int i = kept->records->nelts - 1; i >= 0; i--) {
        record_t *record = &APR_ARRAY_IDX(kept->records, i, record_t);
        if (is_same(&record->question, question)) {
            return record;
        }
    }
    return NULL;
}

/* The record of what is asked again is begun anew. */
static record_t *begin(usage_kept_t *kept, const question_t *question)
{
    apr_pool_t *pool = kept->pool;
    record_t *record = find(kept, question);
    if (record == NULL) {
        record = apr_array_push(kept->records);
        record->question = *question;
        usage_scope_t *scope = &record->question.scope;
        scope->site = apr_pstrdup(pool, scope->site);
        scope->category = apr_pstrdup(pool, scope->category);
        scope->name = apr_pstrdup(pool, scope->name);
        scope->device = apr_pstrdup(pool, scope->device);
        scope->browser = apr_pstrdup(pool, scope->browser);
        scope->system = apr_pstrdup(pool, scope->system);
        for (int i = 0; i < USAGE_NAMES; i++) {
            scope->names[i] = apr_pstrdup(pool, scope->names[i]);
        }
    }
    record->rows = usage_kept_rows_make(question->sort, pool);
    return record;
}

/* The record to answer from; NULL if it is not to be asked, and never was. */
static record_t *record_for(keeping_t *keeping, const question_t *question)
{
    if (keeping->asked != NULL) {
        return begin(keeping->kept, question);
    }
    record_t *record = find(keeping->kept, question);
    *keeping->has_missed = *keeping->has_missed || record == NULL;
    return record;
}

/* How an answer ended, and if badly, why. */
static apr_status_t ended(keeping_t *keeping, apr_status_t status)
{
    usage_kept_t *kept = keeping->kept;
    if (status != APR_SUCCESS) {
        kept->error =
            apr_pstrdup(kept->pool, keeping->asked->error(keeping->asked));
    }
    return status;
}

/* Rows come in. */

#define SORT_KEEP(id, name, fn, row_t)                                         \
    static apr_status_t keep_##name(void *baton, const row_t *row)             \
    {                                                                          \
        const record_t *record = baton;                                        \
        return usage_kept_row_add(record->rows, USAGE_KEPT_##id, row);         \
    }
USAGE_KEPT_LIST(SORT_KEEP)

/* And go out. */
static apr_status_t give(const record_t *record, usage_kept_taker_t taker,
                         void *baton)
{
    apr_status_t rv = APR_SUCCESS;
    if (record == NULL) {
        return APR_ENOENT;
    }
    for (int i = 0; rv == APR_SUCCESS && i < record->rows->nelts; i++) {
        rv = usage_kept_row_give(record->rows, i, record->question.sort, taker,
                                 baton);
    }
    return rv == APR_SUCCESS ? record->status : rv;
}

/* The questions: each is asked if there is who to ask, and answered from what
 * is kept. */

static apr_status_t ask(usage_store_t *store, usage_question_e which,
                        const usage_scope_t *scope, usage_answer_fn *fn,
                        void *baton)
{
    keeping_t *keeping = keeping_of(store);
    usage_store_t *asked = keeping->asked;
    question_t question = question_of(USAGE_KEPT_ANSWER, (int)which, scope);
    record_t *record = record_for(keeping, &question);
    if (asked != NULL) {
        record->status = ended(
            keeping, asked->ask(asked, which, scope, keep_answer, record));
    }
    return give(record, (usage_kept_taker_t){ .answer = fn }, baton);
}

/* Questions that are a scope alone. */
#define SCOPE_QUESTION(function, id, taken, fn_t)                              \
    static apr_status_t function(usage_store_t *store,                         \
                                 const usage_scope_t *scope, fn_t *fn,         \
                                 void *baton)                                  \
    {                                                                          \
        keeping_t *keeping = keeping_of(store);                                \
        usage_store_t *asked = keeping->asked;                                 \
        question_t question = question_of(USAGE_KEPT_##id, 0, scope);          \
        record_t *record = record_for(keeping, &question);                     \
        if (asked != NULL) {                                                   \
            record->status = ended(                                            \
                keeping, asked->function(asked, scope, keep_##taken, record)); \
        }                                                                      \
        return give(record, (usage_kept_taker_t){ .taken = fn }, baton);       \
    }
SCOPE_QUESTION(clients_ask, CLIENT, client, usage_client_fn)
SCOPE_QUESTION(events_ask, EVENT, event, usage_event_fn)
SCOPE_QUESTION(seen_ask, SEEN, seen, usage_seen_fn)
SCOPE_QUESTION(marks_ask, MARK, mark, usage_mark_fn)

static apr_status_t recent_ask(usage_store_t *store, const char *site,
                               apr_int64_t limit, usage_recent_fn *fn,
                               void *baton)
{
    keeping_t *keeping = keeping_of(store);
    usage_store_t *asked = keeping->asked;
    usage_scope_t scope = { .site = site, .limit = limit };
    question_t question = question_of(USAGE_KEPT_RECENT, 0, &scope);
    record_t *record = record_for(keeping, &question);
    if (asked != NULL) {
        record->status = ended(keeping, asked->recent_ask(asked, site, limit,
                                                          keep_recent, record));
    }
    return give(record, (usage_kept_taker_t){ .recent = fn }, baton);
}

static apr_status_t nodes_ask(usage_store_t *store, apr_int64_t limit,
                              usage_node_fn *fn, void *baton)
{
    keeping_t *keeping = keeping_of(store);
    usage_store_t *asked = keeping->asked;
    usage_scope_t scope = { .limit = limit };
    question_t question = question_of(USAGE_KEPT_NODE, 0, &scope);
    record_t *record = record_for(keeping, &question);
    if (asked != NULL) {
        record->status =
            ended(keeping, asked->nodes_ask(asked, limit, keep_node, record));
    }
    return give(record, (usage_kept_taker_t){ .node = fn }, baton);
}

/* Those that have one answer. */

static apr_status_t known(keeping_t *keeping, const single_t *single)
{
    if (!single->is_known) {
        *keeping->has_missed = true;
        return APR_ENOENT;
    }
    return single->status;
}

static void learn(keeping_t *keeping, single_t *single, apr_status_t status)
{
    single->is_known = true;
    single->status = ended(keeping, status);
}

static apr_status_t batch_get(usage_store_t *store, const char *node,
                              apr_int64_t *number)
{
    keeping_t *keeping = keeping_of(store);
    usage_store_t *asked = keeping->asked;
    single_t *batch = &keeping->kept->batch;
    if (asked != NULL) {
        learn(keeping, batch, asked->batch_get(asked, node, &batch->number));
    }
    *number = batch->number;
    return known(keeping, batch);
}

static apr_status_t is_made(usage_store_t *store, apr_int64_t *number)
{
    keeping_t *keeping = keeping_of(store);
    usage_store_t *asked = keeping->asked;
    single_t *made = &keeping->kept->made;
    if (asked != NULL) {
        learn(keeping, made, asked->is_made(asked, &made->number));
    }
    *number = made->number;
    return known(keeping, made);
}

static apr_status_t lease_get(usage_store_t *store, usage_lease_t *lease,
                              apr_pool_t *pool)
{
    keeping_t *keeping = keeping_of(store);
    usage_store_t *asked = keeping->asked;
    usage_kept_t *kept = keeping->kept;
    if (asked != NULL) {
        learn(keeping, &kept->leased,
              asked->keeper->lease_get(asked, &kept->lease, kept->pool));
    }
    *lease = kept->lease;
    lease->node = apr_pstrdup(pool, kept->lease.node);
    return known(keeping, &kept->leased);
}

static const char *error(usage_store_t *store)
{
    const keeping_t *keeping = keeping_of(store);
    return apr_pstrdup(keeping->pool, keeping->kept->error);
}

static const usage_keeper_t keeper = { .lease_get = lease_get };

static const usage_store_t functions = {
    .is_made = is_made,
    .batch_get = batch_get,
    .nodes_ask = nodes_ask,
    .ask = ask,
    .clients_ask = clients_ask,
    .events_ask = events_ask,
    .seen_ask = seen_ask,
    .recent_ask = recent_ask,
    .marks_ask = marks_ask,
    .error = error,
    .keeper = &keeper,
};

usage_store_t *usage_kept_recorder(usage_kept_t *kept, usage_store_t *store,
                                   apr_pool_t *pool)
{
    keeping_t *keeping = apr_pcalloc(pool, sizeof *keeping);
    *keeping =
        (keeping_t){ functions, .kept = kept, .asked = store, .pool = pool };
    return &keeping->store;
}

usage_store_t *usage_kept_replayer(const usage_kept_t *kept, bool *has_missed,
                                   apr_pool_t *pool)
{
    keeping_t *keeping = apr_pcalloc(pool, sizeof *keeping);
    *keeping = (keeping_t){ functions, .kept = (usage_kept_t *)kept,
                            .has_missed = has_missed, .pool = pool };
    *has_missed = false;
    return &keeping->store;
}
