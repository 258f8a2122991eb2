/* SPDX-License-Identifier: Apache-2.0 */
/* Puts marks in any process, takes them in the flusher and for the page. */
#include "mark_ring.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "clean.h"

/* The lowest bits of a state; above them a second, or a number. */
enum { FREE, CLAIMED, READY, KIND = 3 };
#define SHIFT 2

/* Seconds after which whoever claimed a slot is dead. */
#define PATIENCE 60

static apr_uint64_t state_of(apr_uint64_t number, unsigned kind)
{
    return number << SHIFT | kind;
}

static bool is_abandoned(apr_uint64_t state, apr_int64_t now)
{
    apr_int64_t age = now - (apr_int64_t)(state >> SHIFT);
    return (state & KIND) == CLAIMED && (age > PATIENCE || age < 0);
}

static bool claim(usage_mark_slot_t *slot, apr_uint64_t state, apr_int64_t now)
{
    return atomic_compare_exchange_strong(&slot->state, &state,
                                          state_of((apr_uint64_t)now, CLAIMED));
}

static usage_mark_slot_t *claim_free(usage_mark_ring_t *ring, apr_int64_t now)
{
    for (int i = 0; i < USAGE_MARKS_WAITING; i++) {
        usage_mark_slot_t *slot = &ring->slots[i];
        apr_uint64_t state = atomic_load(&slot->state);
        if (((state & KIND) == FREE || is_abandoned(state, now))
            && claim(slot, state, now)) {
            return slot;
        }
    }
    return NULL;
}

/* The slot that has waited longest; NULL if another writer was faster. */
static usage_mark_slot_t *claim_oldest(usage_mark_ring_t *ring, apr_int64_t now)
{
    usage_mark_slot_t *oldest = NULL;
    apr_uint64_t least = 0;
    for (int i = 0; i < USAGE_MARKS_WAITING; i++) {
        apr_uint64_t state = atomic_load(&ring->slots[i].state);
        if ((state & KIND) == READY && (oldest == NULL || state < least)) {
            oldest = &ring->slots[i];
            least = state;
        }
    }
    return oldest != NULL && claim(oldest, least, now) ? oldest : NULL;
}

static usage_mark_slot_t *claim_any(usage_mark_ring_t *ring, apr_int64_t now,
                                    bool *displaced)
{
    usage_mark_slot_t *slot = NULL;
    *displaced = false;
    for (int i = 0; slot == NULL && i < USAGE_MARKS_WAITING; i++) {
        slot = claim_free(ring, now);
        if (slot == NULL) {
            slot = claim_oldest(ring, now);
            *displaced = slot != NULL;
        }
    }
    return slot;
}

static void write_text(char *to, usage_text_t text)
{
    memcpy(to, text.data, text.length);
    to[text.length] = '\0';
}

static void write_name(char *to, usage_text_t text)
{
    usage_clean_buffer_t buffer;
    write_text(to, usage_clean_name(text, &buffer));
}

apr_status_t usage_mark_put(usage_mark_ring_t *ring, const usage_mark_t *mark,
                            bool *displaced)
{
    apr_int64_t now = mark->time;
    usage_mark_slot_t *slot = claim_any(ring, now, displaced);
    if (slot == NULL) {
        return APR_EAGAIN;
    }
    slot->time = now;
    slot->site[0] = '\0';
    if (mark->site.length > 0) {
        write_name(slot->site, mark->site);
    }
    write_name(slot->name, mark->name);
    write_name(slot->category, mark->category);
    apr_uint64_t mine = state_of((apr_uint64_t)now, CLAIMED);
    apr_uint64_t number = atomic_fetch_add(&ring->sequence, 1);
    return atomic_compare_exchange_strong(&slot->state, &mine,
                                          state_of(number, READY))
               ? APR_SUCCESS
               : APR_EAGAIN;
}

/* Whatever maps the segment can have written this: it is cleaned again. */
static const char *text_at(const char *at, apr_pool_t *pool)
{
    usage_clean_buffer_t buffer;
    const char *end = memchr(at, '\0', USAGE_NAME_MAX);
    apr_size_t length = end != NULL ? (apr_size_t)(end - at) : USAGE_NAME_MAX;
    char *copy = apr_pstrmemdup(pool, at, length);
    usage_text_t text =
        usage_clean_name((usage_text_t){ copy, length }, &buffer);
    return apr_pstrmemdup(pool, text.data, text.length);
}

int usage_mark_compare(const usage_mark_row_t *a, const usage_mark_row_t *b)
{
    if (a->time != b->time) {
        return a->time < b->time ? -1 : 1;
    }
    int order = strcmp(a->site, b->site);
    order = order != 0 ? order : strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->category, b->category);
}

static int compare(const void *left, const void *right)
{
    const usage_mark_taken_t *a = left;
    const usage_mark_taken_t *b = right;
    return usage_mark_compare(&a->row, &b->row);
}

apr_array_header_t *usage_mark_take(usage_mark_ring_t *ring, apr_pool_t *pool)
{
    apr_array_header_t *taken =
        apr_array_make(pool, 8, sizeof(usage_mark_taken_t));
    for (int i = 0; i < USAGE_MARKS_WAITING; i++) {
        usage_mark_slot_t *slot = &ring->slots[i];
        apr_uint64_t state = atomic_load(&slot->state);
        if ((state & KIND) != READY) {
            continue;
        }
        usage_mark_taken_t mark = {
            .row = { .time = slot->time,
                     .site =
                         *slot->site != '\0' ? text_at(slot->site, pool) : "",
                     .name = text_at(slot->name, pool),
                     .category = text_at(slot->category, pool) },
            .slot = slot,
            .state = state,
        };
        if (atomic_load(&slot->state) == state) {
            APR_ARRAY_PUSH(taken, usage_mark_taken_t) = mark;
        }
    }
    qsort(taken->elts, (apr_size_t)taken->nelts, sizeof(usage_mark_taken_t),
          compare);
    return taken;
}

void usage_mark_drop(const apr_array_header_t *taken)
{
    for (int i = 0; i < taken->nelts; i++) {
        usage_mark_taken_t *mark = &APR_ARRAY_IDX(taken, i, usage_mark_taken_t);
        atomic_compare_exchange_strong(&mark->slot->state, &mark->state, FREE);
    }
}
