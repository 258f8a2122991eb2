/* SPDX-License-Identifier: Apache-2.0 */
/* Merges what nodes have of a day. One thread. */
#include "seen_merge.h"

usage_seen_merge_t usage_seen_merge_make(apr_pool_t *pool)
{
    return (usage_seen_merge_t){ .sketch = usage_sketch_make(pool),
                                 .pool = pool };
}

/* A sketch that breaks off is not to leave its first part in the others. */
void usage_seen_merge_row(usage_seen_merge_t *merge,
                          const usage_seen_row_t *row)
{
    usage_sketch_t one = usage_sketch_make(merge->pool);
    if (*row->sketch != '\0'
        && usage_sketch_read(&one, row->sketch) == APR_SUCCESS) {
        usage_sketch_merge(&merge->sketch, &one);
    }
    else {
        merge->added += row->visitors;
    }
}

void usage_seen_merge_visitor(usage_seen_merge_t *merge, apr_uint64_t hash)
{
    usage_sketch_add(&merge->sketch, hash);
}

apr_int64_t usage_seen_merge_count(const usage_seen_merge_t *merge)
{
    return usage_sketch_count(&merge->sketch) + merge->added;
}
