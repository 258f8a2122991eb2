/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers places. Runs in every thread of every child. */
#include "memo.h"

/* Entries, of which the highest bits of a hash choose one: 16 KB. */
#define MEMO_BITS 10

typedef struct entry_t {
    _Atomic apr_uint64_t check;
    _Atomic apr_uint64_t place;
} entry_t;

static entry_t entries[1 << MEMO_BITS];

static apr_uint64_t hash_of(const usage_memo_t *memo, usage_text_t text)
{
    return usage_secret_hash(&memo->memory->header->secret, text.data,
                             text.length);
}

void usage_memo_look(usage_memo_t *memo, unsigned about, usage_text_t text)
{
    memo->hash =
        hash_of(memo, text) ^ (memo->host->key + about) * USAGE_MEMO_SPREAD;
}

void usage_memo_also(usage_memo_t *memo, usage_text_t text)
{
    memo->hash = memo->hash * USAGE_MEMO_SPREAD ^ hash_of(memo, text);
}

static entry_t *entry_of(const usage_memo_t *memo)
{
    return &entries[memo->hash >> (64 - MEMO_BITS)];
}

/* What stands for nothing to count. */
static apr_uint64_t nowhere(const usage_memo_t *memo)
{
    return usage_place_leave(
        usage_place_word(memo->active.first, memo->start, true));
}

bool usage_memo_count(const usage_memo_t *memo)
{
    entry_t *entry = entry_of(memo);
    apr_uint64_t place =
        atomic_load_explicit(&entry->place, memory_order_relaxed);
    if ((atomic_load_explicit(&entry->check, memory_order_relaxed) ^ place)
        != memo->hash) {
        return false;
    }
    if (place == nowhere(memo)) {
        return true;
    }
    usage_slot_t *slot = usage_active_cached(&memo->active, place, memo->start);
    if (slot != NULL) {
        atomic_fetch_add_explicit(&slot->total[USAGE_VIEWS], 1,
                                  memory_order_relaxed);
    }
    return slot != NULL;
}

void usage_memo_keep(const usage_memo_t *memo, apr_uint64_t place)
{
    entry_t *entry = entry_of(memo);
    place = place != 0 ? place : nowhere(memo);
    atomic_store_explicit(&entry->place, place, memory_order_relaxed);
    atomic_store_explicit(&entry->check, place ^ memo->hash,
                          memory_order_relaxed);
}
