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

/* The flusher learns the category from what is counted with it. */
static void count(const usage_memory_t *memory, const usage_host_t *host,
                  usage_text_t category, apr_int64_t time)
{
    usage_addition_t addition = {
        .key = { .start = usage_clock_at(host->clock, time).start,
                 .kind = USAGE_KIND_SEEN,
                 .site = host->site,
                 .category = category,
                 .site_hash = host->key },
        .resort = USAGE_RESORT_SEEN,
    };
    usage_values_t one = { .of = { [USAGE_VIEWS] = 1 } };
    usage_memory_add(memory, &addition, &one, time);
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
    if (is_new) {
        count(memory, host, category, time);
    }
    return is_new;
}
