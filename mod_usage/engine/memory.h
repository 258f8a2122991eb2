/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The segment: shared memory that every process of one httpd counts into.
 *
 *   +--------+-------------------------+-------------------------+
 *   | header | slots 0 marks 0 arena 0 | slots 1 marks 1 arena 1 |
 *   +--------+-----+----------------+--+-----------+---------+---+
 *   | visitors 0, 1 | fingerprints 0, 1 | sites | agents | lifetime |
 *   +---------------+-------------------+-------+--------+----------+
 *
 * visitors (session.h) and fingerprints (set.h: who saw which page, and which
 * paths the day has had) forget by generations; sites (site.h) and the agents'
 * cache are given out as they come; lifetime is what tables had that were
 * cleared (lifetime.h).
 *
 * Slots are recycled by whole tables: one table is active, the other is being
 * drained or stands clear and ready. Writers move over on their own when the
 * active one is full and the other ready; the flusher moves them over when a
 * base interval has ended, and clears what it has drained (batch.h).
 *
 * Whatever maps the segment can write anywhere in it. So where its parts lie
 * is worked out once, from numbers checked against its size, and kept outside
 * it (usage_memory_t); offsets found inside are checked at each use.
 */
#ifndef USAGE_MEMORY_H
#define USAGE_MEMORY_H

#include <apr_errno.h>

#include "agent.h"
#include "latency.h"
#include "layout.h"
#include "lifetime.h"
#include "lookup.h"
#include "mark_ring.h"
#include "often.h"
#include "outcome.h"
#include "place.h"
#include "salt.h"
#include "session.h"
#include "set.h"
#include "site.h"
#include "table.h"

/** Raise it when anything that lies in the segment changes its meaning. */
#ifndef USAGE_MEMORY_VERSION /* tests build a module of another */
#define USAGE_MEMORY_VERSION 10
#endif

/** Slots of one table, at least and at most. */
#define USAGE_SLOTS_MIN 1024
#define USAGE_SLOTS_MAX 4194304

/** Visitors that are remembered, at least and at most. */
#define USAGE_VISITORS_MIN 1024
#define USAGE_VISITORS_MAX 16777216

/** Sites that can have a place of their own (site.h). */
#define USAGE_SITES 4096

/** Words of the agents' cache. */
#define USAGE_AGENTS 16384

/** How large the parts of a segment are; each a power of two. */
typedef struct usage_geometry_t {
    apr_uint32_t slots; /**< of one table */
    apr_uint32_t visitors; /**< of both generations together */
} usage_geometry_t;

/** Bytes of an error's text, its NUL included. */
#define USAGE_ERROR_SIZE 256

typedef enum usage_batch_state_e {
    USAGE_BATCH_NONE, /**< the marks' `flushed` is what the database has */
    USAGE_BATCH_PENDING /**< `until` is, if the database has the number */
} usage_batch_state_e;

/** How flushing goes: written by the flusher, shown by the dashboard. */
typedef struct usage_flush_health_t {
    _Atomic apr_int64_t last; /**< Unix seconds of the last good one, or 0 */
    _Atomic apr_int64_t failing; /**< Unix seconds since when it fails, or 0 */
    _Atomic apr_int64_t logged; /**< Unix seconds when that was last logged */
    _Atomic apr_int64_t failures; /**< how many failed, ever */
    _Atomic apr_int64_t kept; /**< and when trouble with keeping was, */
    _Atomic apr_int64_t hurried; /**< and a page's question past its deadline */
    char error[USAGE_ERROR_SIZE]; /**< the last failure, in words */
} usage_flush_health_t;

/** What each hit reads lies apart from what a new key or visitor writes. */
typedef struct usage_header_t {
    usage_layout_t layout; /**< first, whatever the version */
    usage_geometry_t geometry;
    apr_uint64_t seed; /**< random: keys the fingerprints */
    usage_secret_t secret; /**< made of it: of the hashes of paths */
    apr_uint32_t gap; /**< bytes that all other parts are shifted by */
    _Atomic apr_uint32_t active; /**< usage_place_bits of its first slot: table
                                      and epoch, read at once */
    _Atomic apr_uint32_t revision; /**< moves when marks or tables do */
    _Atomic apr_int64_t opened; /**< when the active table became so */
    _Atomic apr_int64_t batch_number;
    _Atomic apr_uint32_t is_flushed; /**< 1: it was closed with all written */
    char node[USAGE_NAME_MAX + 1]; /**< under which the batch is written */
    usage_flush_health_t health;
    usage_table_head_t heads[2];
    usage_sessions_head_t sessions;
    usage_set_head_t seen;
    usage_salts_t salts;
    usage_mark_ring_t marks;
    usage_latency_t latency;
} usage_header_t;

/** Where the segment lies in this process. */
typedef struct usage_memory_t {
    usage_header_t *header;
    usage_table_t tables[2];
    usage_sessions_t sessions;
    usage_set_t seen; /**< visitors by page and day, paths by site and day */
    usage_sites_t sites;
    _Atomic apr_uint64_t *agents; /**< USAGE_AGENTS words */
    usage_lifetime_t *lifetime;
} usage_memory_t;

/** What is counted, and where it goes when that finds no room. */
typedef struct usage_addition_t {
    usage_key_t key;
    const char *overflow; /**< a name to count it under, or NULL for its own */
    int resort; /**< index of its last resort */
} usage_addition_t;

