/* SPDX-License-Identifier: Apache-2.0 */
/* The store in memory: its marks, and the version that its nodes had. */
#include "memory_store.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/mark_ring.h"
#include "counting.h"

static memory_state_t *state_of(usage_store_t *store)
{
    return ((memory_store_t *)(void *)store)->state;
}

static memory_mark_t kept(const usage_mark_row_t *row)
{
    memory_mark_t mark = { .time = row->time };
    apr_cpystrn(mark.site, row->site, sizeof mark.site);
    apr_cpystrn(mark.name, row->name, sizeof mark.name);
    apr_cpystrn(mark.category, row->category, sizeof mark.category);
    return mark;
}

static usage_mark_row_t row_of(const memory_mark_t *mark)
{
    return (usage_mark_row_t){ .time = mark->time,
                               .site = mark->site,
                               .name = mark->name,
                               .category = mark->category };
}

/* Put a mark behind those that are there, and those that the transaction adds;
 * of @a is_once, the time is no part of the key. */
static void put(memory_state_t *state, const usage_mark_row_t *row,
                bool is_once)
{
    for (int i = 0; i < state->marks_end; i++) {
        usage_mark_row_t there = row_of(&state->marks[i]);
        there.time = is_once ? row->time : there.time;
        if (usage_mark_compare(&there, row) == 0) {
            return;
        }
    }
    must(state->marks_end < MEMORY_MARKS);
    state->marks[state->marks_end] = kept(row);
    state->marks_end++;
}

static apr_status_t enter(usage_store_t *store)
{
    memory_store_t *own = (memory_store_t *)(void *)store;
    must(own->is_open);
    return memory_store_enter(own, MEMORY_MARK);
}

apr_status_t memory_mark_put(usage_store_t *store, const usage_mark_row_t *row)
{
    apr_status_t rv = enter(store);
    if (rv == APR_SUCCESS) {
        put(state_of(store), row, false);
        rv = memory_store_leave((memory_store_t *)(void *)store, MEMORY_MARK);
    }
    return rv;
}

apr_status_t memory_mark_lock(usage_store_t *store)
{
    must(((memory_store_t *)(void *)store)->is_open);
    state_of(store)->is_locked = true;
    return APR_SUCCESS;
}

apr_status_t memory_mark_put_once(usage_store_t *store,
                                  const usage_mark_row_t *row)
{
    apr_status_t rv = enter(store);
    must(state_of(store)->is_locked);
    if (rv == APR_SUCCESS) {
        put(state_of(store), row, true);
        rv = memory_store_leave((memory_store_t *)(void *)store, MEMORY_MARK);
    }
    return rv;
}

/* In no order: what reads them has one of its own. */
apr_status_t memory_marks_ask(usage_store_t *store, const usage_scope_t *scope,
                              usage_mark_fn *fn, void *baton)
{
    const memory_state_t *state = state_of(store);
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; i < state->marks_count && rv == APR_SUCCESS; i++) {
        usage_mark_row_t row = row_of(&state->marks[i]);
        bool is_asked = row.time >= scope->from && row.time < scope->to
                        && (*scope->site == '\0' || *row.site == '\0'
                            || strcmp(row.site, scope->site) == 0);
        rv = is_asked ? fn(baton, &row) : APR_SUCCESS;
    }
    return rv;
}

apr_status_t memory_node_version(usage_store_t *store, const char *node,
                                 const char **version, apr_pool_t *pool)
{
    const memory_state_t *state = state_of(store);
    *version = state->version != NULL && *node != '\0'
                   ? apr_pstrdup(pool, state->version)
                   : "";
    return APR_SUCCESS;
}
