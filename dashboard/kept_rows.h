/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of answers (kept.h), copied with their texts. */
#ifndef USAGE_KEPT_ROWS_H
#define USAGE_KEPT_ROWS_H

#include <apr_tables.h>

#include "engine/store.h"

/** X(id, name, fn, row): the sorts of rows that a store answers with. */
#define USAGE_KEPT_LIST(X)                                                     \
    X(ANSWER, answer, usage_answer_fn, usage_answer_t)                         \
    X(CLIENT, client, usage_client_fn, usage_client_row_t)                     \
    X(EVENT, event, usage_event_fn, usage_event_row_t)                         \
    X(SEEN, seen, usage_seen_fn, usage_seen_row_t)                             \
    X(RECENT, recent, usage_recent_fn, usage_recent_row_t)                     \
    X(MARK, mark, usage_mark_fn, usage_mark_row_t)                             \
    X(NODE, node, usage_node_fn, usage_node_row_t)

#define USAGE_KEPT_ENUM(id, name, fn, row) USAGE_KEPT_##id,
typedef enum usage_kept_sort_e {
    USAGE_KEPT_LIST(USAGE_KEPT_ENUM) USAGE_KEPT_SORTS
} usage_kept_sort_e;
#undef USAGE_KEPT_ENUM

/** Who is handed rows: the one of their sort. */
#define USAGE_KEPT_FN(id, name, fn, row) fn *name;
typedef union usage_kept_taker_t {
    USAGE_KEPT_LIST(USAGE_KEPT_FN)
} usage_kept_taker_t;
#undef USAGE_KEPT_FN

/** No rows of a sort. */
apr_array_header_t *usage_kept_rows_make(usage_kept_sort_e sort,
                                         apr_pool_t *pool);

/** Add a copy of a row; its texts lie in the array's pool. */
apr_status_t usage_kept_row_add(apr_array_header_t *rows,
                                usage_kept_sort_e sort, const void *row);

/** Hand on row @a i. */
apr_status_t usage_kept_row_give(const apr_array_header_t *rows, int i,
                                 usage_kept_sort_e sort,
                                 usage_kept_taker_t taker, void *baton);

#endif
