/* SPDX-License-Identifier: Apache-2.0 */
/* The flusher's and the dashboard's way through the slots of both tables. */
#include "batch.h"

#include <string.h>

#include <apr_strings.h>

#include "calendar.h"
#include "fault.h"
#include "lifetime.h"

/* Seconds that a writer may sleep between finding a table and adding to it. */
#define GRACE 5

static apr_uint32_t state_of(const usage_table_t *table)
{
    return atomic_load(&table->head->state);
}

static void totals(const usage_table_t *table, apr_uint32_t index,
                   apr_int64_t *of)
{
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        of[i] = atomic_load_explicit(&table->slots[index].total[i],
                                     memory_order_relaxed);
    }
}

/* Whether @a to is beyond @a from in any counter; the difference in values. */
static bool differs(const apr_int64_t *to, const apr_int64_t *from,
                    usage_values_t *values)
{
    bool any = false;
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        values->of[i] = to[i] - from[i];
        any = any || values->of[i] != 0;
    }
    return any;
}

static usage_text_t keep(usage_text_t text, apr_pool_t *pool)
{
    return (usage_text_t){ apr_pstrmemdup(pool, text.data, text.length),
                           text.length };
}

static void push(apr_array_header_t *counts, usage_key_t key,
                 const usage_values_t *values)
{
    usage_count_t *count = apr_array_push(counts);
    key.site = keep(key.site, counts->pool);
    key.category = keep(key.category, counts->pool);
    key.name = keep(key.name, counts->pool);
    *count = (usage_count_t){ .key = key, .values = *values };
}

/* The name is read before the totals: a slot is named before it is added to,
 * so what has no name yet waits for the next batch. */
static void take_slot(const usage_table_t *table, apr_uint32_t index,
                      bool is_new, apr_array_header_t *counts, int *lost)
{
    usage_marks_t *marks = &table->marks[index];
    usage_values_t values;
    usage_key_t key;
    apr_status_t rv = usage_table_key(table, index, &key);
    if (is_new) {
        memcpy(marks->until, marks->flushed, sizeof marks->until);
    }
    if (is_new && rv != APR_ENOENT) {
        totals(table, index, marks->until);
    }
    if (!differs(marks->until, marks->flushed, &values)) {
        return;
    }
    if (rv == APR_SUCCESS) {
        push(counts, key, &values);
    }
    else {
        memcpy(marks->flushed, marks->until, sizeof marks->flushed);
        *lost += 1;
    }
}

static apr_array_header_t *take_tables(const usage_memory_t *memory,
                                       bool is_new, int *lost, apr_pool_t *pool)
{
    apr_array_header_t *counts =
        apr_array_make(pool, 1024, sizeof(usage_count_t));
    *lost = 0;
    for (int i = 0; i < 2; i++) {
        const usage_table_t *table = &memory->tables[i];
        if (state_of(table) != USAGE_TABLE_IN_USE) {
            continue;
        }
        USAGE_FAULT("taking");
        for (apr_uint32_t j = 0; j < usage_table_length(table); j++) {
            take_slot(table, j, is_new, counts, lost);
        }
    }
    return counts;
}

/* What is written before and after it isn't mistaken for each other: not by
 * who reads, either (usage_batch_revision). */
static void touch(const usage_memory_t *memory)
{
    atomic_thread_fence(memory_order_release);
    atomic_fetch_add(&memory->header->revision, 1);
    atomic_thread_fence(memory_order_release);
}

apr_uint32_t usage_batch_revision(const usage_memory_t *memory)
{
    atomic_thread_fence(memory_order_acquire);
    return atomic_load(&memory->header->revision);
}

/* A writer that won a table and slept long may have led the others to one that
 * was cleared again meanwhile, and is of another epoch. */
static void mend_active(const usage_memory_t *memory)
{
    usage_header_t *header = memory->header;
    apr_uint32_t first = atomic_load(&header->active);
    unsigned active = first & 1;
    apr_uint32_t ready = USAGE_TABLE_READY;
    atomic_compare_exchange_strong(&header->heads[active].state, &ready,
                                   USAGE_TABLE_IN_USE);
    atomic_compare_exchange_strong(&header->active, &first,
                                   usage_memory_first(memory, active));
}

apr_array_header_t *usage_batch_take(const usage_memory_t *memory,
                                     const char *node, apr_int64_t number,
                                     int *lost, apr_pool_t *pool)
{
    usage_header_t *header = memory->header;
    touch(memory);
    atomic_store(&header->layout.batch_state, USAGE_BATCH_NONE);
    mend_active(memory);
    apr_array_header_t *counts = take_tables(memory, true, lost, pool);
    if (counts->nelts > 0) {
        apr_cpystrn(header->node, node, sizeof header->node);
        atomic_store(&header->batch_number, number);
        atomic_store(&header->layout.batch_state, USAGE_BATCH_PENDING);
    }
    touch(memory);
    return counts;
}

