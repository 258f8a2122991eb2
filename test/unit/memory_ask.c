/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queries of sql/dashboard.*.sql, over the rows of a memory store. A
 * question is a row of a table: what it reads, what it groups by, and how its
 * answers are ordered.
 */
#include <stddef.h>
#include <stdlib.h>

#include "counting.h"
#include "memory_store.h"

#define BY_START SIZE_MAX

static const struct shape_t {
    usage_fact_e fact;
    apr_size_t group; /* offset of a text in memory_row_t */
    bool has_scope;
    bool is_by_views; /* else by the group */
    bool has_all; /* counters, not views alone */
} shapes[USAGE_QUESTIONS] = {
    [USAGE_ASK_SITES] = { USAGE_FACT_EVENT, offsetof(memory_row_t, site), false,
                          false, false },
    [USAGE_ASK_SERIES] = { USAGE_FACT_TOTAL, BY_START, true, false, true },
    [USAGE_ASK_PAGES] = { USAGE_FACT_PAGE, offsetof(memory_row_t, name), true,
                          true, true },
    [USAGE_ASK_COURSES] = { USAGE_FACT_PAGE, offsetof(memory_row_t, name), true,
                            false, false },
    [USAGE_ASK_CLIENT_COURSES] = { USAGE_FACT_VIEW,
                                   offsetof(memory_row_t, name), true, false,
                                   false },
    [USAGE_ASK_HOURS] = { USAGE_FACT_TOTAL, BY_START, true, false, false },
    [USAGE_ASK_CLIENT_SERIES] = { USAGE_FACT_CLIENT, BY_START, true, false,
                                  true },
    [USAGE_ASK_CLIENT_PAGES] = { USAGE_FACT_VIEW, offsetof(memory_row_t, name),
                                 true, true, true },
    [USAGE_ASK_PAGE_SERIES] = { USAGE_FACT_VIEW, BY_START, true, false, true },
    [USAGE_ASK_COUNT_SERIES] = { USAGE_FACT_EVENT, BY_START, true, false,
                                 false },
};

static bool is_left(const char *wanted, const char *text)
{
    return wanted == NULL || *wanted == '\0' || strcmp(wanted, text) == 0;
}

/* Grouped by the start besides. */
static bool is_of_names(usage_question_e question)
{
    return question == USAGE_ASK_COURSES
           || question == USAGE_ASK_CLIENT_COURSES;
}

static bool is_named(const memory_row_t *row, const usage_scope_t *scope)
{
    bool is_found = false;
    for (int i = 0; !is_found && i < USAGE_NAMES; i++) {
        const char *name = scope->names[i];
        is_found = name != NULL && strcmp(name, row->name) == 0;
    }
    return is_found;
}

/* Pages of all, and their clients, are asked for without a name. */
static bool is_of_scope(const memory_row_t *row, const usage_scope_t *scope)
{
    return is_left(scope->name, row->name)
           && is_left(scope->category, row->category)
           && is_left(scope->device, row->device)
           && is_left(scope->browser, row->browser)
           && is_left(scope->system, row->system);
}

static bool is_asked(const memory_row_t *row, usage_question_e question,
                     const usage_scope_t *scope)
{
    const struct shape_t *shape = &shapes[question];
    if (row->fact != shape->fact
        || (is_of_names(question) && !is_named(row, scope))) {
        return false;
    }
    if (!shape->has_scope) {
        return row->grain == USAGE_GRAIN_MONTH
               && strcmp(row->category, "outcome") == 0;
    }
    return row->grain == scope->grain && row->start >= scope->from
           && row->start < scope->to && is_left(scope->site, row->site)
           && (question == USAGE_ASK_SERIES || question == USAGE_ASK_PAGES
               || question == USAGE_ASK_HOURS || question == USAGE_ASK_COURSES
               || is_of_scope(row, scope));
}

static usage_answer_t *answer_of(apr_hash_t *answers, const char *name,
                                 apr_int64_t start)
{
    apr_pool_t *pool = apr_hash_pool_get(answers);
    char *key = apr_psprintf(pool, "%s\1%" APR_INT64_T_FMT, name, start);
    usage_answer_t *answer = apr_hash_get(answers, key, APR_HASH_KEY_STRING);
    if (answer == NULL) {
        answer = apr_pcalloc(pool, sizeof *answer);
        answer->name = apr_pstrdup(pool, name);
        answer->start = start;
        apr_hash_set(answers, key, APR_HASH_KEY_STRING, answer);
    }
    return answer;
}

