/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables first: where each slot went is what the words of visits and newest
 * views, which name slots, are changed by.
 */
#include "carry.h"

#include <string.h>

/* In a map: the slot was not carried. */
#define NOWHERE APR_UINT32_MAX

/* Where the slots of each table went. */
typedef struct carrying_t {
    const usage_memory_t *from;
    const usage_memory_t *to;
    apr_uint32_t *map[2];
    usage_carried_t *lost;
} carrying_t;

static bool is_flushed(const usage_table_t *table, apr_uint32_t index)
{
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        if (atomic_load(&table->slots[index].total[i])
            != table->marks[index].flushed[i]) {
            return false;
        }
    }
    return true;
}

/* The slot in the new table: NULL if it has no room, or the name is damaged. */
static usage_slot_t *slot_for(carrying_t *carrying, unsigned table,
                              apr_uint32_t index, apr_status_t *named)
{
    const usage_table_t *from = &carrying->from->tables[table];
    const usage_table_t *to = &carrying->to->tables[table];
    usage_key_t key;
    *named = usage_table_key(from, index, &key);
    if (*named != APR_SUCCESS) {
        return NULL;
    }
    return index >= from->capacity
               ? usage_table_resort(to, (int)(index - from->capacity))
               : usage_table_slot(to, &key, USAGE_CLAIM_RESERVE);
}

/* Should a key have two slots, they become one. */
static apr_status_t carry_slot(carrying_t *carrying, unsigned table,
                               apr_uint32_t index)
{
    const usage_table_t *from = &carrying->from->tables[table];
    const usage_table_t *to = &carrying->to->tables[table];
    apr_status_t named;
    usage_slot_t *slot = slot_for(carrying, table, index, &named);
    carrying->map[table][index] = NOWHERE;
    if (slot == NULL) {
        carrying->lost->damaged += named == APR_EINVAL;
        return named != APR_SUCCESS || is_flushed(from, index) ? APR_SUCCESS
                                                               : APR_ENOSPC;
    }
    apr_uint32_t at = (apr_uint32_t)(slot - to->slots);
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        atomic_fetch_add(&slot->total[i],
                         atomic_load(&from->slots[index].total[i]));
        to->marks[at].flushed[i] += from->marks[index].flushed[i];
        to->marks[at].until[i] += from->marks[index].until[i];
    }
    carrying->map[table][index] = at;
    return APR_SUCCESS;
}

static apr_status_t carry_table(carrying_t *carrying, unsigned table)
{
    const usage_table_t *from = &carrying->from->tables[table];
    usage_table_head_t *head = carrying->to->tables[table].head;
    bool is_used = atomic_load(&from->head->state) == USAGE_TABLE_IN_USE;
    apr_status_t rv = APR_SUCCESS;
    for (apr_uint32_t i = 0; i < usage_table_length(from); i++) {
        carrying->map[table][i] = NOWHERE;
        if (is_used && rv == APR_SUCCESS) {
            rv = carry_slot(carrying, table, i);
        }
    }
    atomic_store(&head->state,
                 is_used ? USAGE_TABLE_IN_USE : USAGE_TABLE_READY);
    atomic_store(&head->epoch, atomic_load(&from->head->epoch));
    atomic_store(&head->retired, atomic_load(&from->head->retired));
    return rv;
}

/* A word that names a slot, as the new segment has it: the slot's new place,
 * or one of a table long cleared. */
static apr_uint64_t carry_word(const carrying_t *carrying, apr_uint64_t word)
{
    usage_place_t place = usage_place_of(word);
    const usage_memory_t *from = carrying->from;
    if (word == 0) {
        return 0;
    }
    apr_uint32_t slot = usage_memory_at(from, place) != NULL
                            ? carrying->map[place.table][place.slot]
                            : NOWHERE;
    if (slot == NOWHERE) {
        apr_uint32_t epoch =
            atomic_load(&from->tables[place.table].head->epoch);
        place.epoch = (epoch + USAGE_PLACE_EPOCHS / 2) % USAGE_PLACE_EPOCHS;
        place.slot = 0;
    }
    else {
        place.slot = slot;
    }
    return usage_place_pack(place, (apr_int64_t)(word >> 32),
                            usage_place_flag(word));
}