apr_array_header_t *usage_batch_again(const usage_memory_t *memory, int *lost,
                                      apr_pool_t *pool)
{
    touch(memory);
    apr_array_header_t *counts = take_tables(memory, false, lost, pool);
    touch(memory);
    return counts;
}

void usage_batch_drop(const usage_memory_t *memory)
{
    touch(memory);
    atomic_store(&memory->header->layout.batch_state, USAGE_BATCH_NONE);
    touch(memory);
}

void usage_batch_mark(const usage_memory_t *memory)
{
    touch(memory);
    for (int i = 0; i < 2; i++) {
        const usage_table_t *table = &memory->tables[i];
        USAGE_FAULT("marking");
        for (apr_uint32_t j = 0; state_of(table) == USAGE_TABLE_IN_USE
                                 && j < usage_table_length(table);
             j++) {
            usage_marks_t *marks = &table->marks[j];
            memcpy(marks->flushed, marks->until, sizeof marks->flushed);
        }
    }
    atomic_store(&memory->header->layout.batch_state, USAGE_BATCH_NONE);
    touch(memory);
}

static bool is_drained(const usage_table_t *table)
{
    for (apr_uint32_t i = 0; i < usage_table_length(table); i++) {
        usage_values_t values;
        apr_int64_t total[USAGE_COUNTERS];
        totals(table, i, total);
        if (differs(total, table->marks[i].flushed, &values)) {
            return false;
        }
    }
    return true;
}

/* Whether the table that is not active, retired for @a rest seconds, can be
 * emptied now. */
static bool is_clearable(const usage_table_t *table, apr_int64_t rest,
                         apr_int64_t now)
{
    usage_table_head_t *head = table->head;
    apr_int64_t retired = atomic_load(&head->retired);
    switch (state_of(table)) {
    case USAGE_TABLE_CLEARING:
        return true;
    case USAGE_TABLE_READY:
        return false;
    default:
        if (retired == 0 || retired > now) { /* or the clock went back */
            atomic_store(&head->retired, now);
            return false;
        }
        return now - retired >= rest && is_drained(table);
    }
}

/* Who reads while the revision stays finds a table whose sums are not folded,
 * or one that is folded, or one that is not looked at, never two of them. */
static void clear(const usage_memory_t *memory, unsigned index)
{
    usage_lifetime_fold(memory, index);
    touch(memory);
    atomic_store(&memory->tables[index].head->state, USAGE_TABLE_CLEARING);
    touch(memory);
    USAGE_FAULT("clearing");
    usage_memory_clear(memory, index);
}

void usage_batch_recycle(const usage_memory_t *memory,
                         const usage_recycle_t *recycle)
{
    unsigned active = usage_memory_active(memory);
    apr_int64_t now = recycle->now;
    apr_int64_t opened = atomic_load(&memory->header->opened);
    bool is_pressed = usage_table_is_filling(&memory->tables[active]);
    apr_int64_t rest = is_pressed ? GRACE : GRACE + recycle->window;
    if (is_clearable(&memory->tables[1 - active], rest, now)) {
        clear(memory, 1 - active);
    }
    if (usage_calendar_base(opened, recycle->interval)
        != usage_calendar_base(now, recycle->interval)) {
        usage_memory_move(memory, active, now);
    }
    usage_sessions_rotate(&memory->sessions);
    usage_set_rotate(&memory->seen);
}

static void read_table(const usage_table_t *table, bool is_written,
                       usage_count_fn *fn, void *baton)
{
    for (apr_uint32_t i = 0; i < usage_table_length(table); i++) {
        const usage_marks_t *marks = &table->marks[i];
        usage_count_t count;
        apr_int64_t total[USAGE_COUNTERS];
        if (usage_table_key(table, i, &count.key) != APR_SUCCESS) {
            continue;
        }
        totals(table, i, total);
        if (differs(total, is_written ? marks->until : marks->flushed,
                    &count.values)) {
            fn(baton, &count);
        }
    }
}

bool usage_batch_read(const usage_memory_t *memory, apr_int64_t at,
                      apr_uint32_t revision, usage_count_fn *fn, void *baton)
{
    usage_header_t *header = memory->header;
    bool is_written =
        atomic_load(&header->layout.batch_state) == USAGE_BATCH_PENDING
        && at == atomic_load(&header->batch_number);
    for (unsigned i = 0; i < 2; i++) {
        if (state_of(&memory->tables[i]) == USAGE_TABLE_IN_USE
            || i == usage_memory_active(memory)) {
            read_table(&memory->tables[i], is_written, fn, baton);
        }
    }
    return usage_batch_revision(memory) == revision;
}
