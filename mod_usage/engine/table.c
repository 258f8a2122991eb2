/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding, claiming and naming slots. Runs in every thread of every child;
 * usage_table_clear in the flusher alone.
 */
#include "table.h"

#include <stddef.h>
#include <string.h>

#include "utf8.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Slots looked at before a table counts as full for a key. */
#define PROBES 128

/* Records begin at multiples of this; offset 0 means "unnamed". */
#define RECORD_ALIGN ((apr_uint32_t)8)

/* No interval begins as late as this: a record that says so is damaged. */
#define START_END (APR_INT64_C(1) << 48)

static apr_uint32_t part(apr_uint32_t whole, usage_claim_e claim)
{
    switch (claim) {
    case USAGE_CLAIM_NONE:
        return 0;
    case USAGE_CLAIM_ORDINARY:
        return whole / 8 * 7;
    default:
        return whole / 16 * 15;
    }
}

static apr_uint64_t dimensions(const usage_key_t *key)
{
    return (apr_uint64_t)key->start << 26 ^ (apr_uint64_t)key->kind << 24
           ^ (apr_uint64_t)key->device << 16 ^ (apr_uint64_t)key->browser << 8
           ^ (apr_uint64_t)key->system;
}

static apr_uint64_t fingerprint(const usage_table_t *table,
                                const usage_key_t *key)
{
    apr_uint64_t hash = table->seed;
    hash ^= dimensions(key) * APR_UINT64_C(0x9e3779b97f4a7c15);
    hash = XXH3_64bits_withSeed(key->site.data, key->site.length, hash);
    if (key->category.length > 0) {
        hash = XXH3_64bits_withSeed(key->category.data, key->category.length,
                                    hash);
    }
    hash = XXH3_64bits_withSeed(key->name.data, key->name.length, hash);
    return hash != 0 ? hash : 1;
}

static apr_uint32_t record_size(apr_size_t text)
{
    apr_uint32_t size = (apr_uint32_t)(offsetof(usage_record_t, text) + text);
    return (size + RECORD_ALIGN - 1) / RECORD_ALIGN * RECORD_ALIGN;
}

static apr_size_t key_length(const usage_key_t *key)
{
    return key->site.length + key->category.length + key->name.length;
}

/* The record at an offset, or NULL if any of it would lie outside. */
static usage_record_t *record_at(const usage_table_t *table,
                                 apr_uint32_t offset)
{
    apr_uint32_t least = record_size(0);
    if (offset == 0 || offset % RECORD_ALIGN != 0
        || offset > table->arena_size - least) {
        return NULL;
    }
    usage_record_t *record = (usage_record_t *)(void *)(table->arena + offset);
    apr_size_t text = (apr_size_t)record->site_length + record->category_length
                      + record->name_length;
    return record_size(text) <= table->arena_size - offset ? record : NULL;
}

static char *append(char *to, const usage_text_t *text)
{
    if (text->length > 0) {
        memcpy(to, text->data, text->length);
    }
    return to + text->length;
}

static bool is_same(const char *data, const usage_text_t *text)
{
    return text->length == 0 || memcmp(data, text->data, text->length) == 0;
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
    return at % RECORD_ALIGN == 0 ? at : 0;
}

/* Write a key into the arena: its offset, or 0 when there is no room. */
static apr_uint32_t record_write(const usage_table_t *table,
                                 const usage_key_t *key, apr_uint32_t limit)
{
    apr_uint32_t size = record_size(key_length(key));
    apr_uint32_t offset = arena_take(table, size, limit);
    if (offset == 0) {
        return 0;
    }
    usage_record_t *record = (usage_record_t *)(void *)(table->arena + offset);
    record->start = key->start;
    record->kind = (apr_byte_t)key->kind;
    record->device = (apr_byte_t)key->device;
    record->browser = (apr_byte_t)key->browser;
    record->system = (apr_byte_t)key->system;
    record->site_length = (apr_byte_t)key->site.length;
    record->category_length = (apr_byte_t)key->category.length;
    record->name_length = (apr_byte_t)key->name.length;
    char *text = append(record->text, &key->site);
    text = append(text, &key->category);
    append(text, &key->name);
    return offset;
}

static bool record_is(const usage_record_t *record, const usage_key_t *key)
{
    if (record->start != key->start || record->kind != key->kind
        || record->device != key->device || record->browser != key->browser
        || record->system != key->system
        || record->site_length != key->site.length
        || record->category_length != key->category.length
        || record->name_length != key->name.length) {
        return false;
    }
    const char *text = record->text;
    return is_same(text, &key->site)
           && is_same(text + key->site.length, &key->category)
           && is_same(text + key->site.length + key->category.length,
                      &key->name);
}

/* A search: the key, and its record once it had to be written. */
typedef struct search_t {
    const usage_table_t *table;
    const usage_key_t *key;
    usage_claim_e claim;
    apr_uint64_t fingerprint;
    apr_uint32_t record;
} search_t;

