/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transaction is a list of rows as they will stand. Committing it is one
 * flag; what follows puts them in their places, and is done again from its
 * beginning by whoever finds the flag up.
 */
#include "memory_store.h"

#include "counting.h"
#include "memory_rows.h"

static memory_store_t *of(usage_store_t *store)
{
    return (memory_store_t *)(void *)store;
}

memory_state_t *memory_state_make(int capacity)
{
    apr_size_t room = (apr_size_t)capacity;
    memory_state_t *state = shared_make(sizeof *state);
    state->capacity = capacity;
    state->index = shared_make(2 * room * sizeof(int));
    state->rows = shared_make(room * sizeof(memory_row_t));
    state->changes = shared_make(room * sizeof(memory_change_t));
    return state;
}

static apr_uint64_t hash_text(apr_uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * APR_UINT64_C(0x100000001b3);
    }
    return hash * 31;
}

static apr_uint64_t hash_row(const memory_row_t *row)
{
    apr_uint64_t hash = (apr_uint64_t)row->start * 64
                        + (apr_uint64_t)row->fact * 8
                        + (apr_uint64_t)row->grain;
    hash = hash_text(hash, row->site);
    hash = hash_text(hash, row->name);
    hash = hash_text(hash, row->category);
    hash = hash_text(hash, row->device);
    hash = hash_text(hash, row->browser);
    hash = hash_text(hash, row->system);
    return hash ^ hash >> 29;
}

/* The place in the index where a row stands, or where it would. */
static int *place_of(const memory_state_t *state, const memory_row_t *row)
{
    apr_uint64_t size = 2 * (apr_uint64_t)state->capacity;
    apr_uint64_t at = hash_row(row) % size;
    while (state->index[at] != 0
           && !memory_row_is_same(&state->rows[state->index[at] - 1], row)) {
        at = (at + 1) % size;
    }
    return &state->index[at];
}

static memory_node_t *node_of(memory_state_t *state, const char *name)
{
    int i = 0;
    while (state->nodes[i].name[0] != '\0'
           && strcmp(state->nodes[i].name, name) != 0) {
        must(++i < MEMORY_NODES);
    }
    return &state->nodes[i];
}

apr_int64_t memory_state_batch(memory_state_t *state, const char *node)
{
    return node_of(state, node)->batch;
}

/* Put the changes in their places. Twice does the same as once. */
static void apply(memory_state_t *state)
{
    for (int i = 0; i < state->changed; i++) {
        const memory_change_t *change = &state->changes[i];
        state->rows[change->at] = change->row;
        *place_of(state, &change->row) = change->at + 1;
        state->count =
            change->at < state->count ? state->count : change->at + 1;
    }
    *node_of(state, state->moved.name) = state->moved;
    state->marks_count = state->marks_end;
}

static void forget_changes(memory_state_t *state)
{
    state->changed = 0;
    state->fresh = 0;
    state->marks_end = state->marks_count;
    state->is_locked = false;
}

void memory_state_recover(memory_state_t *state)
{
    if (state->is_sealed) {
        apply(state);
    }
    state->is_sealed = false;
    forget_changes(state);
}

void memory_state_copy(memory_state_t *to, const memory_state_t *from)
{
    must(from->count <= to->capacity);
    memset(to->index, 0, 2 * (apr_size_t)to->capacity * sizeof(int));
    memcpy(to->nodes, from->nodes, sizeof to->nodes);
    memcpy(to->marks, from->marks, sizeof to->marks);
    to->marks_count = from->marks_count;
    forget_changes(to);
    to->is_sealed = false;
    to->count = from->count;
    for (int i = 0; i < to->count; i++) {
        to->rows[i] = from->rows[i];
        *place_of(to, &to->rows[i]) = i + 1;
    }
}

/* Trouble. */

static bool is_ordered(const memory_store_t *store, memory_trouble_e trouble,
                       memory_step_e step)
{
    return store->trouble == trouble && store->step == step
           && store->calls[step] == store->nth;
}

