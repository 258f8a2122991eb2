/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lock-free table of counters in shared memory. Any number of processes
 * and threads add at once; a writer may be killed between any two of its
 * instructions and blocks nobody.
 *
 *   tags       [ fingerprint | name ] x capacity, then the last resorts', which
 *              are named when the table is cleared
 *   slots      [ total x 9 | - ] one for each tag
 *   marks      [ flushed x 9 | until x 9 ] one for each tag: the flusher's
 *   arena      [ start | shape | text ] ... a record for each name
 *
 * A search reads tags and records alone, which are written once; a slot lies
 * on cache lines of its own. So who adds to one key waits for nobody who adds
 * to another (apart.h).
 *
 * A slot is found by open addressing of its tag. That is claimed by
 * compare-and-swap of a keyed 64-bit fingerprint, and then named by
 * compare-and-swap of the offset of a record in the arena: if the claimer dies
 * in between, the next writer of the same key names it. Of the record only
 * start and shape are compared: that two names, or two sites, of one interval
 * and shape have one fingerprint happens to one pair in 2^64, which nobody
 * outside can look for. Totals only grow (bounces and exits are signed and may
 * sink); what the database has of them stands in the marks.
 *
 * C11 atomics rather than APR's: they tell at compile time that they are free
 * of locks, and so work between processes.
 */
#ifndef USAGE_TABLE_H
#define USAGE_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>

#include <apr.h>
#include <apr_errno.h>

#include "apart.h"
#include "counter.h"
#include "secret.h"

#if ATOMIC_LLONG_LOCK_FREE != 2 || ATOMIC_INT_LOCK_FREE != 2
#error "shared memory needs lock-free atomics of 32 and 64 bits"
#endif

/** Bytes of a site, a category or a name at most. */
#define USAGE_NAME_MAX 255

/** Slots beyond the capacity at most, for usage_table_clear. */
#define USAGE_LAST_RESORTS_MAX 32

typedef enum usage_kind_e {
    USAGE_KIND_VIEW, /**< a view of a page: name is its path */
    USAGE_KIND_EVENT, /**< an event: category and name */
    USAGE_KIND_SITE, /**< a site's visitors: neither */
    USAGE_KIND_SEEN, /**< distinct things of a category, which has no row */
    USAGE_KIND_USER, /**< a user, where their names are stored: category and
                          name; that they came is all that is written */
    USAGE_KINDS
} usage_kind_e;

/** A string that need not end in NUL; 255 bytes at most. */
typedef struct usage_text_t {
    const char *data;
    apr_size_t length;
} usage_text_t;

/** What is counted. */
typedef struct usage_key_t {
    apr_int64_t start; /**< of the base interval; 0: when it is flushed */
    usage_kind_e kind;
    int device; /**< usage_device_e, 0 to 255 */
    int browser; /**< usage_browser_e, 0 to 255 */
    int system; /**< usage_system_e, 0 to 255 */
    usage_text_t site;
    usage_text_t category;
    usage_text_t name;
    apr_uint64_t site_hash; /**< usage_table_site_hash of the site, if the
                                 caller knows it; 0: it is worked out */
    apr_uint64_t name_hash; /**< the same of the name: usage_secret_hash under
                                 the table's secret */
} usage_key_t;

typedef struct usage_tag_t {
    _Atomic apr_uint64_t fingerprint; /**< 0: free */
    _Atomic apr_uint32_t name; /**< offset in the arena, 0: unnamed */
} usage_tag_t;

typedef struct usage_slot_t {
    _Atomic apr_int64_t total[USAGE_COUNTERS];
    char rest[USAGE_APART - USAGE_COUNTERS * sizeof(apr_int64_t)];
} usage_slot_t;

typedef struct usage_marks_t {
    apr_int64_t flushed[USAGE_COUNTERS]; /**< in the database */
    apr_int64_t until[USAGE_COUNTERS]; /**< in it once the batch is */
} usage_marks_t;

