/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes records into a table's arena, in every thread of every child, and
 * reads them back, in the flusher and for the dashboard.
 */
#include "record.h"

#include "utf8.h"

/* No interval begins as late as this: a record that says so is damaged. */
#define START_END (APR_INT64_C(1) << 48)

static char *append(char *to, const usage_text_t *text)
{
    if (text->length > 0) {
        memcpy(to, text->data, text->length);
    }
    return to + text->length;
}

/* Take room in the arena: its offset, or 0 when there is none. */
static apr_uint32_t arena_take(const usage_table_t *table, apr_uint32_t size,
                               apr_uint32_t limit)
{
    _Atomic apr_uint32_t *used = &table->head->arena_used;
    apr_uint32_t at = atomic_load_explicit(used, memory_order_relaxed);
    do {
        if (at > limit || size > limit - at) {
            return 0;
        }
    } while (!atomic_compare_exchange_weak(used, &at, at + size));
    return at % USAGE_RECORD_ALIGN == 0 ? at : 0;
}

apr_uint32_t usage_record_write(const usage_table_t *table,
                                const usage_key_t *key, apr_uint32_t limit)
{
    apr_uint32_t size = usage_record_size_of(key);
    apr_uint32_t offset = arena_take(table, size, limit);
    if (offset == 0) {
        return 0;
    }
    usage_record_t *record = (usage_record_t *)(void *)(table->arena + offset);
    record->start = key->start;
    record->shape = usage_record_shape(key);
    char *text = append(record->text, &key->site);
    text = append(text, &key->category);
    append(text, &key->name);
    return offset;
}

/* A text of a record: within what is left of the arena, fit to be stored. */
static bool take_text(const usage_table_t *table, const char **at,
                      apr_byte_t length, usage_text_t *text)
{
    const char *end = table->arena + table->arena_size;
    *text = (usage_text_t){ *at, length };
    if (length > end - *at) {
        return false;
    }
    *at += length;
    return usage_utf8_is_clean(text->data, text->length);
}

apr_status_t usage_record_key(const usage_table_t *table, apr_uint32_t offset,
                              usage_key_t *key)
{
    if (!usage_record_fits(table, offset, usage_record_size(0))) {
        return APR_EINVAL;
    }
    usage_record_t record;
    memcpy(&record, table->arena + offset, sizeof record);
    const char *at = table->arena + offset + sizeof record;
    apr_uint64_t shape = record.shape;
    *key = (usage_key_t){ .start = record.start,
                          .kind = (usage_kind_e)(apr_byte_t)shape,
                          .device = (apr_byte_t)(shape >> 8),
                          .browser = (apr_byte_t)(shape >> 16),
                          .system = (apr_byte_t)(shape >> 24) };
    bool is_sound =
        key->kind < USAGE_KINDS && key->start >= 0 && key->start < START_END
        && take_text(table, &at, (apr_byte_t)(shape >> 32), &key->site)
        && take_text(table, &at, (apr_byte_t)(shape >> 40), &key->category)
        && take_text(table, &at, (apr_byte_t)(shape >> 48), &key->name);
    return is_sound ? APR_SUCCESS : APR_EINVAL;
}
