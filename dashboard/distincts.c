/* SPDX-License-Identifier: Apache-2.0 */
/* Adds up distinct things, category by category. One page, one thread. */
#include "distincts.h"

#include <stdlib.h>

#include <apr_strings.h>

#include "visitors.h"

/* Categories that are shown. */
#define SHOWN 20

struct usage_meetings_t {
    const usage_query_t *query;
    usage_newcomers_t *newcomers;
    apr_hash_t *categories; /* name -> usage_visitors_t */
    apr_pool_t *pool;
};

usage_meetings_t *usage_meetings_make(const usage_query_t *query,
                                      usage_newcomers_t *newcomers,
                                      apr_pool_t *pool)
{
    usage_meetings_t *meetings = apr_palloc(pool, sizeof *meetings);
    *meetings = (usage_meetings_t){ .query = query,
                                    .newcomers = newcomers,
                                    .categories = apr_hash_make(pool),
                                    .pool = pool };
    return meetings;
}

void usage_meetings_add(usage_meetings_t *meetings, usage_text_t category)
{
    apr_hash_t *categories = meetings->categories;
    apr_ssize_t length = (apr_ssize_t)category.length;
    if (apr_hash_get(categories, category.data, length) != NULL
        || apr_hash_count(categories) >= SHOWN) {
        return;
    }
    const char *name =
        apr_pstrmemdup(meetings->pool, category.data, category.length);
    apr_hash_set(categories, name, length,
                 usage_visitors_make(meetings->query, name, meetings->newcomers,
                                     meetings->pool));
}

static apr_status_t answer_category(void *baton, const usage_answer_t *row)
{
    usage_text_t category = { row->name, strlen(row->name) };
    usage_meetings_add(baton, category);
    return APR_SUCCESS;
}

/* Those of today and yesterday, too, whatever the period is. */
static apr_status_t ask_categories(usage_meetings_t *meetings,
                                   usage_store_t *store)
{
    const usage_query_t *query = meetings->query;
    apr_int64_t yesterday = query->today - 86400;
    usage_scope_t scope = { .site = query->site,
                            .from = query->from < yesterday ? query->from
                                                            : yesterday,
                            .to = query->today + 86400,
                            .category = USAGE_SEEN_VISITOR,
                            .limit = SHOWN };
    return store->ask(store, USAGE_ASK_CATEGORIES, &scope, answer_category,
                      meetings);
}

apr_status_t usage_meetings_ask(usage_meetings_t *meetings,
                                usage_store_t *store)
{
    apr_status_t rv = ask_categories(meetings, store);
    apr_hash_index_t *at = apr_hash_first(meetings->pool, meetings->categories);
    for (; rv == APR_SUCCESS && at != NULL; at = apr_hash_next(at)) {
        rv = usage_visitors_ask(apr_hash_this_val(at), store);
    }
    return rv;
}

static int compare(const void *left, const void *right)
{
    const usage_distinct_t *a = left;
    const usage_distinct_t *b = right;
    return a->period != b->period ? (a->period < b->period) * 2 - 1
                                  : strcmp(a->category, b->category);
}

void usage_meetings_fill(const usage_meetings_t *meetings, usage_model_t *model)
{
    usage_distinct_t *rows = apr_palloc(meetings->pool, SHOWN * sizeof *rows);
    apr_hash_index_t *at = apr_hash_first(meetings->pool, meetings->categories);
    int count = 0;
    for (; at != NULL; at = apr_hash_next(at)) {
        usage_visitors_t *visitors = apr_hash_this_val(at);
        usage_visitors_end(visitors);
        usage_distinct_t sums = usage_visitors_sums(visitors);
        sums.days = sums.days > model->days ? sums.days : model->days;
        if (sums.today + sums.yesterday + sums.period > 0) {
            rows[count++] = sums;
        }
    }
    qsort(rows, (size_t)count, sizeof *rows, compare);
    model->distincts = (usage_distincts_t){ .rows = rows, .count = count };
}
