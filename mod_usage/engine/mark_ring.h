/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks, named points in time, on their way to the database. Any process of
 * the server puts them; the flusher takes them and, once they are committed,
 * lets go of their slots. The key of a mark is all that it is, so that writing
 * it once more changes nothing.
 *
 *   state of a slot    free --claim--> being written --> ready --> free
 *
 * A state is one word, with the second in which the slot was claimed or with
 * the number of its mark: who lets go of a slot names the word that he saw.
 * A writer that dies leaves its slot claimed; after a minute it is taken.
 */
#ifndef USAGE_MARK_RING_H
#define USAGE_MARK_RING_H

#include <stdatomic.h>
#include <stdbool.h>

#include <apr_errno.h>
#include <apr_tables.h>

#include "store.h"
#include "table.h"

/** Marks that can wait for a flush. */
#define USAGE_MARKS_WAITING 32

/** The category of the servers' own marks, which nobody else may use. */
#define USAGE_MARK_SERVER "server"

typedef struct usage_mark_slot_t {
    _Atomic apr_uint64_t state;
    apr_int64_t time; /**< Unix seconds */
    char site[USAGE_NAME_MAX + 1];
    char name[USAGE_NAME_MAX + 1];
    char category[USAGE_NAME_MAX + 1];
} usage_mark_slot_t;

/** What of marks lies in the segment. */
typedef struct usage_mark_ring_t {
    _Atomic apr_uint64_t sequence;
    _Atomic apr_uint64_t digest; /**< of the last configuration, 0: none */
    _Atomic apr_uint32_t reading; /**< which configuration this is */
    _Atomic apr_uint32_t written; /**< whose marks the database has */
    _Atomic apr_int64_t since; /**< when the first began that it has not */
    usage_mark_slot_t slots[USAGE_MARKS_WAITING];
} usage_mark_ring_t;

/** A mark, as it comes. */
typedef struct usage_mark_t {
    apr_int64_t time; /**< Unix seconds */
    usage_text_t site; /**< empty: of all sites */
    usage_text_t name;
    usage_text_t category;
} usage_mark_t;

/**
 * Put a mark, its texts made clean (clean.h). In any process and thread.
 * @param displaced set to whether the oldest had to give its slot
 * @return APR_SUCCESS; APR_EAGAIN if others are writing in every slot
 */
apr_status_t usage_mark_put(usage_mark_ring_t *ring, const usage_mark_t *mark,
                            bool *displaced);

/** A mark that waits. */
typedef struct usage_mark_taken_t {
    usage_mark_row_t row;
    usage_mark_slot_t *slot;
    apr_uint64_t state; /**< of the slot, as it was taken */
} usage_mark_taken_t;

/**
 * The marks that wait, by their keys.
 * @return an array of usage_mark_taken_t
 */
apr_array_header_t *usage_mark_take(usage_mark_ring_t *ring, apr_pool_t *pool);

/** The order of keys: of time, site, name, category. */
int usage_mark_compare(const usage_mark_row_t *a, const usage_mark_row_t *b);

/** Let go of marks that are in the database. */
void usage_mark_drop(const apr_array_header_t *taken);

#endif