static apr_hash_t *grouped(const memory_store_t *store,
                           usage_question_e question,
                           const usage_scope_t *scope)
{
    const struct shape_t *shape = &shapes[question];
    apr_hash_t *answers = apr_hash_make(store->pool);
    for (int i = 0; i < store->state->count; i++) {
        const memory_row_t *row = &store->state->rows[i];
        if (is_asked(row, question, scope)) {
            bool is_series = shape->group == BY_START;
            const char *name =
                is_series ? "" : (const char *)row + shape->group;
            usage_values_t some = views(row->values.of[USAGE_VIEWS]);
            bool has_start = is_series || is_of_names(question);
            usage_answer_t *answer =
                answer_of(answers, name, has_start ? row->start : 0);
            usage_values_add(&answer->values,
                             shape->has_all ? &row->values : &some);
        }
    }
    return answers;
}

static int by_group(const void *left, const void *right)
{
    const usage_answer_t *a = left;
    const usage_answer_t *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->start > b->start) - (a->start < b->start);
}

static int by_views(const void *left, const void *right)
{
    const usage_answer_t *a = left;
    const usage_answer_t *b = right;
    apr_int64_t more = a->values.of[USAGE_VIEWS];
    apr_int64_t less = b->values.of[USAGE_VIEWS];
    return more != less ? (more < less) - (more > less) : by_group(a, b);
}

/* All answers, in an order. */
static usage_answer_t *listed(apr_hash_t *answers,
                              int (*order)(const void *, const void *),
                              unsigned *count)
{
    apr_pool_t *pool = apr_hash_pool_get(answers);
    apr_hash_index_t *at = apr_hash_first(pool, answers);
    *count = apr_hash_count(answers);
    usage_answer_t *rows = apr_palloc(pool, (*count + 1) * sizeof *rows);
    for (unsigned i = 0; i < *count; i++, at = apr_hash_next(at)) {
        rows[i] = *(usage_answer_t *)apr_hash_this_val(at);
    }
    qsort(rows, *count, sizeof *rows, order);
    return rows;
}

/* Pages of both times, with what they were. */
static apr_hash_t *changed(const memory_store_t *store,
                           usage_question_e question,
                           const usage_scope_t *scope)
{
    bool is_all = question == USAGE_ASK_CHANGES;
    usage_question_e pages = is_all ? USAGE_ASK_PAGES : USAGE_ASK_CLIENT_PAGES;
    usage_scope_t then = *scope;
    then.from = scope->was_from;
    then.to = scope->was_to;
    apr_hash_t *answers = grouped(store, pages, scope);
    apr_hash_t *were = grouped(store, pages, &then);
    apr_hash_index_t *at = apr_hash_first(store->pool, were);
    for (; at != NULL; at = apr_hash_next(at)) {
        const usage_answer_t *was = apr_hash_this_val(at);
        answer_of(answers, was->name, 0)->was = was->values.of[USAGE_VIEWS];
    }
    return answers;
}

static apr_int64_t gain_of(const usage_answer_t *answer)
{
    return answer->values.of[USAGE_VIEWS] - answer->was;
}

static int by_gain(const void *left, const void *right)
{
    apr_int64_t more = gain_of(left);
    apr_int64_t less = gain_of(right);
    return more != less ? (more < less) - (more > less) : by_group(left, right);
}

static int by_loss(const void *left, const void *right)
{
    return gain_of(left) != gain_of(right) ? by_gain(right, left)
                                           : by_group(left, right);
}

static apr_status_t ask_changes(const memory_store_t *store,
                                usage_question_e question,
                                const usage_scope_t *scope, usage_answer_fn *fn,
                                void *baton)
{
    unsigned count;
    usage_answer_t *rows = listed(changed(store, question, scope),
                                  scope->way > 0 ? by_gain : by_loss, &count);
    apr_status_t rv = APR_SUCCESS;
    for (unsigned i = 0;
         i < count && (apr_int64_t)i < scope->limit && rv == APR_SUCCESS; i++) {
        rows[i].start = count;
        rv = fn(baton, &rows[i]);
    }
    return rv;
}

apr_status_t memory_ask(memory_store_t *store, usage_question_e question,
                        const usage_scope_t *scope, usage_answer_fn *fn,
                        void *baton)
{
    if (question == USAGE_ASK_CHANGES || question == USAGE_ASK_CLIENT_CHANGES) {
        return ask_changes(store, question, scope, fn, baton);
    }
    if (question >= USAGE_ASK_VISITORS) {
        return memory_ask_closed(store, question, scope, fn, baton);
    }
    unsigned count;
    usage_answer_t *rows =
        listed(grouped(store, question, scope),
               shapes[question].is_by_views ? by_views : by_group, &count);
    apr_status_t rv = APR_SUCCESS;
    for (unsigned i = 0;
         i < count && (apr_int64_t)i < scope->limit && rv == APR_SUCCESS; i++) {
        if (shapes[question].is_by_views) {
            rows[i].start = count;
        }
        rv = fn(baton, &rows[i]);
    }
    return rv;
}

