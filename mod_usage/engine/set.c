/* SPDX-License-Identifier: Apache-2.0 */
/* Membership by open addressing. Every thread adds; the flusher rotates. */
#include "set.h"

#include <string.h>

/* Places looked at before the set counts as full for a fingerprint. */
#define PROBES 64

/* Where to begin: the low bits are spread already. Zero marks a free place. */
static apr_uint64_t member_of(apr_uint64_t fingerprint)
{
    return fingerprint != 0 ? fingerprint : 1;
}

static usage_set_answer_e find(const usage_set_t *set, unsigned generation,
                               apr_uint64_t member)
{
    const _Atomic apr_uint64_t *members = set->members[generation];
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        apr_uint64_t at = (member + i) & (set->capacity - 1);
        apr_uint64_t seen =
            atomic_load_explicit(&members[at], memory_order_relaxed);
        if (seen == member) {
            return USAGE_SET_PRESENT;
        }
        if (seen == 0) {
            break;
        }
    }
    return USAGE_SET_FULL;
}

static unsigned current_of(const usage_set_t *set)
{
    return atomic_load_explicit(&set->head->current, memory_order_acquire) & 1;
}

usage_set_answer_e usage_set_find(const usage_set_t *set,
                                  apr_uint64_t fingerprint)
{
    apr_uint64_t member = member_of(fingerprint);
    if (find(set, 0, member) == USAGE_SET_PRESENT) {
        return USAGE_SET_PRESENT;
    }
    return find(set, 1, member);
}

static usage_set_answer_e insert(const usage_set_t *set, unsigned generation,
                                 apr_uint64_t member)
{
    _Atomic apr_uint64_t *members = set->members[generation];
    _Atomic apr_uint32_t *used = &set->head->used[generation];
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        apr_uint64_t at = (member + i) & (set->capacity - 1);
        apr_uint64_t seen =
            atomic_load_explicit(&members[at], memory_order_relaxed);
        if (seen == 0) {
            if (atomic_load_explicit(used, memory_order_relaxed)
                >= set->capacity / 8 * 7) {
                return USAGE_SET_FULL;
            }
            if (atomic_compare_exchange_strong(&members[at], &seen, member)) {
                atomic_fetch_add_explicit(used, 1, memory_order_relaxed);
                return USAGE_SET_ADDED;
            }
        }
        if (seen == member) {
            return USAGE_SET_PRESENT;
        }
    }
    return USAGE_SET_FULL;
}

usage_set_answer_e usage_set_add(const usage_set_t *set,
                                 apr_uint64_t fingerprint)
{
    apr_uint64_t member = member_of(fingerprint);
    unsigned current = current_of(set);
    if (find(set, current, member) == USAGE_SET_PRESENT) {
        return USAGE_SET_PRESENT;
    }
    if (find(set, 1 - current, member) == USAGE_SET_PRESENT) {
        insert(set, current, member);
        return USAGE_SET_PRESENT;
    }
    return insert(set, current, member);
}

void usage_set_put(const usage_set_t *set, unsigned generation,
                   apr_uint64_t fingerprint)
{
    apr_uint64_t member = member_of(fingerprint);
    if (insert(set, generation, member) == USAGE_SET_FULL) {
        insert(set, 1 - generation, member);
    }
}

void usage_set_rotate(const usage_set_t *set)
{
    unsigned current = current_of(set);
    if (atomic_load(&set->head->used[current]) < set->capacity / 4 * 3) {
        return;
    }
    memset((void *)set->members[1 - current], 0,
           set->capacity * sizeof(apr_uint64_t));
    atomic_store(&set->head->used[1 - current], 0);
    atomic_store(&set->head->current, 1 - current);
}
