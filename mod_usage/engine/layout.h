/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a segment begins, in every version of the module, for ever: so that one
 * that can't go on with the segment of another can tell what is lost with it.
 *
 * Slots and marks are arrays, one of each for a table; in a slot lies the
 * total of hits or views, in its mark how far that is in the database.
 */
#ifndef USAGE_LAYOUT_H
#define USAGE_LAYOUT_H

#include <stdatomic.h>

#include <apr.h>

/** Tables of a segment. */
#define USAGE_LAYOUT_TABLES 2

typedef struct usage_layout_t {
    _Atomic apr_uint64_t magic; /**< written last, when all else stands */
    apr_uint32_t version;
    apr_uint32_t length; /**< slots of a table */
    apr_uint64_t size; /**< of the segment */
    apr_uint64_t slots[USAGE_LAYOUT_TABLES]; /**< offset of the first */
    apr_uint64_t marks[USAGE_LAYOUT_TABLES];
    apr_uint32_t slot_size;
    apr_uint32_t mark_size;
    apr_uint32_t total_at; /**< offset in a slot, of an apr_int64_t */
    apr_uint32_t flushed_at; /**< in a mark, likewise */
    _Atomic apr_uint32_t batch_state; /**< 0: no batch is pending */
} usage_layout_t;

/**
 * Hits, views and events that no database is known to have: a view counts as
 * a hit, too.
 * Reads nothing but the layout, which it checks, and these numbers.
 * @return -1 if nobody can tell
 */
apr_int64_t usage_layout_waiting(const void *base, apr_size_t size);

#endif
