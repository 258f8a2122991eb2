/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lays out the segment and leads each addition to the table it belongs in.
 * usage_memory_add runs in every thread of every child.
 */
#include "memory.h"

#include <stddef.h>
#include <string.h>

#include "often.h"
#include "path.h"

_Static_assert(USAGE_RESORTS <= USAGE_LAST_RESORTS_MAX, "room for resorts");

#define MAGIC APR_UINT64_C(0x656761737520646d) /* "md usage", read backwards */

/* Arena bytes for each slot: a site, a path of middling length, a record. */
#define ARENA_PER_SLOT 64

#define ALIGNED(size) (((size) + USAGE_APART - 1) / USAGE_APART * USAGE_APART)

/* The parts begin less than this behind the header: it begins where the system
 * likes, they where a pair of cache lines does. */
#define GAP_END USAGE_APART

#define ELSEWHERE                                                              \
    {                                                                          \
        "*", 1                                                                 \
    }

/* Fingerprints for each visitor: of pages seen, and of the day's paths. */
#define SEEN_PER_VISITOR 4

/* Of sites. */
#define PLACES (USAGE_SITES + USAGE_SITES_SHARED)

/* Bytes of what each slot has one of. */
static apr_size_t slots_size(apr_uint32_t slots, apr_size_t each)
{
    return ALIGNED((slots + USAGE_LAST_RESORTS_MAX) * each);
}

static apr_size_t arena_size(apr_uint32_t slots)
{
    return (apr_size_t)slots * ARENA_PER_SLOT;
}

/* Hands out the parts of a segment, one after the other. */
static void *part(char **at, apr_size_t size)
{
    void *here = *at;
    *at += ALIGNED(size);
    return here;
}

static void locate_table(usage_table_t *table, char **at,
                         usage_header_t *header, int index, apr_uint32_t slots)
{
    *table = (usage_table_t){
        .head = &header->heads[index],
        .tags = part(at, slots_size(slots, sizeof(usage_tag_t))),
        .slots = part(at, slots_size(slots, sizeof(usage_slot_t))),
        .marks = part(at, slots_size(slots, sizeof(usage_marks_t))),
        .arena = part(at, arena_size(slots)),
        .capacity = slots,
        .arena_size = (apr_uint32_t)arena_size(slots),
        .secret = &header->secret,
    };
}

/* Where each part lies, for a segment that begins with @a header. */
static void locate(usage_memory_t *memory, usage_header_t *header,
                   const usage_geometry_t *geometry)
{
    char *at = (char *)header + header->gap;
    apr_uint32_t visitors = geometry->visitors / 2;
    part(&at, sizeof *header);
    memory->header = header;
    for (int i = 0; i < 2; i++) {
        locate_table(&memory->tables[i], &at, header, i, geometry->slots);
    }
    memory->sessions =
        (usage_sessions_t){ .head = &header->sessions, .capacity = visitors };
    memory->seen = (usage_set_t){ .head = &header->seen,
                                  .capacity = visitors * SEEN_PER_VISITOR };
    for (int i = 0; i < 2; i++) {
        memory->sessions.members[i] =
            part(&at, visitors * sizeof(usage_member_t));
        memory->seen.members[i] =
            part(&at, memory->seen.capacity * sizeof(apr_uint64_t));
    }
    memory->sites = (usage_sites_t){
        .all = part(&at, PLACES * sizeof(usage_site_t)),
        .count = USAGE_SITES,
    };
    memory->agents = part(&at, USAGE_AGENTS * sizeof(apr_uint64_t));
    memory->lifetime = part(&at, sizeof(usage_lifetime_t));
}

