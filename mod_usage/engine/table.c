/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding, claiming and naming slots. Runs in every thread of every child;
 * usage_table_clear in the flusher alone.
 */
#include "table.h"

#include <string.h>

#include "fault.h"
#include "lookup.h"
#include "record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Slots looked at before a table counts as full for a key. */
#define PROBES 128

static apr_uint32_t part(apr_uint32_t whole, usage_claim_e claim)
{
    return claim == USAGE_CLAIM_ORDINARY ? whole / 8 * 7 : whole / 16 * 15;
}

apr_uint64_t usage_table_site_hash(usage_text_t site)
{
    apr_uint64_t hash = XXH3_64bits(site.data, site.length);
    return hash != 0 ? hash : 1;
}

/* A search: the key, and its record once it had to be written. */
typedef struct search_t {
    const usage_table_t *table;
    const usage_key_t *key;
    usage_claim_e claim;
    apr_uint64_t shape;
    apr_uint64_t fingerprint;
    apr_uint32_t record;
} search_t;

static bool search_write(search_t *search)
{
    if (search->record == 0) {
        search->record =
            usage_record_write(search->table, search->key,
                               part(search->table->arena_size, search->claim));
    }
    return search->record != 0;
}

/* Claim a free tag. False: no room, or another key was faster (in @a seen). */
static bool search_claim(search_t *search, usage_tag_t *tag, apr_uint64_t *seen)
{
    const usage_table_t *table = search->table;
    _Atomic apr_uint32_t *used = &table->head->used;
    if (atomic_load_explicit(used, memory_order_relaxed)
            >= part(table->capacity, search->claim)
        || !search_write(search)) {
        return false;
    }
    if (atomic_compare_exchange_strong(&tag->fingerprint, seen,
                                       search->fingerprint)) {
        atomic_fetch_add_explicit(used, 1, memory_order_relaxed);
        *seen = search->fingerprint;
    }
    return true;
}

/* Whether a tag of the fingerprint is the key's; names it if unnamed. */
static bool search_matches(search_t *search, usage_tag_t *tag)
{
    apr_uint32_t name = atomic_load_explicit(&tag->name, memory_order_acquire);
    if (name == 0) {
        if (!search_write(search)) {
            return false;
        }
        if (atomic_compare_exchange_strong(&tag->name, &name, search->record)) {
            return true;
        }
    }
    return usage_record_is(search->table, name, search->key->start,
                           search->shape);
}

/* Where the search for a fingerprint looks next. */
static apr_uint64_t nth(const usage_table_t *table, apr_uint64_t fingerprint,
                        apr_uint32_t probe)
{
    return (fingerprint + probe) & (table->capacity - 1);
}

/* The way of a key that is new, or whose tag has no name yet. */
static usage_slot_t *search_on(search_t *search)
{
    const usage_table_t *table = search->table;
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        apr_uint64_t at = nth(table, search->fingerprint, i);
        usage_tag_t *tag = &table->tags[at];
        apr_uint64_t seen =
            atomic_load_explicit(&tag->fingerprint, memory_order_relaxed);
        if (seen == 0 && !search_claim(search, tag, &seen)) {
            return NULL;
        }
        if (seen == search->fingerprint && search_matches(search, tag)) {
            return &table->slots[at];
        }
    }
    return NULL;
}

usage_slot_t *usage_lookup_on(const usage_table_t *table,
                              const usage_sought_t *sought)
{
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        apr_uint64_t at = nth(table, sought->fingerprint, i);
        usage_tag_t *tag = &table->tags[at];
        if (atomic_load_explicit(&tag->fingerprint, memory_order_relaxed)
            == 0) {
            break;
        }
        if (usage_lookup_is(table, tag, sought)) {
            return &table->slots[at];
        }
    }
    return NULL;
}

usage_slot_t *usage_table_find(const usage_table_t *table,
                               const usage_key_t *key)
{
    usage_sought_t sought = usage_lookup_of(table, key);
    return usage_lookup(table, &sought);
}

usage_slot_t *usage_table_slot(const usage_table_t *table,
                               const usage_key_t *key, usage_claim_e claim)
{
    usage_sought_t sought = usage_lookup_of(table, key);
    usage_slot_t *slot = usage_lookup(table, &sought);
    if (slot != NULL) {
        return slot;
    }
    search_t search = { .table = table,
                        .key = key,
                        .claim = claim,
                        .shape = sought.shape,
                        .fingerprint = sought.fingerprint };
    return search_on(&search);
}

usage_slot_t *usage_table_resort(const usage_table_t *table, int index)
{
    return &table->slots[table->capacity + (apr_uint32_t)index];
}

void usage_table_clear(const usage_table_t *table, const usage_key_t *resorts,
                       int count)
{
    apr_size_t length = usage_table_length(table);
    atomic_store(&table->head->state, USAGE_TABLE_CLEARING);
    atomic_fetch_add(&table->head->epoch, 1);
    memset((void *)table->tags, 0, length * sizeof(usage_tag_t));
    memset((void *)table->slots, 0, length * sizeof(usage_slot_t));
    USAGE_FAULT("half-cleared");
    memset(table->marks, 0, length * sizeof(usage_marks_t));
    memset(table->arena, 0, table->arena_size);
    atomic_store(&table->head->used, 0);
    atomic_store(&table->head->arena_used, USAGE_RECORD_ALIGN);
    for (int i = 0; i < count; i++) {
        usage_tag_t *tag = &table->tags[table->capacity + (apr_uint32_t)i];
        atomic_store(&tag->fingerprint,
                     usage_lookup_of(table, &resorts[i]).fingerprint);
        atomic_store(&tag->name,
                     usage_record_write(table, &resorts[i], table->arena_size));
    }
    atomic_store(&table->head->retired, 0);
    atomic_store(&table->head->state, USAGE_TABLE_READY);
}

bool usage_table_is_filling(const usage_table_t *table)
{
    const usage_table_head_t *head = table->head;
    return atomic_load_explicit(&head->used, memory_order_relaxed)
               >= table->capacity / 4 * 3
           || atomic_load_explicit(&head->arena_used, memory_order_relaxed)
                  >= table->arena_size / 4 * 3;
}

int usage_table_fill(const usage_table_t *table)
{
    apr_uint64_t slots = atomic_load(&table->head->used);
    apr_uint64_t arena = atomic_load(&table->head->arena_used);
    slots = slots * 1000 / table->capacity;
    arena = arena * 1000 / table->arena_size;
    apr_uint64_t fill = slots > arena ? slots : arena;
    return fill < 1000 ? (int)fill : 1000;
}

apr_uint32_t usage_table_length(const usage_table_t *table)
{
    return table->capacity + USAGE_LAST_RESORTS_MAX;
}

apr_status_t usage_table_key(const usage_table_t *table, apr_uint32_t index,
                             usage_key_t *key)
{
    apr_uint32_t name =
        atomic_load_explicit(&table->tags[index].name, memory_order_acquire);
    return name != 0 ? usage_record_key(table, name, key) : APR_ENOENT;
}
