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
#define BY_BOT   (SIZE_MAX - 1)

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
    [USAGE_ASK_DEVICES] = { USAGE_FACT_VIEW, offsetof(memory_row_t, device),
                            true, true, false },
    [USAGE_ASK_BROWSERS] = { USAGE_FACT_VIEW, offsetof(memory_row_t, browser),
                             true, true, false },
    [USAGE_ASK_SYSTEMS] = { USAGE_FACT_VIEW, offsetof(memory_row_t, system),
                            true, true, false },
    [USAGE_ASK_EVENTS] = { USAGE_FACT_EVENT, offsetof(memory_row_t, name), true,
                           true, false },
    [USAGE_ASK_BOTS] = { USAGE_FACT_EVENT, BY_BOT, true, true, false },
};

static bool is_asked(const memory_row_t *row, usage_question_e question,
                     const usage_scope_t *scope)
{
    const struct shape_t *shape = &shapes[question];
    if (row->fact != shape->fact) {
        return false;
    }
    if (!shape->has_scope) {
        return row->grain == USAGE_GRAIN_MONTH
               && strcmp(row->category, "outcome") == 0;
    }
    return row->grain == scope->grain && row->start >= scope->from
           && row->start < scope->to
           && (*scope->site == '\0' || strcmp(row->site, scope->site) == 0)
           && (question != USAGE_ASK_EVENTS
               || strcmp(row->category, scope->category) == 0)
           && (question != USAGE_ASK_BOTS
               || strncmp(row->category, "bot-", 4) == 0);
}

/* What a row is grouped by. */
static const char *group_of(const memory_row_t *row, apr_size_t group,
                            apr_pool_t *pool)
{
    if (group == BY_BOT) {
        return apr_pstrcat(pool, row->category + 4, " ", row->name, NULL);
    }
    return group == BY_START ? "" : (const char *)row + group;
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
            const char *name = group_of(row, shape->group, store->pool);
            usage_values_t some = views(row->values.of[USAGE_VIEWS]);
            usage_answer_t *answer =
                answer_of(answers, name, is_series ? row->start : 0);
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

apr_status_t memory_ask(memory_store_t *store, usage_question_e question,
                        const usage_scope_t *scope, usage_answer_fn *fn,
                        void *baton)
{
    if (question == USAGE_ASK_VISITORS || question == USAGE_ASK_AVERAGES) {
        return memory_ask_closed(store, question, scope, fn, baton);
    }
    apr_hash_t *answers = grouped(store, question, scope);
    unsigned count = apr_hash_count(answers);
    usage_answer_t *rows = apr_palloc(store->pool, (count + 1) * sizeof *rows);
    apr_hash_index_t *at = apr_hash_first(store->pool, answers);
    apr_status_t rv = APR_SUCCESS;
    for (unsigned i = 0; i < count; i++, at = apr_hash_next(at)) {
        rows[i] = *(usage_answer_t *)apr_hash_this_val(at);
    }
    qsort(rows, count, sizeof *rows,
          shapes[question].is_by_views ? by_views : by_group);
    for (unsigned i = 0;
         i < count && (apr_int64_t)i < scope->limit && rv == APR_SUCCESS; i++) {
        rv = fn(baton, &rows[i]);
    }
    return rv;
}
