/* SPDX-License-Identifier: Apache-2.0 */
/* Meets distinct things. Runs in every thread of every child. */
#include "distinct.h"

#include <string.h>

#include <apr_siphash.h>

#include "often.h"
#include "seen.h"
#include "text.h"

/* Bytes of an id that are hashed as they are; of a longer one its hash is. */
#define SHORT 64

/* What is met, and where and when. */
typedef struct meeting_t {
    const usage_memory_t *memory;
    const usage_host_t *host;
    usage_text_t category;
    apr_uint64_t whose; /* usage_seen_key */
    apr_int64_t time;
} meeting_t;

/* The short form of a long id. */
USAGE_RARELY static usage_text_t
shorten(usage_text_t id, const unsigned char *salt, apr_uint64_t *room)
{
    *room = apr_siphash24(id.data, id.length, salt);
    return (usage_text_t){ (const char *)room, sizeof *room };
}

/* Never 0, as a visitor's. A thing of one category is none of another. */
static USAGE_OFTEN apr_uint64_t hash_of(apr_uint64_t whose, usage_text_t id,
                                        const unsigned char *salt)
{
    unsigned char message[sizeof whose + SHORT];
    apr_uint64_t room;
    if (id.length > SHORT) {
        id = shorten(id, salt, &room);
    }
    memcpy(message, &whose, sizeof whose);
    memcpy(message + sizeof whose, id.data, id.length);
    apr_uint64_t hash = apr_siphash24(message, sizeof whose + id.length, salt);
    return hash != 0 ? hash : 1;
}

bool usage_distinct_is_reserved(usage_text_t category)
{
    return usage_text_is(category, USAGE_SEEN_VISITOR)
           || usage_text_is(category, USAGE_SEEN_USER);
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

/* The way of what is met for the first time, and of a few others. */
USAGE_RARELY static bool meet_first(const meeting_t *meeting,
                                    usage_view_t *view)
{
    const usage_memory_t *memory = meeting->memory;
    view->site = (apr_uint32_t)meeting->whose;
    view->day = usage_clock_at(meeting->host->clock, meeting->time).date;
    view->is_complete = true;
    usage_stepped_t stepped = usage_session_step(&memory->sessions, view);
    bool is_new = stepped.step != USAGE_STEP_UNKNOWN && stepped.is_first_today;
    if (is_new) { /* from this the flusher learns the category */
        usage_key_t key =
            key_of(meeting->host, meeting->category, meeting->time);
        count(memory, &key, meeting->time);
    }
    return is_new;
}

static USAGE_OFTEN bool meet(const meeting_t *meeting, usage_text_t id)
{
    const usage_memory_t *memory = meeting->memory;
    const usage_host_t *host = meeting->host;
    apr_int64_t day = usage_clock_at(host->clock, meeting->time).day;
    const unsigned char *salt = usage_salts_of(&memory->header->salts, day);
    if (salt == NULL) {
        return false;
    }
    usage_view_t view = { .visitor = hash_of(meeting->whose, id, salt),
                          .time = meeting->time,
                          .window = host->window,
                          .place = 0 }; /* any: nobody looks there */
    if (usage_session_try(&memory->sessions, &view).step == USAGE_STEP_ASKS) {
        usage_view_t its_view = view; /* the others are never put together */
        meeting_t its = *meeting; /* in memory */
        return meet_first(&its, &its_view);
    }
    return false;
}

bool usage_distinct_meet(const usage_memory_t *memory, const usage_host_t *host,
                         usage_text_t category, usage_text_t id,
                         apr_int64_t time)
{
    meeting_t meeting = { .memory = memory,
                          .host = host,
                          .category = category,
                          .whose = usage_seen_key(host->key, category),
                          .time = time };
    return meet(&meeting, id);
}

void usage_distinct_meet_user(const usage_memory_t *memory,
                              const usage_host_t *host, const char *user,
                              apr_int64_t time)
{
    meeting_t meeting = { .memory = memory,
                          .host = host,
                          .category = { USAGE_SEEN_USER,
                                        sizeof USAGE_SEEN_USER - 1 },
                          .whose = usage_seen_user_key(host->key),
                          .time = time };
    meet(&meeting, usage_text_of(user));
}