apr_size_t usage_memory_size(const usage_geometry_t *geometry)
{
    apr_size_t visitors = geometry->visitors;
    apr_size_t table = slots_size(geometry->slots, sizeof(usage_tag_t))
                       + slots_size(geometry->slots, sizeof(usage_slot_t))
                       + slots_size(geometry->slots, sizeof(usage_marks_t))
                       + arena_size(geometry->slots);
    return GAP_END + ALIGNED(sizeof(usage_header_t)) + 2 * table
           + 2 * ALIGNED(visitors / 2 * sizeof(usage_member_t))
           + 2 * ALIGNED(visitors / 2 * SEEN_PER_VISITOR * sizeof(apr_uint64_t))
           + ALIGNED(PLACES * sizeof(usage_site_t))
           + ALIGNED(USAGE_AGENTS * sizeof(apr_uint64_t))
           + ALIGNED(sizeof(usage_lifetime_t));
}

/* What a later version may want to know. */
static void describe(const usage_memory_t *memory, const char *base)
{
    usage_layout_t *layout = &memory->header->layout;
    layout->length = usage_table_length(&memory->tables[0]);
    layout->slot_size = sizeof(usage_slot_t);
    layout->mark_size = sizeof(usage_marks_t);
    layout->total_at = offsetof(usage_slot_t, total[USAGE_VIEWS]);
    layout->flushed_at = offsetof(usage_marks_t, flushed[USAGE_VIEWS]);
    for (int i = 0; i < 2; i++) {
        const usage_table_t *table = &memory->tables[i];
        layout->slots[i] = (apr_uint64_t)((const char *)table->slots - base);
        layout->marks[i] = (apr_uint64_t)((const char *)table->marks - base);
    }
}

void usage_memory_create(usage_memory_t *memory, void *base,
                         const usage_geometry_t *geometry, apr_uint64_t seed,
                         apr_int64_t now)
{
    usage_header_t *header = base;
    memset(base, 0, sizeof *header);
    header->layout.version = USAGE_MEMORY_VERSION;
    header->geometry = *geometry;
    header->layout.size = usage_memory_size(geometry);
    header->seed = seed;
    usage_secret_make(&header->secret, seed);
    usage_secret_make(&header->salts.agents, ~seed);
    header->gap = (apr_uint32_t)(-(uintptr_t)base % GAP_END);
    locate(memory, header, geometry);
    describe(memory, base);
    usage_memory_clear(memory, 0);
    usage_memory_clear(memory, 1);
    atomic_store(&header->heads[0].state, USAGE_TABLE_IN_USE);
    atomic_store(&header->active, usage_memory_first(memory, 0));
    atomic_store(&header->opened, now);
    atomic_store(&header->layout.magic, MAGIC);
}

apr_uint32_t usage_memory_first(const usage_memory_t *memory, unsigned index)
{
    usage_place_t first = {
        .table = index, .epoch = atomic_load(&memory->tables[index].head->epoch)
    };
    return usage_place_bits(first);
}

static bool is_valid(apr_uint32_t number, apr_uint32_t least, apr_uint32_t most)
{
    return number >= least && number <= most && (number & (number - 1)) == 0;
}

apr_status_t usage_memory_open(usage_memory_t *memory, void *base,
                               apr_size_t size)
{
    if (size < sizeof(usage_header_t)) {
        return APR_EMISMATCH;
    }
    usage_header_t *header = base;
    usage_geometry_t geometry = header->geometry;
    if (atomic_load(&header->layout.magic) != MAGIC
        || header->layout.version != USAGE_MEMORY_VERSION
        || !is_valid(geometry.slots, USAGE_SLOTS_MIN, USAGE_SLOTS_MAX)
        || !is_valid(geometry.visitors, USAGE_VISITORS_MIN, USAGE_VISITORS_MAX)
        || header->gap >= GAP_END || header->gap % sizeof(apr_uint64_t) != 0
        || header->layout.size != size
        || usage_memory_size(&geometry) != size) {
        return APR_EMISMATCH;
    }
    locate(memory, header, &geometry);
    return APR_SUCCESS;
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
    apr_uint32_t active = atomic_load(&header->active);
    unsigned to = 1 - from;
    if ((active & 1) != from) {
        return true;
    }
    if (!atomic_compare_exchange_strong(&header->heads[to].state, &ready,
                                        USAGE_TABLE_IN_USE)) {
        return usage_memory_active(memory) != from;
    }
    atomic_store(&header->heads[from].retired, now);
    atomic_store(&header->opened, now);
    atomic_compare_exchange_strong(&header->active, &active,
                                   usage_memory_first(memory, to));
    return true;
}