typedef enum usage_table_state_e {
    USAGE_TABLE_CLEARING, /**< unfit for use: clear it (again) */
    USAGE_TABLE_READY, /**< clear: writers may move over */
    USAGE_TABLE_IN_USE /**< written to, or retired and still to be drained */
} usage_table_state_e;

/** What every addition reads lies apart from what every new key writes. */
typedef struct usage_table_head_t {
    _Atomic apr_uint32_t state; /**< usage_table_state_e */
    _Atomic apr_uint32_t epoch; /**< how often it was cleared */
    _Atomic apr_int64_t retired; /**< Unix seconds, 0: never */
    char apart[USAGE_APART];
    _Atomic apr_uint32_t used; /**< slots claimed */
    _Atomic apr_uint32_t arena_used; /**< bytes of the arena given out */
    char apart_too[USAGE_APART];
} usage_table_head_t;

/** Where one table lies in this process: its slots at a multiple of
 * USAGE_APART. */
typedef struct usage_table_t {
    usage_table_head_t *head;
    usage_tag_t *tags;
    usage_slot_t *slots;
    usage_marks_t *marks;
    char *arena;
    apr_uint32_t capacity; /**< slots, a power of two */
    apr_uint32_t arena_size;
    const usage_secret_t *secret; /**< of the hashes of names */
} usage_table_t;

/** How far a new key may push the table's fill. */
typedef enum usage_claim_e {
    USAGE_CLAIM_ORDINARY, /**< to seven eighths */
    USAGE_CLAIM_RESERVE /**< to fifteen sixteenths: the overflow keys */
} usage_claim_e;

/** What a key may have as its site_hash; never 0. */
apr_uint64_t usage_table_site_hash(usage_text_t site);

/**
 * Empty a table and name its last resorts: the slots after the capacity, which
 * take what fits nowhere. Only the flusher calls it, and only when no writer
 * is in the table.
 * @param resorts keys, USAGE_LAST_RESORTS_MAX at most
 */
void usage_table_clear(const usage_table_t *table, const usage_key_t *resorts,
                       int count);

/** The slot of a key; NULL if the key is new, or its slot has no name yet. */
usage_slot_t *usage_table_find(const usage_table_t *table,
                               const usage_key_t *key);

/**
 * The slot of a key, claimed if the key is new.
 * @return NULL if the key is new and there is no room for it
 */
usage_slot_t *usage_table_slot(const usage_table_t *table,
                               const usage_key_t *key, usage_claim_e claim);

/** The slot of the last resort @a index. */
usage_slot_t *usage_table_resort(const usage_table_t *table, int index);

/** Add to a slot, counter by counter, each at once. */
static inline void usage_slot_add(usage_slot_t *slot,
                                  const usage_values_t *values)
{
#define USAGE_SLOT_ADD(id, column)                                             \
    if (values->of[USAGE_##id] != 0) {                                         \
        atomic_fetch_add_explicit(&slot->total[USAGE_##id],                    \
                                  values->of[USAGE_##id],                      \
                                  memory_order_relaxed);                       \
    }
    USAGE_COUNTER_LIST(USAGE_SLOT_ADD)
#undef USAGE_SLOT_ADD
}

/** Whether slots or arena are three quarters full. */
bool usage_table_is_filling(const usage_table_t *table);

/** Slots or arena in use, whichever is fuller, in per mille. */
int usage_table_fill(const usage_table_t *table);

/** Slots to walk, last resorts included. */
apr_uint32_t usage_table_length(const usage_table_t *table);

/**
 * The key that names slot @a index, read once and checked: what a damaged
 * record says is not taken for a key.
 * @param key set to it; its texts lie in the arena
 * @return APR_SUCCESS; APR_ENOENT if the slot has no name yet; APR_EINVAL if
 *         it has a damaged one
 */
apr_status_t usage_table_key(const usage_table_t *table, apr_uint32_t index,
                             usage_key_t *key);

#endif