/* The generations one after the other, the current first, each into its own
 * while there is room. */
static void carry_sessions(carrying_t *carrying)
{
    const usage_sessions_t *from = &carrying->from->sessions;
    const usage_sessions_t *to = &carrying->to->sessions;
    unsigned current = atomic_load(&from->head->current) & 1;
    atomic_store(&to->head->current, current);
    for (unsigned i = 0; i < 2; i++) {
        unsigned generation = i == 0 ? current : 1 - current;
        for (apr_uint32_t j = 0; j < from->capacity; j++) {
            const usage_member_t *member = &from->members[generation][j];
            apr_uint64_t state = atomic_load(&member->state);
            if (state != 0
                && !usage_sessions_put(to, generation, member,
                                       carry_word(carrying, state))) {
                carrying->lost->visitors += 1;
            }
        }
    }
}

static void carry_set(const usage_set_t *from, const usage_set_t *to)
{
    unsigned current = atomic_load(&from->head->current) & 1;
    atomic_store(&to->head->current, current);
    for (unsigned i = 0; i < 2; i++) {
        unsigned generation = i == 0 ? current : 1 - current;
        for (apr_uint32_t j = 0; j < from->capacity; j++) {
            apr_uint64_t member = atomic_load(&from->members[generation][j]);
            if (member != 0) {
                usage_set_put(to, generation, member);
            }
        }
    }
}

static void carry_sites(const carrying_t *carrying)
{
    const usage_sites_t *from = &carrying->from->sites;
    const usage_sites_t *to = &carrying->to->sites;
    memcpy((void *)to->all, (const void *)from->all,
           from->count * sizeof *from->all);
    for (apr_uint32_t i = 0; i < to->count; i++) {
        for (int j = 0; j < USAGE_RING; j++) {
            _Atomic apr_uint64_t *word = &to->all[i].ring[j];
            atomic_store(word, carry_word(carrying, atomic_load(word)));
        }
    }
}

static void carry_header(const usage_header_t *from, usage_header_t *to)
{
    atomic_store(&to->active, atomic_load(&from->active) & USAGE_PLACE_FIRST);
    atomic_store(&to->revision, atomic_load(&from->revision));
    atomic_store(&to->opened, atomic_load(&from->opened));
    atomic_store(&to->batch_number, atomic_load(&from->batch_number));
    atomic_store(&to->layout.batch_state,
                 atomic_load(&from->layout.batch_state));
    memcpy(to->node, from->node, sizeof to->node);
    to->node[sizeof to->node - 1] = '\0';
    memcpy((void *)&to->health, (const void *)&from->health, sizeof to->health);
    to->health.error[sizeof to->health.error - 1] = '\0';
    memcpy((void *)&to->salts, (const void *)&from->salts, sizeof to->salts);
    memcpy((void *)&to->marks, (const void *)&from->marks, sizeof to->marks);
}

apr_status_t usage_memory_carry(const usage_memory_t *from,
                                const usage_memory_t *to, usage_carried_t *lost,
                                apr_pool_t *pool)
{
    carrying_t carrying = { .from = from, .to = to, .lost = lost };
    apr_status_t rv = APR_SUCCESS;
    *lost = (usage_carried_t){ 0 };
    for (unsigned i = 0; i < 2; i++) {
        apr_size_t length = usage_table_length(&from->tables[i]);
        carrying.map[i] = apr_palloc(pool, length * sizeof *carrying.map[i]);
        if (rv == APR_SUCCESS) {
            rv = carry_table(&carrying, i);
        }
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    carry_sessions(&carrying);
    carry_set(&from->seen, &to->seen);
    carry_sites(&carrying);
    memcpy((void *)to->agents, (const void *)from->agents,
           USAGE_AGENTS * sizeof *to->agents);
    carry_header(from->header, to->header);
    return APR_SUCCESS;
}
