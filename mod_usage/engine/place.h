/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where and when a view was counted, in one word that can be swapped at once:
 *
 *    63                    32 31 30      24 23             1 0
 *   [ second, low 32 bits   | F | epoch    | slot           | T ]
 *
 * T is the table, slot one of its slots, and the epoch tells whether the table
 * was cleared since. F is a flag of whoever keeps the word. A slot of all ones
 * is nowhere: such a word tells the time alone.
 */
#ifndef USAGE_PLACE_H
#define USAGE_PLACE_H

#include <stdbool.h>

#include <apr.h>

#define USAGE_PLACE_EPOCHS 128

/** The bits of the slot, and those of table and epoch: a table's first slot has
 * no others. */
#define USAGE_PLACE_SLOT  0x00fffffeU
#define USAGE_PLACE_FIRST 0x7f000001U

typedef struct usage_place_t {
    unsigned table; /**< 0 or 1 */
    apr_uint32_t slot; /**< below 2 to the 23, less 1 */
    apr_uint32_t epoch; /**< below USAGE_PLACE_EPOCHS */
} usage_place_t;

/** A place as the low half of a word has it. */
static inline apr_uint32_t usage_place_bits(usage_place_t place)
{
    return place.epoch % USAGE_PLACE_EPOCHS << 24 | place.slot << 1
           | (place.table & 1);
}

/** The word of a place that is packed already. */
static inline apr_uint64_t usage_place_word(apr_uint32_t bits, apr_int64_t time,
                                            bool flag)
{
    return (apr_uint64_t)(apr_uint32_t)time << 32 | (apr_uint64_t)flag << 31
           | bits;
}

static inline apr_uint64_t usage_place_pack(usage_place_t place,
                                            apr_int64_t time, bool flag)
{
    return usage_place_word(usage_place_bits(place), time, flag);
}

static inline usage_place_t usage_place_of(apr_uint64_t word)
{
    return (usage_place_t){
        .table = (unsigned)word & 1,
        .slot = (apr_uint32_t)(word & USAGE_PLACE_SLOT) >> 1,
        .epoch = (apr_uint32_t)(word >> 24) % USAGE_PLACE_EPOCHS,
    };
}

static inline bool usage_place_flag(apr_uint64_t word)
{
    return (word >> 31 & 1) != 0;
}

/** The word without its place. */
static inline apr_uint64_t usage_place_leave(apr_uint64_t word)
{
    return word | USAGE_PLACE_SLOT;
}

/** Whether the word has a place; 0 has none. */
static inline bool usage_place_stands(apr_uint64_t word)
{
    return word != 0 && (word & USAGE_PLACE_SLOT) != USAGE_PLACE_SLOT;
}

/** Seconds from the word's time to @a now, which lie within 68 years of each
 * other; negative if the clock went back. */
static inline apr_int64_t usage_place_age(apr_uint64_t word, apr_int64_t now)
{
    return (apr_int32_t)((apr_uint32_t)now - (apr_uint32_t)(word >> 32));
}

#endif
