/* SPDX-License-Identifier: Apache-2.0 */
/* Meets distinct things. Runs in every thread of every child. */
#include "distinct.h"

#include <string.h>

#include <apr_siphash.h>

#include "seen.h"

/* Never 0, as a visitor's. */
static apr_uint64_t hash_of(apr_uint64_t whose, usage_text_t id,
                            const unsigned char *salt)
{
    unsigned char message[sizeof whose + USAGE_DISTINCT_MAX];
    apr_size_t length =
        id.length < USAGE_DISTINCT_MAX ? id.length : USAGE_DISTINCT_MAX;
    memcpy(message, &whose, sizeof whose);
    memcpy(message + sizeof whose, id.data, length);
    apr_uint64_t hash = apr_siphash24(message, sizeof whose + length, salt);
    return hash != 0 ? hash : 1;
}

static void count(const usage_memory_t *memory, const usage_host_t *host,
                  usage_key_t key, apr_int64_t time)
{
    usage_addition_t addition = { .key = key, .resort = USAGE_RESORT_SEEN };
    usage_values_t one = { .of = { [USAGE_VIEWS] = 1 } };
    addition.key.start = usage_clock_at(host->clock, time).start;
    addition.key.site = host->site;
    addition.key.site_hash = host->key;
    usage_memory_add(memory, &addition, &one, time);
}

void usage_distinct_name(const usage_memory_t *memory, const usage_host_t *host,
                         usage_text_t category, usage_text_t name,
                         apr_int64_t time)
{
    usage_key_t key = { .kind = USAGE_KIND_USER,
                        .category = category,
                        .name = name };
    count(memory, host, key, time);
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
    usage_stepped_t stepped = usage_session_step(&memory->sessions, &view);
    bool is_new = stepped.step != USAGE_STEP_UNKNOWN && stepped.is_first_today;
    if (is_new) { /* from this the flusher learns the category */
        usage_key_t key = { .kind = USAGE_KIND_SEEN, .category = category };
        count(memory, host, key, time);
    }
    return is_new;
}
