/* SPDX-License-Identifier: Apache-2.0 */
/* How rows of each sort are copied and handed on, in one table. */
#include "kept_rows.h"

#include <stddef.h>
#include <string.h>

#include <apr_strings.h>

#define SORT_GIVE(id, name, fn, row)                                           \
    static apr_status_t give_##name(const apr_array_header_t *rows, int i,     \
                                    usage_kept_taker_t taker, void *baton)     \
    {                                                                          \
        return taker.name(baton, &APR_ARRAY_IDX(rows, i, row));                \
    }
USAGE_KEPT_LIST(SORT_GIVE)

#define TEXT(row, field) (offsetof(row, field) + 1)

/* clang-format off */
static const struct {
    int size;
    apr_size_t texts[6]; /* one more than where they are in a row; 0 ends */
    apr_status_t (*give)(const apr_array_header_t *rows, int i,
                         usage_kept_taker_t taker, void *baton);
} sorts[USAGE_KEPT_SORTS] = {
    [USAGE_KEPT_ANSWER] = { sizeof(usage_answer_t),
        { TEXT(usage_answer_t, name) }, give_answer },
    [USAGE_KEPT_CLIENT] = { sizeof(usage_client_row_t),
        { TEXT(usage_client_row_t, device), TEXT(usage_client_row_t, browser),
          TEXT(usage_client_row_t, system) }, give_client },
    [USAGE_KEPT_EVENT] = { sizeof(usage_event_row_t),
        { TEXT(usage_event_row_t, category), TEXT(usage_event_row_t, name) },
        give_event },
    [USAGE_KEPT_SEEN] = { sizeof(usage_seen_row_t),
        { TEXT(usage_seen_row_t, site), TEXT(usage_seen_row_t, category),
          TEXT(usage_seen_row_t, node), TEXT(usage_seen_row_t, sketch) },
        give_seen },
    [USAGE_KEPT_RECENT] = { sizeof(usage_recent_row_t),
        { TEXT(usage_recent_row_t, site), TEXT(usage_recent_row_t, path),
          TEXT(usage_recent_row_t, device), TEXT(usage_recent_row_t, browser),
          TEXT(usage_recent_row_t, system) }, give_recent },
    [USAGE_KEPT_MARK] = { sizeof(usage_mark_row_t),
        { TEXT(usage_mark_row_t, site), TEXT(usage_mark_row_t, name),
          TEXT(usage_mark_row_t, category) }, give_mark },
    [USAGE_KEPT_NODE] = { sizeof(usage_node_row_t),
        { TEXT(usage_node_row_t, node), TEXT(usage_node_row_t, version) },
        give_node },
};
/* clang-format on */

apr_array_header_t *usage_kept_rows_make(usage_kept_sort_e sort,
                                         apr_pool_t *pool)
{
    return apr_array_make(pool, 16, sorts[sort].size);
}

apr_status_t usage_kept_row_add(apr_array_header_t *rows,
                                usage_kept_sort_e sort, const void *row)
{
    char *kept = apr_array_push(rows);
    memcpy(kept, row, (apr_size_t)sorts[sort].size);
    for (const apr_size_t *at = sorts[sort].texts; *at != 0; at++) {
        const char *text;
        memcpy(&text, kept + *at - 1, sizeof text);
        text = apr_pstrdup(rows->pool, text);
        memcpy(kept + *at - 1, &text, sizeof text);
    }
    return APR_SUCCESS;
}

apr_status_t usage_kept_row_give(const apr_array_header_t *rows, int i,
                                 usage_kept_sort_e sort,
                                 usage_kept_taker_t taker, void *baton)
{
    return sorts[sort].give(rows, i, taker, baton);
}
