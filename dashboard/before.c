/* SPDX-License-Identifier: Apache-2.0 */
/* The questions of reading.c once more, of another time. One page, one
 * thread. */
#include "before.h"

#include <string.h>

#include "chart.h"

/* Names of each category that are asked for beyond those of the period: what
 * is among the greatest now was not always. */
#define ASKED_MORE 500

usage_before_t usage_before_make(const usage_query_t *query,
                                 usage_events_t *events, apr_pool_t *pool)
{
    return (usage_before_t){
        .query = query,
        .events = events,
        .pages = usage_tally_make(pool),
        .clients = usage_clients_make(pool),
    };
}

/* Each row tells how many there are. */
static apr_status_t answer_page(void *baton, const usage_answer_t *row)
{
    usage_before_t *before = baton;
    usage_tally_add(&before->pages, row->name, strlen(row->name), &row->values);
    before->pages_unnamed =
        row->start - (apr_int64_t)apr_hash_count(before->pages.by_name);
    return APR_SUCCESS;
}

static usage_scope_t scope_before(const usage_before_t *before,
                                  const usage_scope_t *scope)
{
    usage_scope_t then = *scope;
    then.from = before->query->compared.from;
    then.to = before->query->compared.to;
    then.depth += ASKED_MORE;
    return then;
}

apr_status_t usage_before_ask(usage_before_t *before, usage_store_t *store,
                              const usage_scope_t *scope)
{
    usage_scope_t then = scope_before(before, scope);
    if (!usage_query_is_compared(before->query)) {
        return APR_SUCCESS;
    }
    apr_status_t rv = store->clients_ask(store, &then, usage_clients_answer,
                                         &before->clients);
    if (rv == APR_SUCCESS) {
        rv = store->events_ask(store, &then, usage_events_answer_then,
                               before->events);
    }
    before->is_known = rv == APR_SUCCESS;
    return rv;
}

apr_status_t usage_before_ask_pages(usage_before_t *before,
                                    usage_store_t *store,
                                    usage_question_e question,
                                    const usage_scope_t *scope)
{
    usage_scope_t then = scope_before(before, scope);
    return usage_query_is_compared(before->query)
               ? store->ask(store, question, &then, answer_page, before)
               : APR_SUCCESS;
}

static void add_view(usage_before_t *before, const usage_count_t *count)
{
    const usage_key_t *key = &count->key;
    const usage_values_t *values = &count->values;
    if (!usage_chart_passes(before->query, key)) {
        return;
    }
    usage_tally_add(&before->pages, key->name.data, key->name.length, values);
    usage_clients_add(&before->clients, count);
}

void usage_before_add(usage_before_t *before, const usage_count_t *count)
{
    if (count->key.kind == USAGE_KIND_VIEW) {
        add_view(before, count);
    }
    usage_events_add(before->events, USAGE_THEN, &count->key, &count->values);
}
