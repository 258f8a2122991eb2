/* SPDX-License-Identifier: Apache-2.0 */
/* Reads marks. One page, one thread. */
#include "marks.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

/* Marks that are asked for; the newest. */
#define ASKED 1000

/* Seconds by which a date can begin elsewhere than in UTC, at most. */
#define ZONES 86400

typedef struct marking_t {
    const usage_query_t *query;
    apr_array_header_t *flags; /* of usage_flag_t */
} marking_t;

static apr_status_t add(void *baton, const usage_mark_row_t *row)
{
    marking_t *marking = baton;
    const usage_query_t *query = marking->query;
    apr_pool_t *pool = marking->flags->pool;
    apr_int64_t start =
        usage_zone_start(query->zone, row->time, query->grain, query->interval);
    bool is_shown = *query->site == '\0' || *row->site == '\0'
                    || strcmp(row->site, query->site) == 0;
    if (is_shown && start >= query->from && start < query->to) {
        usage_flag_t flag = { .start = start,
                              .mark = { .time = row->time,
                                        .site = apr_pstrdup(pool, row->site),
                                        .name = apr_pstrdup(pool, row->name),
                                        .category = apr_pstrdup(
                                            pool, row->category) } };
        APR_ARRAY_PUSH(marking->flags, usage_flag_t) = flag;
    }
    return APR_SUCCESS;
}

static void ask(const usage_source_t *source, marking_t *marking)
{
    usage_scope_t scope = { .site = marking->query->site,
                            .from = marking->query->from - ZONES,
                            .to = marking->query->to + ZONES,
                            .category = "",
                            .limit = ASKED };
    source->store->marks_ask(source->store, &scope, add, marking);
}

static void add_waiting(const usage_source_t *source, marking_t *marking)
{
    const apr_array_header_t *taken =
        usage_mark_take(&source->memory->header->marks, marking->flags->pool);
    for (int i = 0; i < taken->nelts; i++) {
        add(marking, &APR_ARRAY_IDX(taken, i, usage_mark_taken_t).row);
    }
}

static int compare(const void *left, const void *right)
{
    const usage_flag_t *a = left;
    const usage_flag_t *b = right;
    return -usage_mark_compare(&a->mark, &b->mark);
}

/* What was flushed while this was read is in both. */
static int drop_doubles(usage_flag_t *flags, int count)
{
    int kept = 0;
    for (int i = 0; i < count; i++) {
        if (i == 0
            || usage_mark_compare(&flags[i].mark, &flags[kept - 1].mark) != 0) {
            flags[kept++] = flags[i];
        }
    }
    return kept;
}

/* Those that wait are taken first: one that is flushed in between is then in
 * both, not in neither. */
void usage_marks_read(const usage_source_t *source, usage_model_t *model,
                      apr_pool_t *pool)
{
    marking_t marking = { .query = model->query,
                          .flags =
                              apr_array_make(pool, 16, sizeof(usage_flag_t)) };
    add_waiting(source, &marking);
    if (source->store != NULL && model->health.database_error == NULL) {
        ask(source, &marking);
    }
    usage_flag_t *flags = (usage_flag_t *)(void *)marking.flags->elts;
    qsort(flags, (apr_size_t)marking.flags->nelts, sizeof *flags, compare);
    model->flags =
        (usage_flags_t){ .rows = flags,
                         .count = drop_doubles(flags, marking.flags->nelts) };
}
