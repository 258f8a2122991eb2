/* SPDX-License-Identifier: Apache-2.0 */
/* The store in memory: its nodes, and what a test put there of visitors. */
#include "memory_store.h"

#include <string.h>

#include "engine/seen.h"

static memory_state_t *state_of(usage_store_t *store)
{
    return ((memory_store_t *)(void *)store)->state;
}

apr_status_t memory_node_touch(usage_store_t *store, const char *node,
                               apr_int64_t now)
{
    memory_state_t *state = state_of(store);
    for (int i = 0; i < MEMORY_NODES; i++) {
        const memory_node_t *its = &state->nodes[i];
        if (its->batch > 0 && strcmp(its->name, node) == 0) {
            state->moved = *its;
            state->moved.last_flush = now;
        }
    }
    return APR_SUCCESS;
}

/* In no order: what reads them has one of its own. */
apr_status_t memory_nodes_ask(usage_store_t *store, apr_int64_t limit,
                              usage_node_fn *fn, void *baton)
{
    const memory_node_t *nodes = state_of(store)->nodes;
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; i < MEMORY_NODES && i < limit && rv == APR_SUCCESS; i++) {
        usage_node_row_t row = { .node = nodes[i].name,
                                 .last_flush = nodes[i].last_flush,
                                 .batch = nodes[i].batch,
                                 .version = "1.2.3" };
        rv = nodes[i].batch > 0 ? fn(baton, &row) : APR_SUCCESS;
    }
    return rv;
}

static apr_status_t lease_get(usage_store_t *store, usage_lease_t *lease,
                              apr_pool_t *pool)
{
    (void)pool;
    *lease = state_of(store)->lease;
    lease->node = lease->node != NULL ? lease->node : "";
    return APR_SUCCESS;
}

const usage_keeper_t memory_keeper = { .lease_get = lease_get };

static bool is_seen_in(const usage_seen_row_t *row, const usage_scope_t *scope)
{
    return row->day >= scope->from && row->day < scope->to
           && strcmp(row->category, scope->category) == 0
           && (*scope->site == '\0' || strcmp(scope->site, row->site) == 0);
}

apr_status_t memory_seen_ask(usage_store_t *store, const usage_scope_t *scope,
                             usage_seen_fn *fn, void *baton)
{
    const memory_state_t *state = state_of(store);
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; i < state->seen_count && rv == APR_SUCCESS; i++) {
        const usage_seen_row_t *row = &state->seen[i];
        bool is_open = *row->node != '\0';
        rv = is_open && is_seen_in(row, scope) ? fn(baton, row) : APR_SUCCESS;
    }
    return rv;
}

/* A row for each site: whoever asks adds them up. */
static apr_status_t ask_days(const memory_state_t *state,
                             const usage_scope_t *scope, usage_answer_fn *fn,
                             void *baton)
{
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; i < state->seen_count && rv == APR_SUCCESS; i++) {
        const usage_seen_row_t *row = &state->seen[i];
        usage_answer_t answer = { .name = "", .start = row->day };
        answer.values.of[USAGE_VISITORS] = row->visitors;
        if (*row->node == '\0' && is_seen_in(row, scope)) {
            rv = fn(baton, &answer);
        }
    }
    return rv;
}

/* Each as often as it has rows: whoever asks keeps one. */
static apr_status_t ask_categories(const memory_state_t *state,
                                   const usage_scope_t *scope,
                                   usage_answer_fn *fn, void *baton)
{
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; i < state->seen_count && rv == APR_SUCCESS; i++) {
        const usage_seen_row_t *row = &state->seen[i];
        usage_answer_t answer = { .name = row->category };
        usage_scope_t any = *scope;
        any.category = row->category;
        if (strcmp(row->category, scope->category) != 0
            && is_seen_in(row, &any)) {
            rv = fn(baton, &answer);
        }
    }
    return rv;
}

/* Months are those of visitors. */
apr_status_t memory_ask_closed(memory_store_t *store, usage_question_e question,
                               const usage_scope_t *scope, usage_answer_fn *fn,
                               void *baton)
{
    const memory_state_t *state = store->state;
    apr_status_t rv = APR_SUCCESS;
    if (question == USAGE_ASK_VISITORS) {
        return ask_days(state, scope, fn, baton);
    }
    if (question == USAGE_ASK_CATEGORIES) {
        return ask_categories(state, scope, fn, baton);
    }
    for (int i = 0; i < state->averages_count && rv == APR_SUCCESS; i++) {
        const usage_answer_t *row = &state->averages[i];
        bool is_asked = row->start >= scope->from && row->start < scope->to
                        && strcmp(scope->category, USAGE_SEEN_VISITOR) == 0;
        rv = is_asked ? fn(baton, row) : APR_SUCCESS;
    }
    return rv;
}