static void die(memory_store_t *store)
{
    store->is_open = false;
    longjmp(*store->death, 1);
}

apr_status_t memory_store_enter(memory_store_t *store, memory_step_e step)
{
    if (is_ordered(store, MEMORY_DIES_BEFORE, step)) {
        die(store);
    }
    if (is_ordered(store, MEMORY_FAILS, step)) {
        store->calls[step]++;
        store->error = "ordered to fail";
        return APR_EGENERAL;
    }
    return APR_SUCCESS;
}

apr_status_t memory_store_leave(memory_store_t *store, memory_step_e step)
{
    int nth = store->calls[step];
    bool seems_to_fail = is_ordered(store, MEMORY_SEEMS_TO_FAIL, step);
    bool dies = is_ordered(store, MEMORY_DIES_AFTER, step);
    store->calls[step]++;
    if (store->after != NULL) {
        store->after(store, step, nth);
    }
    if (dies) {
        die(store);
    }
    if (seems_to_fail) {
        store->error = "ordered to seem to fail";
        return APR_EGENERAL;
    }
    store->done[step]++;
    return APR_SUCCESS;
}

/* The store's functions. */

static apr_status_t store_prepare(usage_store_t *store)
{
    apr_status_t rv = memory_store_enter(of(store), MEMORY_PREPARE);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    memory_state_recover(of(store)->state);
    return memory_store_leave(of(store), MEMORY_PREPARE);
}

static apr_status_t store_begin(usage_store_t *store)
{
    apr_status_t rv = memory_store_enter(of(store), MEMORY_BEGIN);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    must(!of(store)->is_open);
    of(store)->is_open = true;
    forget_changes(of(store)->state);
    return memory_store_leave(of(store), MEMORY_BEGIN);
}

static apr_status_t store_commit(usage_store_t *store)
{
    memory_state_t *state = of(store)->state;
    apr_status_t rv = memory_store_enter(of(store), MEMORY_COMMIT);
    must(of(store)->is_open);
    of(store)->is_open = false;
    if (rv != APR_SUCCESS) {
        forget_changes(state);
        return rv;
    }
    state->is_sealed = true;
    memory_state_recover(state);
    return memory_store_leave(of(store), MEMORY_COMMIT);
}

static void store_rollback(usage_store_t *store)
{
    if (of(store)->is_open) {
        forget_changes(of(store)->state);
        of(store)->is_open = false;
    }
}

static apr_status_t store_batch_get(usage_store_t *store, const char *node,
                                    apr_int64_t *number)
{
    apr_status_t rv = memory_store_enter(of(store), MEMORY_BATCH_GET);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *number = memory_state_batch(of(store)->state, node);
    return memory_store_leave(of(store), MEMORY_BATCH_GET);
}

static apr_status_t store_batch_move(usage_store_t *store, const char *node,
                                     apr_int64_t number, apr_int64_t now)
{
    memory_state_t *state = of(store)->state;
    apr_status_t rv = memory_store_enter(of(store), MEMORY_BATCH_MOVE);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    must(of(store)->is_open);
    if (memory_state_batch(state, node) != number - 1) {
        of(store)->error = "the node stands elsewhere";
        return APR_EEXIST;
    }
    apr_cpystrn(state->moved.name, node, sizeof state->moved.name);
    state->moved.batch = number;
    state->moved.last_flush = now;
    return memory_store_leave(of(store), MEMORY_BATCH_MOVE);
}

static void keep_text(char *to, const char *text, apr_size_t size)
{
    usage_path_buffer_t buffer;
    must(text != NULL);
    must(strlen(text) < size);
    must(*text == '\0' || usage_path_clean(text, &buffer).data == text);
    apr_cpystrn(to, text, size);
}

