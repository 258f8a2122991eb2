/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The segment: shared memory that every process of one httpd counts into.
 *
 *   +--------+---------------------------+---------------------------+
 *   | header | slots 0   marks 0  arena 0 | slots 1   marks 1  arena 1 |
 *   +--------+---------------------------+---------------------------+
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

#include "outcome.h"
#include "table.h"

/** Raise it when anything that lies in the segment changes its meaning. */
#define USAGE_MEMORY_VERSION 1

/** Slots of one table, at least and at most. */
#define USAGE_SLOTS_MIN 1024
#define USAGE_SLOTS_MAX 4194304

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
    char error[USAGE_ERROR_SIZE]; /**< the last failure, in words */
} usage_flush_health_t;

typedef struct usage_header_t {
    _Atomic apr_uint64_t magic; /**< written last, when all else stands */
    apr_uint32_t version;
    apr_uint32_t slots;
    apr_uint64_t size;
    apr_uint64_t seed; /**< random: keys the fingerprints */
    _Atomic apr_uint32_t active; /**< 0 or 1 */
    _Atomic apr_uint32_t revision; /**< moves when marks or tables do */
    _Atomic apr_int64_t opened; /**< when the active table became so */
    _Atomic apr_int64_t batch_number;
    _Atomic apr_uint32_t batch_state; /**< usage_batch_state_e */
    char node[USAGE_NAME_MAX + 1]; /**< under which the batch is written */
    usage_flush_health_t health;
    usage_table_head_t heads[2];
} usage_header_t;

/** Where the segment lies in this process. */
typedef struct usage_memory_t {
    usage_header_t *header;
    usage_table_t tables[2];
} usage_memory_t;

/** What is counted, and where it goes when that finds no room. */
typedef struct usage_addition_t {
    usage_key_t key;
    const char *overflow; /**< a name to count it under, or NULL for its own */
    int resort; /**< index of its last resort */
} usage_addition_t;

/** Last resorts: one for views, then one for each outcome. */
#define USAGE_RESORT_VIEW             0
#define USAGE_RESORT_OUTCOME(outcome) (1 + (int)(outcome))

/** Bytes that a segment of two tables of @a slots slots takes. */
apr_size_t usage_memory_size(apr_uint32_t slots);

/**
 * Lay out a new segment.
 * @param base  usage_memory_size(slots) bytes, aligned to 8
 * @param slots a power of two from USAGE_SLOTS_MIN to USAGE_SLOTS_MAX
 * @param seed  a random number that nobody outside can know
 * @param now   Unix seconds
 */
void usage_memory_create(usage_memory_t *memory, void *base, apr_uint32_t slots,
                         apr_uint64_t seed, apr_int64_t now);

/**
 * Find the parts of a segment that lies at @a base.
 * @return APR_SUCCESS; APR_EMISMATCH if it is of another version, or no
 *         segment of exactly @a size bytes
 */
apr_status_t usage_memory_open(usage_memory_t *memory, void *base,
                               apr_size_t size);

/**
 * Add to the active table, wherever there is room: under the key itself, else
 * under its overflow name, else in the last resort. Nothing is ever lost.
 * @param now Unix seconds
 */
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

/** Empty one of the tables: no writer may be in it. */
void usage_memory_clear(const usage_memory_t *memory, unsigned index);

/** The index of the active table. */
unsigned usage_memory_active(const usage_memory_t *memory);

#endif
