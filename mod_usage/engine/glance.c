/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the tables and the visitors; changes nothing. */
#include "glance.h"

#include "text.h"

#define DAY 86400

/* What found no room is in a last resort, without a start: that of the active
 * table is of about this interval. */
static bool is_running(const usage_key_t *key, const usage_glance_at_t *at,
                       bool is_active)
{
    return key->start == 0 ? is_active : key->start > at->now - at->interval;
}

static void add_hits(usage_glance_t *glance, const usage_key_t *key,
                     apr_int64_t hits)
{
    glance->hits += hits;
    if (usage_text_is(key->name, usage_outcome_word(USAGE_OUTCOME_VIEW))) {
        glance->views += hits;
    }
    else if (usage_text_is(key->name, usage_outcome_word(USAGE_OUTCOME_BOT))) {
        glance->bots += hits;
    }
}

static void read_table(const usage_table_t *table, const usage_glance_at_t *at,
                       bool is_active, usage_glance_t *glance)
{
    usage_key_t key;
    apr_uint32_t length = usage_table_length(table);
    for (apr_uint32_t i = 0; i < length; i++) {
        if (usage_table_key(table, i, &key) == APR_SUCCESS
            && key.kind == USAGE_KIND_EVENT
            && usage_text_is(key.category, USAGE_OUTCOME_CATEGORY)
            && is_running(&key, at, is_active)) {
            add_hits(glance, &key,
                     atomic_load(&table->slots[i].total[USAGE_VIEWS]));
        }
    }
}

/* Members that are no visitors have no site's hash (seen.h). */
static bool is_visitor(const usage_memory_t *memory,
                       const usage_member_t *member, apr_int64_t date)
{
    return atomic_load_explicit(&member->state, memory_order_acquire) != 0
           && atomic_load(&member->day) == date / DAY
           && usage_site_is_known(&memory->sites, atomic_load(&member->site));
}

static apr_int64_t count_visitors(const usage_memory_t *memory,
                                  apr_int64_t date)
{
    const usage_sessions_t *sessions = &memory->sessions;
    apr_int64_t found = 0;
    for (int i = 0; i < 2; i++) {
        for (apr_uint32_t j = 0; j < sessions->capacity; j++) {
            found += is_visitor(memory, &sessions->members[i][j], date);
        }
    }
    return found;
}

usage_glance_t usage_glance_read(const usage_memory_t *memory,
                                 const usage_glance_at_t *at)
{
    const usage_flush_health_t *health = &memory->header->health;
    unsigned active = usage_memory_active(memory);
    usage_glance_t glance = {
        .visitors = count_visitors(memory, at->date),
        .fill = usage_table_fill(&memory->tables[active]),
        .flushed = atomic_load(&health->last),
        .failing = atomic_load(&health->failing),
    };
    for (unsigned i = 0; i < 2; i++) {
        read_table(&memory->tables[i], at, i == active, &glance);
    }
    return glance;
}