/* Clients as "device\nbrowser\nsystem". */
static apr_hash_t *clients_grouped(const memory_store_t *store,
                                   const usage_scope_t *scope)
{
    bool has_page = !is_left(scope->name, "");
    usage_fact_e fact = has_page ? USAGE_FACT_VIEW : USAGE_FACT_CLIENT;
    apr_hash_t *answers = apr_hash_make(store->pool);
    for (int i = 0; i < store->state->count; i++) {
        const memory_row_t *row = &store->state->rows[i];
        if (row->fact == fact && row->grain == scope->grain
            && row->start >= scope->from && row->start < scope->to
            && is_left(scope->site, row->site) && is_of_scope(row, scope)) {
            const char *name =
                apr_pstrcat(store->pool, row->device, "\n", row->browser, "\n",
                            row->system, NULL);
            usage_values_add(&answer_of(answers, name, 0)->values,
                             &row->values);
        }
    }
    return answers;
}

apr_status_t memory_clients_ask(usage_store_t *store,
                                const usage_scope_t *scope, usage_client_fn *fn,
                                void *baton)
{
    memory_store_t *own = (memory_store_t *)(void *)store;
    unsigned count;
    apr_status_t rv = memory_store_enter(own, MEMORY_ASK);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    usage_answer_t *rows =
        listed(clients_grouped(own, scope), by_views, &count);
    for (unsigned i = 0; i < count && rv == APR_SUCCESS; i++) {
        char *rest = apr_pstrdup(own->pool, rows[i].name);
        usage_client_row_t row = { .device = apr_strtok(rest, "\n", &rest),
                                   .browser = apr_strtok(NULL, "\n", &rest),
                                   .system = rest,
                                   .views = rows[i].values.of[USAGE_VIEWS] };
        rv = fn(baton, &row);
    }
    return rv == APR_SUCCESS ? memory_store_leave(own, MEMORY_ASK) : rv;
}

/* Of the fact table of events, as "category\nname". */
static apr_hash_t *events_grouped(const memory_store_t *store,
                                  const usage_scope_t *scope)
{
    apr_hash_t *answers = apr_hash_make(store->pool);
    for (int i = 0; i < store->state->count; i++) {
        const memory_row_t *row = &store->state->rows[i];
        if (row->fact == USAGE_FACT_EVENT && row->grain == scope->grain
            && row->start >= scope->from && row->start < scope->to
            && (*scope->site == '\0' || strcmp(row->site, scope->site) == 0)) {
            const char *name =
                apr_pstrcat(store->pool, row->category, "\n", row->name, NULL);
            usage_answer_t *answer = answer_of(answers, name, 0);
            usage_values_add(&answer->values, &row->values);
        }
    }
    return answers;
}

/* The greatest first: up to the depth each by itself, then all in one row. */
static apr_status_t tell_events(usage_answer_t *rows, unsigned count,
                                const usage_scope_t *scope, usage_event_fn *fn,
                                void *baton, apr_pool_t *pool)
{
    apr_hash_t *places = apr_hash_make(pool);
    apr_hash_t *beyond = apr_hash_make(pool);
    apr_status_t rv = APR_SUCCESS;
    for (unsigned i = 0; i < count && rv == APR_SUCCESS; i++) {
        char *name;
        char *category =
            apr_strtok(apr_pstrdup(pool, rows[i].name), "\n", &name);
        usage_answer_t *place = answer_of(places, category, 0);
        usage_event_row_t row = { .category = category,
                                  .name = name,
                                  .count = rows[i].values.of[USAGE_VIEWS],
                                  .names = 1 };
        if (++place->start <= scope->depth) {
            rv = fn(baton, &row);
        }
        else {
            usage_answer_t *rest = answer_of(beyond, category, 0);
            rest->start++;
            rest->values.of[USAGE_VIEWS] += row.count;
        }
    }
    apr_hash_index_t *at = apr_hash_first(pool, beyond);
    for (; at != NULL && rv == APR_SUCCESS; at = apr_hash_next(at)) {
        const usage_answer_t *rest = apr_hash_this_val(at);
        usage_event_row_t row = { .category = rest->name,
                                  .name = "",
                                  .count = rest->values.of[USAGE_VIEWS],
                                  .names = rest->start };
        rv = fn(baton, &row);
    }
    return rv;
}

apr_status_t memory_events_ask(usage_store_t *store, const usage_scope_t *scope,
                               usage_event_fn *fn, void *baton)
{
    memory_store_t *own = (memory_store_t *)(void *)store;
    unsigned count;
    apr_status_t rv = memory_store_enter(own, MEMORY_ASK);
    if (rv == APR_SUCCESS) {
        usage_answer_t *rows =
            listed(events_grouped(own, scope), by_views, &count);
        rv = tell_events(rows, count, scope, fn, baton, own->pool);
    }
    return rv == APR_SUCCESS ? memory_store_leave(own, MEMORY_ASK) : rv;
}
