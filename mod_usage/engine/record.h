/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of a table's slots: records in its arena, written once, never
 * moved, and gone when the table is cleared. The part of table.c that knows
 * what a record looks like.
 */
#ifndef USAGE_RECORD_H
#define USAGE_RECORD_H

#include <stddef.h>
#include <string.h>

#include "table.h"

/** Records begin at multiples of this; offset 0 is none. */
#define USAGE_RECORD_ALIGN ((apr_uint32_t)8)

/** A key in the arena. */
typedef struct usage_record_t {
    apr_int64_t start;
    apr_uint64_t shape;
    char text[]; /**< site, category, name, with nothing between them */
} usage_record_t;

/**
 * All of a key but its start and its texts, in one word that is compared at
 * once; so records of the same shape are of the same size.
 *
 *    55    48 47        40 39    32 31    24 23     16 15     8 7     0
 *   [ name's | category's | site's | system | browser | device | kind ]
 *     length   length       length
 */
static inline apr_uint64_t usage_record_shape(const usage_key_t *key)
{
    return (apr_uint64_t)key->kind | (apr_uint64_t)(apr_byte_t)key->device << 8
           | (apr_uint64_t)(apr_byte_t)key->browser << 16
           | (apr_uint64_t)(apr_byte_t)key->system << 24
           | (apr_uint64_t)key->site.length << 32
           | (apr_uint64_t)key->category.length << 40
           | (apr_uint64_t)key->name.length << 48;
}

/** Bytes of a record whose texts have so many. */
static inline apr_uint32_t usage_record_size(apr_size_t text)
{
    apr_size_t size = offsetof(usage_record_t, text) + text;
    return ((apr_uint32_t)size + USAGE_RECORD_ALIGN - 1)
           & ~(USAGE_RECORD_ALIGN - 1);
}

/** Bytes of the record of a key. */
static inline apr_uint32_t usage_record_size_of(const usage_key_t *key)
{
    return usage_record_size(key->site.length + key->category.length
                             + key->name.length);
}

/** Whether there can be a record of @a size at @a offset: 0, which is none, is
 * past all ends here. An arena has room for more than one. */
static inline bool usage_record_fits(const usage_table_t *table,
                                     apr_uint32_t offset, apr_uint32_t size)
{
    return offset % USAGE_RECORD_ALIGN == 0
           && offset - USAGE_RECORD_ALIGN
                  <= table->arena_size - USAGE_RECORD_ALIGN - size;
}

/**
 * Whether the record at @a offset is of an interval and a shape: with the
 * fingerprint of its tag, that proves whose it is (table.h).
 * @param offset any number; it is checked
 */
static inline bool usage_record_is(const usage_table_t *table,
                                   apr_uint32_t offset, apr_int64_t start,
                                   apr_uint64_t shape)
{
    if (!usage_record_fits(table, offset, sizeof(usage_record_t))) {
        return false;
    }
    const usage_record_t *record =
        (const usage_record_t *)(const void *)(table->arena + offset);
    return record->shape == shape && record->start == start;
}

/**
 * Write the record of a key.
 * @param limit bytes that the arena may be filled to
 * @return its offset, 0 if there is no room
 */
apr_uint32_t usage_record_write(const usage_table_t *table,
                                const usage_key_t *key, apr_uint32_t limit);

/**
 * Read the record at @a offset once, and check it.
 * @param key set to it; its texts lie in the arena
 * @return APR_SUCCESS; APR_EINVAL if it is none, or a damaged one
 */
apr_status_t usage_record_key(const usage_table_t *table, apr_uint32_t offset,
                              usage_key_t *key);

#endif