static memory_row_t row_of(usage_fact_e fact, const usage_row_t *row)
{
    bool is_event = fact == USAGE_FACT_EVENT;
    memory_row_t made = { .fact = fact, .grain = row->grain };
    made.start = row->start;
    made.part = row->part;
    made.values = row->values;
    keep_text(made.site, row->site, sizeof made.site);
    keep_text(made.name, row->name, sizeof made.name);
    keep_text(made.category, row->category, sizeof made.category);
    keep_text(made.device, row->device, sizeof made.device);
    keep_text(made.browser, row->browser, sizeof made.browser);
    keep_text(made.system, row->system, sizeof made.system);
    must(memory_row_has_shape(&made));
    if (is_event) {
        made.values = views(row->values.of[USAGE_VIEWS]);
    }
    return made;
}

/* New rows of a transaction follow those that are there. */
static void change_row(memory_state_t *state, const memory_row_t *row)
{
    int found = *place_of(state, row);
    memory_change_t *change = &state->changes[state->changed++];
    change->row = *row;
    change->at = found != 0 ? found - 1 : state->count + state->fresh++;
    must(change->at < state->capacity);
    if (found != 0) {
        change->row.values = state->rows[found - 1].values;
        usage_values_add(&change->row.values, &row->values);
    }
}

static apr_status_t store_add(usage_store_t *store, usage_fact_e fact,
                              const usage_row_t *rows, int count)
{
    memory_row_t before = { .start = 0 };
    apr_status_t rv = memory_store_enter(of(store), MEMORY_ADD);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    must(of(store)->is_open);
    must(count > 0);
    for (int i = 0; i < count; i++) {
        memory_row_t row = row_of(fact, &rows[i]);
        must(i == 0 || memory_row_order(&before, &row) < 0);
        must(row.grain == rows[0].grain);
        change_row(of(store)->state, &row);
        before = row;
    }
    return memory_store_leave(of(store), MEMORY_ADD);
}

static apr_status_t store_ask(usage_store_t *store, usage_question_e question,
                              const usage_scope_t *scope, usage_answer_fn *fn,
                              void *baton)
{
    apr_status_t rv = memory_store_enter(of(store), MEMORY_ASK);
    if (rv == APR_SUCCESS) {
        rv = memory_ask(of(store), question, scope, fn, baton);
    }
    return rv == APR_SUCCESS ? memory_store_leave(of(store), MEMORY_ASK) : rv;
}

static const char *store_error(usage_store_t *store)
{
    return of(store)->error;
}

void memory_store_open(memory_store_t *store, memory_state_t *state,
                       apr_pool_t *pool)
{
    *store = (memory_store_t){
        .store = { .prepare = store_prepare,
                   .is_made = memory_is_made,
                   .begin = store_begin,
                   .commit = store_commit,
                   .rollback = store_rollback,
                   .batch_get = store_batch_get,
                   .batch_move = store_batch_move,
                   .node_touch = memory_node_touch,
                   .nodes_ask = memory_nodes_ask,
                   .add = store_add,
                   .ask = store_ask,
                   .clients_ask = memory_clients_ask,
                   .events_ask = memory_events_ask,
                   .seen_get = memory_seen_get,
                   .seen_put = memory_seen_put,
                   .seen_ask = memory_seen_ask,
                   .recent_put = memory_recent_put,
                   .recent_trim = memory_recent_trim,
                   .recent_ask = memory_recent_ask,
                   .salt_trim = memory_salt_trim,
                   .salt_put = memory_salt_put,
                   .salt_ask = memory_salt_ask,
                   .mark_put = memory_mark_put,
                   .mark_lock = memory_mark_lock,
                   .mark_put_once = memory_mark_put_once,
                   .marks_ask = memory_marks_ask,
                   .node_version = memory_node_version,
                   .error = store_error,
                   .keeper = &memory_keeper },
        .state = state,
        .pool = pool,
        .error = "no error",
    };
}

void memory_store_order(memory_store_t *store, memory_trouble_e trouble,
                        memory_step_e step, int nth)
{
    store->trouble = trouble;
    store->step = step;
    store->nth = nth;
    memset(store->calls, 0, sizeof store->calls);
    memset(store->done, 0, sizeof store->done);
}