/** Last resorts: of views, of sites' visitors, of each outcome, of each kind of
 * bots (not NONE), of all other events, of distinct things. */
#define USAGE_RESORT_VIEW             0
#define USAGE_RESORT_SITE             1
#define USAGE_RESORT_OUTCOME(outcome) (2 + (int)(outcome))
#define USAGE_RESORT_BOT(kind)        (1 + USAGE_OUTCOMES + (int)(kind))
#define USAGE_RESORT_EVENT            USAGE_RESORT_BOT(USAGE_BOT_KINDS)
#define USAGE_RESORT_SEEN             (USAGE_RESORT_EVENT + 1)
#define USAGE_RESORTS                 (USAGE_RESORT_SEEN + 1)

/** The name of bots that have no place of their own. */
#define USAGE_BOT_OVERFLOW "*"

/** Bytes that a segment takes. */
apr_size_t usage_memory_size(const usage_geometry_t *geometry);

/**
 * Lay out a new segment.
 * @param base  usage_memory_size(geometry) bytes of zeros, aligned to 64
 * @param seed  a random number that nobody outside can know
 * @param now   Unix seconds
 */
void usage_memory_create(usage_memory_t *memory, void *base,
                         const usage_geometry_t *geometry, apr_uint64_t seed,
                         apr_int64_t now);

/**
 * Find the parts of a segment that lies at @a base.
 * @return APR_SUCCESS; APR_EMISMATCH if it is of another version, or no
 *         segment of exactly @a size bytes
 */
apr_status_t usage_memory_open(usage_memory_t *memory, void *base,
                               apr_size_t size);

/**
 * The slot for an addition, wherever there is room: under the key itself, else
 * under its overflow name, else in the last resort. Nothing is ever lost.
 * @param now   Unix seconds
 * @param place set to where it is
 */
usage_slot_t *usage_memory_claim(const usage_memory_t *memory,
                                 const usage_addition_t *addition,
                                 apr_int64_t now, usage_place_t *place);

/** The slot at a place; NULL if its table was cleared since. */
usage_slot_t *usage_memory_at(const usage_memory_t *memory,
                              usage_place_t place);

/** Find or claim, and add. */
void usage_memory_add(const usage_memory_t *memory,
                      const usage_addition_t *addition,
                      const usage_values_t *values, apr_int64_t now);

/**
 * Let writers move to the other table if it is ready.
 * @param from the table they are believed to be in
 * @return whether the other table was ready
 */
bool usage_memory_move(const usage_memory_t *memory, unsigned from,
                       apr_int64_t now);

/** The place of a table's first slot: what header->active is while it is the
 * active one. */
apr_uint32_t usage_memory_first(const usage_memory_t *memory, unsigned index);

/** Empty one of the tables: no writer may be in it. */
void usage_memory_clear(const usage_memory_t *memory, unsigned index);

/** The index of the active table. */
static inline unsigned usage_memory_active(const usage_memory_t *memory)
{
    return atomic_load_explicit(&memory->header->active, memory_order_acquire)
           & 1;
}

/** The active table, looked at once for all that a hit counts. */
typedef struct usage_active_t {
    const usage_table_t *table;
    apr_uint32_t first; /**< the place of its first slot: usage_place_bits */
} usage_active_t;

static inline usage_active_t usage_memory_now(const usage_memory_t *memory)
{
    apr_uint32_t first =
        atomic_load_explicit(&memory->header->active, memory_order_acquire)
        & USAGE_PLACE_FIRST;
    return (usage_active_t){ .table = &memory->tables[first & 1],
                             .first = first };
}

/** The slot in which a key is counted already; NULL if the key is new. */
static USAGE_OFTEN usage_slot_t *usage_active_find(const usage_active_t *active,
                                                   const usage_key_t *key)
{
    usage_sought_t sought = usage_lookup_of(active->table, key);
    return usage_lookup(active->table, &sought);
}

/** The place of one of its slots. */
static inline apr_uint32_t usage_active_place(const usage_active_t *active,
                                              const usage_slot_t *slot)
{
    return active->first | (apr_uint32_t)(slot - active->table->slots) << 1;
}

/** As usage_memory_at. Inline is the way of nearly all: they are in the active
 * table. */
static inline usage_slot_t *usage_active_at(const usage_active_t *active,
                                            const usage_memory_t *memory,
                                            apr_uint64_t word)
{
    const usage_table_t *table = active->table;
    apr_uint32_t slot = usage_place_of(word).slot;
    return ((word ^ active->first) & USAGE_PLACE_FIRST) == 0
                   && slot < usage_table_length(table)
               ? &table->slots[slot]
               : usage_memory_at(memory, usage_place_of(word));
}

/**
 * The slot that a word remembers, which was packed with its flag set (place.h).
 * @return NULL if the word is of another time, or of a table that isn't active
 *         or was cleared since: but for the slot, it is not the word that
 *         would be packed now
 */
static inline usage_slot_t *usage_active_cached(const usage_active_t *active,
                                                apr_uint64_t word,
                                                apr_int64_t time)
{
    apr_uint64_t rest = word ^ usage_place_word(active->first, time, true);
    return (rest & ~(apr_uint64_t)USAGE_PLACE_SLOT) == 0
               ? &active->table->slots[rest >> 1]
               : NULL;
}

#endif