static usage_key_t event_resort(const char *category, const char *name)
{
    return (usage_key_t){ .kind = USAGE_KIND_EVENT,
                          .site = ELSEWHERE,
                          .category = { category, strlen(category) },
                          .name = { name, strlen(name) } };
}

void usage_memory_clear(const usage_memory_t *memory, unsigned index)
{
    usage_key_t resorts[USAGE_RESORTS] = {
        [USAGE_RESORT_VIEW] = { .kind = USAGE_KIND_VIEW,
                                .site = ELSEWHERE,
                                .name = { USAGE_PATH_OVERFLOW, 2 } },
        [USAGE_RESORT_SITE] = { .kind = USAGE_KIND_SITE, .site = ELSEWHERE },
    };
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        resorts[USAGE_RESORT_OUTCOME(i)] = event_resort(
            USAGE_OUTCOME_CATEGORY, usage_outcome_word((usage_outcome_e)i));
    }
    for (int i = USAGE_BOT_KIND_NONE + 1; i < USAGE_BOT_KINDS; i++) {
        resorts[USAGE_RESORT_BOT(i)] =
            event_resort(usage_bot_category(i), USAGE_BOT_OVERFLOW);
    }
    resorts[USAGE_RESORT_EVENT] = event_resort("*", "*");
    resorts[USAGE_RESORT_SEEN] =
        (usage_key_t){ .kind = USAGE_KIND_SEEN, .site = ELSEWHERE };
    usage_table_clear(&memory->tables[index], resorts, USAGE_RESORTS);
}

static usage_slot_t *reserve_slot(const usage_table_t *table,
                                  const usage_addition_t *addition)
{
    usage_key_t key = addition->key;
    if (addition->overflow != NULL) {
        key.name.data = addition->overflow;
        key.name.length = strlen(addition->overflow);
        key.name_hash = 0; /* that of the name which has no room */
    }
    usage_slot_t *slot = usage_table_slot(table, &key, USAGE_CLAIM_RESERVE);
    return slot != NULL ? slot : usage_table_resort(table, addition->resort);
}

static usage_place_t place_of(const usage_table_t *table, unsigned index,
                              const usage_slot_t *slot)
{
    apr_uint32_t epoch =
        atomic_load_explicit(&table->head->epoch, memory_order_relaxed);
    return (usage_place_t){ .table = index,
                            .slot = (apr_uint32_t)(slot - table->slots),
                            .epoch = epoch % USAGE_PLACE_EPOCHS };
}

usage_slot_t *usage_memory_claim(const usage_memory_t *memory,
                                 const usage_addition_t *addition,
                                 apr_int64_t now, usage_place_t *place)
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
    *place = place_of(&memory->tables[active], active, slot);
    return slot;
}

USAGE_RARELY usage_slot_t *usage_memory_at(const usage_memory_t *memory,
                                           usage_place_t place)
{
    const usage_table_t *table = &memory->tables[place.table];
    apr_uint32_t epoch =
        atomic_load_explicit(&table->head->epoch, memory_order_relaxed);
    return epoch % USAGE_PLACE_EPOCHS == place.epoch
                   && place.slot < usage_table_length(table)
               ? &table->slots[place.slot]
               : NULL;
}

void usage_memory_add(const usage_memory_t *memory,
                      const usage_addition_t *addition,
                      const usage_values_t *values, apr_int64_t now)
{
    usage_place_t place;
    usage_slot_add(usage_memory_claim(memory, addition, now, &place), values);
}
