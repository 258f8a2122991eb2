/* SPDX-License-Identifier: Apache-2.0 */
/* Sums what waits in a segment of any version; runs in the parent. */
#include "layout.h"

#include <stdbool.h>
#include <string.h>

/* Whether @a count items lie within the segment, with a number in each. */
static bool fits(apr_size_t size, apr_uint64_t offset, apr_uint64_t count,
                 apr_uint32_t item)
{
    return item > 0 && offset <= size && count <= (size - offset) / item;
}

static bool is_sound(const usage_layout_t *layout, apr_size_t size)
{
    bool is_good = layout->size == size && layout->total_at <= layout->slot_size
                   && layout->slot_size - layout->total_at >= 8
                   && layout->flushed_at <= layout->mark_size
                   && layout->mark_size - layout->flushed_at >= 8;
    for (int i = 0; i < USAGE_LAYOUT_TABLES; i++) {
        is_good =
            is_good
            && fits(size, layout->slots[i], layout->length, layout->slot_size)
            && fits(size, layout->marks[i], layout->length, layout->mark_size);
    }
    return is_good;
}

static apr_int64_t number_at(const char *at)
{
    apr_int64_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

apr_int64_t usage_layout_waiting(const void *base, apr_size_t size)
{
    usage_layout_t layout;
    apr_uint64_t waiting = 0;
    if (size < sizeof layout) {
        return -1;
    }
    memcpy((void *)&layout, base, sizeof layout);
    if (!is_sound(&layout, size)) {
        return -1;
    }
    for (int i = 0; i < USAGE_LAYOUT_TABLES; i++) {
        const char *slot =
            (const char *)base + layout.slots[i] + layout.total_at;
        const char *mark =
            (const char *)base + layout.marks[i] + layout.flushed_at;
        for (apr_uint32_t j = 0; j < layout.length; j++) {
            waiting +=
                (apr_uint64_t)number_at(slot) - (apr_uint64_t)number_at(mark);
            slot += layout.slot_size;
            mark += layout.mark_size;
        }
    }
    return (apr_int64_t)waiting >= 0 ? (apr_int64_t)waiting : -1;
}
