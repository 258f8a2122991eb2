/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lays out the segment and leads each addition to the table it belongs in.
 * usage_memory_add runs in every thread of every child.
 */
#include "memory.h"

#include <string.h>

#include "path.h"

#define MAGIC APR_UINT64_C(0x656761737520646d) /* "md usage", read backwards */

/* Arena bytes for each slot: a site, a path of middling length, a record. */
#define ARENA_PER_SLOT 64

#define ALIGNED(size) (((size) + 63) / 64 * 64)

#define ELSEWHERE                                                              \
    {                                                                          \
        "*", 1                                                                 \
    }

static apr_size_t slots_size(apr_uint32_t slots)
{
    return ALIGNED((slots + USAGE_LAST_RESORTS_MAX) * sizeof(usage_slot_t));
}

static apr_size_t marks_size(apr_uint32_t slots)
{
    return ALIGNED((slots + USAGE_LAST_RESORTS_MAX) * sizeof(usage_marks_t));
}

static apr_size_t arena_size(apr_uint32_t slots)
{
    return (apr_size_t)slots * ARENA_PER_SLOT;
}

static apr_size_t table_size(apr_uint32_t slots)
{
    return slots_size(slots) + marks_size(slots) + arena_size(slots);
}

apr_size_t usage_memory_size(apr_uint32_t slots)
{
    return ALIGNED(sizeof(usage_header_t)) + 2 * table_size(slots);
}

static void locate(usage_memory_t *memory, char *base, apr_uint32_t slots,
                   apr_uint64_t seed)
{
    memory->header = (usage_header_t *)(void *)base;
    char *at = base + ALIGNED(sizeof(usage_header_t));
    for (int i = 0; i < 2; i++) {
        memory->tables[i] = (usage_table_t){
            .head = &memory->header->heads[i],
            .slots = (usage_slot_t *)(void *)at,
            .marks = (usage_marks_t *)(void *)(at + slots_size(slots)),
            .arena = at + slots_size(slots) + marks_size(slots),
            .capacity = slots,
            .arena_size = (apr_uint32_t)arena_size(slots),
            .seed = seed,
        };
        at += table_size(slots);
    }
}

void usage_memory_create(usage_memory_t *memory, void *base, apr_uint32_t slots,
                         apr_uint64_t seed, apr_int64_t now)
{
    locate(memory, base, slots, seed);
    usage_header_t *header = memory->header;
    memset((void *)header, 0, sizeof *header);
    header->version = USAGE_MEMORY_VERSION;
    header->slots = slots;
    header->size = usage_memory_size(slots);
    header->seed = seed;
    usage_memory_clear(memory, 0);
    usage_memory_clear(memory, 1);
    atomic_store(&header->heads[0].state, USAGE_TABLE_IN_USE);
    atomic_store(&header->opened, now);
    atomic_store(&header->magic, MAGIC);
}

static bool is_valid_slots(apr_uint32_t slots)
{
    return slots >= USAGE_SLOTS_MIN && slots <= USAGE_SLOTS_MAX
           && (slots & (slots - 1)) == 0;
}

apr_status_t usage_memory_open(usage_memory_t *memory, void *base,
                               apr_size_t size)
{
    if (size < sizeof(usage_header_t)) {
        return APR_EMISMATCH;
    }
    usage_header_t *header = base;
    apr_uint32_t slots = header->slots;
    if (atomic_load(&header->magic) != MAGIC
        || header->version != USAGE_MEMORY_VERSION || !is_valid_slots(slots)
        || header->size != size || usage_memory_size(slots) != size) {
        return APR_EMISMATCH;
    }
    locate(memory, base, slots, header->seed);
    return APR_SUCCESS;
}

unsigned usage_memory_active(const usage_memory_t *memory)
{
    return atomic_load_explicit(&memory->header->active, memory_order_acquire)
           & 1;
}

/*
 * Only one writer wins the ready table. Should it die before it leads the
 * others there, the flusher finds a table in use that nobody is in, and clears
 * it again.
 */
bool usage_memory_move(const usage_memory_t *memory, unsigned from,
                       apr_int64_t now)
{
    usage_header_t *header = memory->header;
    apr_uint32_t ready = USAGE_TABLE_READY;
    apr_uint32_t active = from;
    unsigned to = 1 - from;
    if (usage_memory_active(memory) != from) {
        return true;
    }
    if (!atomic_compare_exchange_strong(&header->heads[to].state, &ready,
                                        USAGE_TABLE_IN_USE)) {
        return usage_memory_active(memory) != from;
    }
    atomic_store(&header->heads[from].retired, now);
    atomic_store(&header->opened, now);
    atomic_compare_exchange_strong(&header->active, &active, to);
    return true;
}

void usage_memory_clear(const usage_memory_t *memory, unsigned index)
{
    usage_key_t resorts[1 + USAGE_OUTCOMES] = {
        [USAGE_RESORT_VIEW] = { .kind = USAGE_KIND_VIEW,
                                .site = ELSEWHERE,
                                .name = { USAGE_PATH_OVERFLOW, 2 } },
    };
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        const char *word = usage_outcome_word((usage_outcome_e)i);
        resorts[USAGE_RESORT_OUTCOME(i)] = (usage_key_t){
            .kind = USAGE_KIND_EVENT,
            .site = ELSEWHERE,
            .category = { USAGE_OUTCOME_CATEGORY,
                          sizeof USAGE_OUTCOME_CATEGORY - 1 },
            .name = { word, strlen(word) },
        };
    }
    usage_table_clear(&memory->tables[index], resorts, 1 + USAGE_OUTCOMES);
}

static usage_slot_t *reserve_slot(const usage_table_t *table,
                                  const usage_addition_t *addition)
{
    usage_key_t key = addition->key;
    if (addition->overflow != NULL) {
        key.name.data = addition->overflow;
        key.name.length = strlen(addition->overflow);
    }
    usage_slot_t *slot = usage_table_slot(table, &key, USAGE_CLAIM_RESERVE);
    return slot != NULL ? slot : usage_table_resort(table, addition->resort);
}

void usage_memory_add(const usage_memory_t *memory,
                      const usage_addition_t *addition,
                      const usage_values_t *values, apr_int64_t now)
{
    unsigned active = usage_memory_active(memory);
    usage_slot_t *slot = usage_table_slot(&memory->tables[active],
                                          &addition->key, USAGE_CLAIM_ORDINARY);
    if (slot == NULL && usage_memory_move(memory, active, now)) {
        active = usage_memory_active(memory);
        slot = usage_table_slot(&memory->tables[active], &addition->key,
                                USAGE_CLAIM_ORDINARY);
    }
    if (slot == NULL) {
        slot = reserve_slot(&memory->tables[active], addition);
    }
    usage_slot_add(slot, values);
}