static bool search_write(search_t *search)
{
    if (search->record == 0) {
        search->record =
            record_write(search->table, search->key,
                         part(search->table->arena_size, search->claim));
    }
    return search->record != 0;
}

/* Claim a free slot. False: no room, or another key was faster (in @a seen). */
static bool search_claim(search_t *search, usage_slot_t *slot,
                         apr_uint64_t *seen)
{
    const usage_table_t *table = search->table;
    _Atomic apr_uint32_t *used = &table->head->used;
    if (atomic_load_explicit(used, memory_order_relaxed)
            >= part(table->capacity, search->claim)
        || !search_write(search)) {
        return false;
    }
    if (atomic_compare_exchange_strong(&slot->fingerprint, seen,
                                       search->fingerprint)) {
        atomic_fetch_add_explicit(used, 1, memory_order_relaxed);
        *seen = search->fingerprint;
    }
    return true;
}

/* Whether a slot of the fingerprint holds the key; names it if unnamed. */
static bool search_matches(search_t *search, usage_slot_t *slot)
{
    apr_uint32_t name = atomic_load_explicit(&slot->name, memory_order_acquire);
    if (name == 0) {
        if (!search_write(search)) {
            return false;
        }
        if (atomic_compare_exchange_strong(&slot->name, &name,
                                           search->record)) {
            return true;
        }
    }
    const usage_record_t *record = record_at(search->table, name);
    return record != NULL && record_is(record, search->key);
}

usage_slot_t *usage_table_slot(const usage_table_t *table,
                               const usage_key_t *key, usage_claim_e claim)
{
    search_t search = { .table = table,
                        .key = key,
                        .claim = claim,
                        .fingerprint = fingerprint(table, key) };
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        apr_uint64_t at = (search.fingerprint + i) & (table->capacity - 1);
        usage_slot_t *slot = &table->slots[at];
        apr_uint64_t seen =
            atomic_load_explicit(&slot->fingerprint, memory_order_relaxed);
        if (seen == 0 && !search_claim(&search, slot, &seen)) {
            return NULL;
        }
        if (seen == search.fingerprint && search_matches(&search, slot)) {
            return slot;
        }
    }
    return NULL;
}

usage_slot_t *usage_table_resort(const usage_table_t *table, int index)
{
    return &table->slots[table->capacity + (apr_uint32_t)index];
}

void usage_slot_add(usage_slot_t *slot, const usage_values_t *values)
{
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        if (values->of[i] != 0) {
            atomic_fetch_add_explicit(&slot->total[i], values->of[i],
                                      memory_order_relaxed);
        }
    }
}

void usage_table_clear(const usage_table_t *table, const usage_key_t *resorts,
                       int count)
{
    apr_size_t length = usage_table_length(table);
    atomic_store(&table->head->state, USAGE_TABLE_CLEARING);
    atomic_fetch_add(&table->head->epoch, 1);
    memset((void *)table->slots, 0, length * sizeof(usage_slot_t));
    memset(table->marks, 0, length * sizeof(usage_marks_t));
    memset(table->arena, 0, table->arena_size);
    atomic_store(&table->head->used, 0);
    atomic_store(&table->head->arena_used, RECORD_ALIGN);
    for (int i = 0; i < count; i++) {
        usage_slot_t *slot = usage_table_resort(table, i);
        atomic_store(&slot->fingerprint, fingerprint(table, &resorts[i]));
        atomic_store(&slot->name,
                     record_write(table, &resorts[i], table->arena_size));
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

const usage_record_t *usage_table_record(const usage_table_t *table,
                                         apr_uint32_t index)
{
    usage_slot_t *slot = &table->slots[index];
    return record_at(table,
                     atomic_load_explicit(&slot->name, memory_order_acquire));
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

apr_status_t usage_table_key(const usage_table_t *table, apr_uint32_t index,
                             usage_key_t *key)
{
    apr_uint32_t name =
        atomic_load_explicit(&table->slots[index].name, memory_order_acquire);
    const usage_record_t *record = record_at(table, name);
    if (name == 0 || record == NULL) {
        return name == 0 ? APR_ENOENT : APR_EINVAL;
    }
    usage_record_t head;
    memcpy(&head, record, sizeof head);
    const char *at = record->text;
    *key = (usage_key_t){ .start = head.start,
                          .kind = (usage_kind_e)head.kind,
                          .device = head.device,
                          .browser = head.browser,
                          .system = head.system };
    bool is_sound =
        head.kind <= USAGE_KIND_SITE && head.start >= 0
        && head.start < START_END
        && take_text(table, &at, head.site_length, &key->site)
        && take_text(table, &at, head.category_length, &key->category)
        && take_text(table, &at, head.name_length, &key->name);
    return is_sound ? APR_SUCCESS : APR_EINVAL;
}
