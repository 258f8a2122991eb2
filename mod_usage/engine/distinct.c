/* SPDX-License-Identifier: Apache-2.0 */
/* Meets distinct things. Runs in every thread of every child. */
#include "distinct.h"

#include <string.h>

#include <apr_siphash.h>

#include "seen.h"
#include "text.h"

/* Bytes of an id that are hashed as they are; of a longer one its hash is. */
#define SHORT 64

/* Never 0, as a visitor's. A thing of one category is none of another. */
static apr_uint64_t hash_of(apr_uint64_t whose, usage_text_t id,
                            const unsigned char *salt)
{
    unsigned char message[sizeof whose + SHORT];
    apr_uint64_t whole;
    if (id.length > SHORT) {
        whole = apr_siphash24(id.data, id.length, salt);
        id = (usage_text_t){ (const char *)&whole, sizeof whole };
    }
    memcpy(message, &whose, sizeof whose);
    memcpy(message + sizeof whose, id.data, id.length);
    apr_uint64_t hash = apr_siphash24(message, sizeof whose + id.length, salt);
    return hash != 0 ? hash : 1;
}

bool usage_distinct_is_reserved(usage_text_t category)
{
    return usage_text_is(category, USAGE_SEEN_VISITOR)
           || usage_text_is(category, USAGE_DISTINCT_USER);
}

static usage_key_t key_of(const usage_host_t *host, usage_text_t category,
                          apr_int64_t time)
{
    return (usage_key_t){ .start = usage_clock_at(host->clock, time).start,
                          .kind = USAGE_KIND_SEEN,
                          .site = host->site,
                          .site_hash = host->key,
                          .category = category };
}

usage_text_t usage_distinct_admit(const usage_memory_t *memory,
                                  const usage_host_t *host,
                                  usage_text_t category, apr_int64_t time)
{
    usage_active_t active = usage_memory_now(memory);
    usage_key_t key = key_of(host, category, time);
    usage_candidate_t candidate = { .sort = USAGE_NAMES_DISTINCT,
                                    .name = category,
                                    .day =
                                        usage_clock_at(host->clock, time).day,
                                    .budget = USAGE_DISTINCT_CATEGORIES };
    return usage_active_find(&active, &key) != NULL
                   || usage_site_admits(
                       usage_site_of(&memory->sites, host->key), &memory->seen,
                       &candidate)
               ? category
               : usage_text_of(USAGE_DISTINCT_OVERFLOW);
}

static void count(const usage_memory_t *memory, const usage_key_t *key,
                  apr_int64_t time)
{
    usage_addition_t addition = { .key = *key, .resort = USAGE_RESORT_SEEN };
    usage_values_t one = { .of = { [USAGE_VIEWS] = 1 } };
    usage_memory_add(memory, &addition, &one, time);
}

void usage_distinct_name(const usage_memory_t *memory, const usage_host_t *host,
                         usage_text_t category, usage_text_t name,
                         apr_int64_t time)
{
    usage_key_t key = key_of(host, category, time);
    key.kind = USAGE_KIND_USER;
    key.name = name;
    count(memory, &key, time);
}

bool usage_distinct_meet(const usage_memory_t *memory, const usage_host_t *host,
                         usage_text_t category, usage_text_t id,
                         apr_int64_t time)
{
    usage_moment_t moment = usage_clock_at(host->clock, time);
    const unsigned char *salt =
        usage_salts_of(&memory->header->salts, moment.day);
    apr_uint64_t whose = usage_seen_key(host->key, category);
    if (salt == NULL) {
        return false;
    }
    usage_view_t view = { .visitor = hash_of(whose, id, salt),
                          .day = moment.date,
                          .is_complete = true,
                          .site = (apr_uint32_t)whose,
                          .time = time,
                          .window = host->window,
                          .place = 0 }; /* any: nobody looks there */
    usage_stepped_t stepped = usage_session_try(&memory->sessions, &view);
    if (stepped.step == USAGE_STEP_ASKS) {
        stepped = usage_session_step(&memory->sessions, &view);
    }
    bool is_new = stepped.step != USAGE_STEP_UNKNOWN && stepped.is_first_today;
    if (is_new) { /* from this the flusher learns the category */
        usage_key_t key = key_of(host, category, time);
        count(memory, &key, time);
    }
    return is_new;
}
