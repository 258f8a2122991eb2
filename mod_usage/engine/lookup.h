/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of nearly all searches in a table (table.h): the key is there, under
 * the tag that is looked at first. Inline, so that a view's key is never put
 * together in memory.
 */
#ifndef USAGE_LOOKUP_H
#define USAGE_LOOKUP_H

#include "often.h"
#include "record.h"
#include "table.h"

/** What a search compares. */
typedef struct usage_sought_t {
    apr_int64_t start;
    apr_uint64_t shape;
    apr_uint64_t fingerprint;
} usage_sought_t;

/** A search that goes on from the first tag. */
usage_slot_t *usage_lookup_on(const usage_table_t *table,
                              const usage_sought_t *sought);

static inline apr_uint64_t usage_lookup_hash(const usage_table_t *table,
                                             const usage_text_t *text)
{
    return usage_secret_hash(table->secret, text->data, text->length);
}

/**
 * What to search for to find a key.
 *
 * Sites, shapes and intervals are the server's own; names are what clients
 * send, and their hash nobody outside can know. So what stands beside it need
 * only be told apart.
 */
static USAGE_OFTEN usage_sought_t usage_lookup_of(const usage_table_t *table,
                                                  const usage_key_t *key)
{
    apr_uint64_t shape = usage_record_shape(key);
    apr_uint64_t hash =
        key->site_hash != 0 ? key->site_hash : usage_table_site_hash(key->site);
    hash += (apr_uint64_t)key->start * APR_UINT64_C(0x9e3779b97f4a7c15);
    hash += shape * APR_UINT64_C(0xd6e8feb86659fd93);
    if (key->category.length > 0) {
        hash += usage_lookup_hash(table, &key->category);
    }
    hash ^= key->name_hash != 0 ? key->name_hash
                                : usage_lookup_hash(table, &key->name);
    return (usage_sought_t){ .start = key->start,
                             .shape = shape,
                             .fingerprint = hash != 0 ? hash : 1 };
}

/** Whether a tag is the one; it has a name then. */
static inline bool usage_lookup_is(const usage_table_t *table, usage_tag_t *tag,
                                   const usage_sought_t *sought)
{
    return atomic_load_explicit(&tag->fingerprint, memory_order_relaxed)
               == sought->fingerprint
           && usage_record_is(
               table, atomic_load_explicit(&tag->name, memory_order_acquire),
               sought->start, sought->shape);
}

/** The slot of what is sought; NULL if it has none, or none with a name. */
static USAGE_OFTEN usage_slot_t *usage_lookup(const usage_table_t *table,
                                              const usage_sought_t *sought)
{
    apr_uint64_t at = sought->fingerprint & (table->capacity - 1);
    if (!usage_lookup_is(table, &table->tags[at], sought)) {
        usage_sought_t copy =
            *sought; /* so that the other stays in registers */
        return usage_lookup_on(table, &copy);
    }
    return &table->slots[at];
}

#endif
