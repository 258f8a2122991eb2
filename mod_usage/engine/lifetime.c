/* SPDX-License-Identifier: Apache-2.0 */
/* Walks tables, as a flush does; what is counted by hits is never changed. */
#include "lifetime.h"

#include <string.h>

#include "batch.h"
#include "memory.h"

/* Times to read anew when a table is cleared meanwhile. */
#define TRIES 10

/* Where a site's counts go. */
typedef usage_lifetime_site_t *target_fn(void *baton, apr_uint64_t key);

static int outcome_of(usage_text_t name)
{
    int i = 0;
    while (i < USAGE_OUTCOMES) {
        const char *word = usage_outcome_word((usage_outcome_e)i);
        if (strlen(word) == name.length
            && memcmp(word, name.data, name.length) == 0) {
            break;
        }
        i++;
    }
    return i;
}

static bool is_outcome(const usage_key_t *key)
{
    static const char category[] = USAGE_OUTCOME_CATEGORY;
    return key->kind == USAGE_KIND_EVENT
           && key->category.length == sizeof category - 1
           && memcmp(key->category.data, category, sizeof category - 1) == 0;
}

static apr_int64_t total_of(const usage_slot_t *slot, int counter)
{
    return atomic_load_explicit(&slot->total[counter], memory_order_relaxed);
}

static void add_slot(const usage_slot_t *slot, const usage_key_t *key,
                     usage_lifetime_site_t *site)
{
    int outcome = is_outcome(key) ? outcome_of(key->name) : USAGE_OUTCOMES;
    if (outcome < USAGE_OUTCOMES) {
        site->outcomes[outcome] += total_of(slot, USAGE_VIEWS);
    }
    else if (key->kind == USAGE_KIND_VIEW) {
        site->views += total_of(slot, USAGE_VIEWS);
        site->visits += total_of(slot, USAGE_VISITS);
        site->bytes += total_of(slot, USAGE_BYTES);
        site->millis += total_of(slot, USAGE_MILLIS);
    }
}

static void add_site(usage_lifetime_site_t *sum,
                     const usage_lifetime_site_t *more)
{
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        sum->outcomes[i] += more->outcomes[i];
    }
    sum->views += more->views;
    sum->visits += more->visits;
    sum->bytes += more->bytes;
    sum->millis += more->millis;
}

static void add_table(const usage_table_t *table, target_fn *target,
                      void *baton)
{
    usage_key_t key;
    for (apr_uint32_t i = 0; i < usage_table_length(table); i++) {
        if (usage_table_key(table, i, &key) == APR_SUCCESS
            && (key.kind == USAGE_KIND_VIEW || is_outcome(&key))) {
            add_slot(&table->slots[i], &key,
                     target(baton, usage_site_key(key.site)));
        }
    }
}

static apr_uint32_t fold_of(const usage_table_t *table)
{
    return atomic_load(&table->head->epoch) + 1;
}

/* A site's place among the sums; that of the others if there is none free. */
static usage_lifetime_site_t *place_of(void *baton, apr_uint64_t key)
{
    usage_lifetime_sums_t *sums = baton;
    for (apr_uint64_t i = 0; i < USAGE_LIFETIME_SITES; i++) {
        usage_lifetime_site_t *site =
            &sums->sites[(key + i) % USAGE_LIFETIME_SITES];
        if (site->key == key || site->key == 0) {
            site->key = key;
            return site;
        }
    }
    return &sums->sites[USAGE_LIFETIME_SITES];
}

void usage_lifetime_fold(const usage_memory_t *memory, unsigned index)
{
    usage_lifetime_t *lifetime = memory->lifetime;
    const usage_table_t *table = &memory->tables[index];
    unsigned current = atomic_load(&lifetime->current) & 1;
    usage_lifetime_sums_t *next = &lifetime->sums[1 - current];
    if (atomic_load(&table->head->state) != USAGE_TABLE_IN_USE
        || lifetime->sums[current].folded[index] == fold_of(table)) {
        return;
    }
    memcpy(next, &lifetime->sums[current], sizeof *next);
    add_table(table, place_of, next);
    next->folded[index] = fold_of(table);
    atomic_store(&lifetime->current, 1 - current);
}

/* Reading. */

typedef struct reading_t {
    apr_hash_t *sites;
    usage_lifetime_site_t *others;
} reading_t;

static usage_lifetime_site_t *reader_of(void *baton, apr_uint64_t key)
{
    reading_t *reading = baton;
    usage_lifetime_site_t *site =
        apr_hash_get(reading->sites, &key, sizeof key);
    return site != NULL ? site : reading->others;
}

static void forget(const reading_t *reading)
{
    apr_hash_index_t *at = apr_hash_first(NULL, reading->sites);
    for (; at != NULL; at = apr_hash_next(at)) {
        usage_lifetime_site_t *site = apr_hash_this_val(at);
        *site = (usage_lifetime_site_t){ .key = site->key };
    }
    *reading->others = (usage_lifetime_site_t){ 0 };
}

static void read_once(const usage_memory_t *memory, reading_t *reading)
{
    usage_lifetime_t *lifetime = memory->lifetime;
    const usage_lifetime_sums_t *sums =
        &lifetime->sums[atomic_load(&lifetime->current) & 1];
    for (int i = 0; i <= USAGE_LIFETIME_SITES; i++) {
        const usage_lifetime_site_t *site = &sums->sites[i];
        add_site(reader_of(reading, site->key), site);
    }
    for (unsigned i = 0; i < 2; i++) {
        const usage_table_t *table = &memory->tables[i];
        bool is_used = atomic_load(&table->head->state) == USAGE_TABLE_IN_USE
                       || i == usage_memory_active(memory);
        if (is_used && sums->folded[i] != fold_of(table)) {
            add_table(table, reader_of, reading);
        }
    }
}

void usage_lifetime_read(const usage_memory_t *memory, apr_hash_t *sites,
                         usage_lifetime_site_t *others)
{
    reading_t reading = { sites, others };
    apr_uint32_t revision;
    int tries = 0;
    do {
        revision = usage_batch_revision(memory);
        forget(&reading);
        read_once(memory, &reading);
    } while (usage_batch_revision(memory) != revision && ++tries < TRIES);
}
