/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments, keys and values for tests that count.
 */
#ifndef COUNTING_H
#define COUNTING_H

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "engine/batch.h"
#include "engine/memory.h"
#include "engine/path.h"
#include "random.h"
#include "unit.h"
#include "zoned.h"

enum { HOUR = 60 * 60, DAY = 24 * HOUR };

/** An assertion for what runs millions of times: each of Check's writes. */
#define must(claim)                                                            \
    do {                                                                       \
        if (!(claim)) {                                                        \
            ck_abort_msg("not so: %s", #claim);                                \
        }                                                                      \
    } while (0)

/* 2026-07-14 00:00 */
static const apr_int64_t midnight = 1783987200;

/**
 * Zeroed memory that forked processes share. Right behind it lies a page that
 * nobody may touch.
 * @param size a multiple of 8
 */
static inline void *shared_make(apr_size_t size)
{
    apr_size_t page = (apr_size_t)sysconf(_SC_PAGESIZE);
    apr_size_t whole = (size + page - 1) / page * page;
    char *base = mmap(NULL, whole + page, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(base, MAP_FAILED);
    ck_assert_int_eq(mprotect(base + whole, page, PROT_NONE), 0);
    return base + whole - size;
}

static inline usage_geometry_t geometry_of(apr_uint32_t slots)
{
    return (usage_geometry_t){ .slots = slots, .visitors = USAGE_VISITORS_MIN };
}

static inline apr_size_t memory_size(apr_uint32_t slots)
{
    usage_geometry_t geometry = geometry_of(slots);
    return usage_memory_size(&geometry);
}

static inline void memory_create(usage_memory_t *memory, void *base,
                                 apr_uint32_t slots, apr_uint64_t seed,
                                 apr_int64_t now)
{
    usage_geometry_t geometry = geometry_of(slots);
    usage_memory_create(memory, base, &geometry, seed, now);
}

/** Recycle as if no visit could reach back. */
static inline void memory_recycle(const usage_memory_t *memory,
                                  apr_int64_t interval, apr_int64_t now)
{
    usage_recycle_t recycle = { .interval = interval, .now = now };
    usage_batch_recycle(memory, &recycle);
}

static inline usage_memory_t memory_make(apr_uint32_t slots, apr_int64_t now)
{
    usage_memory_t memory;
    memory_create(&memory, shared_make(memory_size(slots)), slots,
                  APR_UINT64_C(0x5eed), now);
    return memory;
}

static inline usage_text_t text_of(const char *text)
{
    return (usage_text_t){ text, strlen(text) };
}

static inline usage_key_t view_key(const char *site, const char *path,
                                   apr_int64_t start)
{
    return (usage_key_t){ .start = start,
                          .kind = USAGE_KIND_VIEW,
                          .site = text_of(site),
                          .category = text_of(""),
                          .name = text_of(path) };
}

static inline usage_key_t event_key(const char *site, const char *category,
                                    const char *name, apr_int64_t start)
{
    return (usage_key_t){ .start = start,
                          .kind = USAGE_KIND_EVENT,
                          .site = text_of(site),
                          .category = text_of(category),
                          .name = text_of(name) };
}

static inline usage_values_t views(apr_int64_t count)
{
    return (usage_values_t){ .of = { [USAGE_VIEWS] = count } };
}

/** Values of which some are 0, and bounces and exits may be below. */
static inline usage_values_t random_values(random_t *random)
{
    usage_values_t values = { .of = { [USAGE_VIEWS] = 1 } };
    for (int i = 1; i < USAGE_COUNTERS; i++) {
        values.of[i] = random_chance(random, 50) ? random_below(random, 99) : 0;
    }
    values.of[USAGE_BOUNCES] = random_below(random, 3) - 1;
    values.of[USAGE_EXITS] = random_below(random, 3) - 1;
    return values;
}

/** Count @a values under @a key, a view's or an event's. */
static inline void count_key(const usage_memory_t *memory,
                             const usage_key_t *key,
                             const usage_values_t *values, apr_int64_t now)
{
    bool is_view = key->kind == USAGE_KIND_VIEW;
    usage_addition_t addition = {
        .key = *key,
        .overflow = is_view ? USAGE_PATH_OVERFLOW : NULL,
        .resort = is_view ? USAGE_RESORT_VIEW
                          : USAGE_RESORT_OUTCOME(USAGE_OUTCOME_VIEW),
    };
    usage_memory_add(memory, &addition, values, now);
}

static inline void count_view(const usage_memory_t *memory, const char *path,
                              apr_int64_t start)
{
    usage_key_t key = view_key("a.example", path, start);
    usage_values_t one = views(1);
    count_key(memory, &key, &one, start);
}

/** A key as one string, in unit_pool: what is the same key is the same. */
static inline const char *key_string(const usage_key_t *key)
{
    return apr_psprintf(
        unit_pool, "%" APR_INT64_T_FMT "|%d|%d|%d|%d|%.*s|%.*s|%.*s",
        key->start, (int)key->kind, key->device, key->browser, key->system,
        (int)key->site.length, key->site.data, (int)key->category.length,
        key->category.data, (int)key->name.length, key->name.data);
}

/** The sum of every slot of both tables. */
static inline usage_values_t sum_of_all(const usage_memory_t *memory)
{
    usage_values_t sum = { { 0 } };
    for (int i = 0; i < 2; i++) {
        const usage_table_t *table = &memory->tables[i];
        for (apr_uint32_t j = 0; j < usage_table_length(table); j++) {
            for (int k = 0; k < USAGE_COUNTERS; k++) {
                sum.of[k] += table->slots[j].total[k];
            }
        }
    }
    return sum;
}

static inline void fill_with_views(const usage_memory_t *memory, int count)
{
    for (int i = 0; i < count; i++) {
        count_view(memory, apr_psprintf(unit_pool, "/%d", i), midnight);
    }
}

/** What names a slot, as one string, in unit_pool; NULL if nothing does. */
static inline const char *name_at(const usage_table_t *table,
                                  apr_uint32_t index)
{
    usage_key_t key;
    apr_status_t rv = usage_table_key(table, index, &key);
    return rv == APR_SUCCESS ? key_string(&key) : NULL;
}

/** Add to what a hash of key strings has under @a key. */
static inline void sum_into(apr_hash_t *sums, const char *key,
                            const usage_values_t *values)
{
    usage_values_t *sum = apr_hash_get(sums, key, APR_HASH_KEY_STRING);
    if (sum == NULL) {
        sum = apr_pcalloc(unit_pool, sizeof *sum);
        apr_hash_set(sums, key, APR_HASH_KEY_STRING, sum);
    }
    usage_values_add(sum, values);
}

static inline usage_values_t sum_of(apr_hash_t *sums, const char *key)
{
    const usage_values_t *sum = apr_hash_get(sums, key, APR_HASH_KEY_STRING);
    return sum != NULL ? *sum : (usage_values_t){ { 0 } };
}

/** Fail unless the two hashes tell the same; a sum of nothing but 0 is none. */
static inline void assert_same_sums(apr_hash_t *found, apr_hash_t *expected)
{
    apr_hash_t *all = apr_hash_overlay(unit_pool, found, expected);
    apr_hash_index_t *at = apr_hash_first(unit_pool, all);
    for (; at != NULL; at = apr_hash_next(at)) {
        const char *key = apr_hash_this_key(at);
        usage_values_t is = sum_of(found, key);
        usage_values_t should_be = sum_of(expected, key);
        for (int i = 0; i < USAGE_COUNTERS; i++) {
            if (is.of[i] != should_be.of[i]) {
                ck_abort_msg("counter %d of %s is %ld, should be %ld", i, key,
                             (long)is.of[i], (long)should_be.of[i]);
            }
        }
    }
}

/** A usage_count_fn: sums into the hash of key strings that is the baton. */
static inline void sum_count(void *sums, const usage_count_t *count)
{
    sum_into(sums, key_string(&count->key), &count->values);
}

/** What a segment has that a database at batch @a at has not. */
static inline apr_hash_t *read_sums(const usage_memory_t *memory,
                                    apr_int64_t at)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    ck_assert(usage_batch_read(memory, at, usage_batch_revision(memory),
                               sum_count, sums));
    return sums;
}

#endif
