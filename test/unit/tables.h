/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of counters that stand alone, for tests of them.
 */
#ifndef TABLES_H
#define TABLES_H

#include "counting.h"

enum { SMALL = 256 };

/** A table whose every part has a page behind it that can't be touched. */
static inline usage_table_t table_make(apr_uint32_t capacity,
                                       apr_uint32_t arena)
{
    apr_size_t length = capacity + USAGE_LAST_RESORTS_MAX;
    usage_secret_t *secret = shared_make(sizeof *secret);
    usage_secret_make(secret, 0x5eed);
    usage_table_t table = {
        .head = shared_make(sizeof(usage_table_head_t)),
        .tags = shared_make(length * sizeof(usage_tag_t)),
        .slots = shared_make(length * sizeof(usage_slot_t)),
        .marks = shared_make(length * sizeof(usage_marks_t)),
        .arena = shared_make(arena),
        .capacity = capacity,
        .arena_size = arena,
        .secret = secret,
    };
    usage_table_clear(&table, NULL, 0);
    return table;
}

static inline usage_table_t roomy_table(apr_uint32_t capacity)
{
    return table_make(capacity, capacity * 64);
}

static inline usage_key_t numbered_key(int number)
{
    return view_key("a.example", apr_psprintf(unit_pool, "/%d", number),
                    midnight);
}

static inline usage_slot_t *find(const usage_table_t *table,
                                 const usage_key_t *key)
{
    return usage_table_slot(table, key, USAGE_CLAIM_ORDINARY);
}

static inline apr_uint32_t index_of(const usage_table_t *table,
                                    const usage_key_t *key)
{
    const usage_slot_t *slot = find(table, key);
    ck_assert_ptr_nonnull(slot);
    return (apr_uint32_t)(slot - table->slots);
}

/** All that a table holds, by the names that stand in it. */
static inline apr_hash_t *held(const usage_table_t *table)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    for (apr_uint32_t i = 0; i < usage_table_length(table); i++) {
        const char *key = name_at(table, i);
        usage_values_t values;
        for (int j = 0; j < USAGE_COUNTERS; j++) {
            values.of[j] = table->slots[i].total[j];
        }
        if (key != NULL) {
            sum_into(sums, key, &values);
        }
    }
    return sums;
}

static inline int names_held(const usage_table_t *table)
{
    return (int)apr_hash_count(held(table));
}

static inline usage_key_t longest_key(void)
{
    char *text = apr_pcalloc(unit_pool, USAGE_NAME_MAX + 1);
    memset(text, 'x', USAGE_NAME_MAX);
    return event_key(text, text, text, midnight);
}

#endif
