/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns a hit into additions. A view finds its slot first, since the visit's
 * next view will want to know where it was counted; then the visit is stepped,
 * and all that it means for this slot is added at once. What few hits need is
 * kept out of line, so that the others save no registers for it. Runs in every
 * thread of every child.
 */
#include "hit.h"

#include <string.h>

#include "bot.h"
#include "often.h"
#include "path.h"

/* No zone has a shorter day: the clock is set by three hours at most. */
#define DAY_SHORTEST (21 * 3600)

static void add(usage_slot_t *slot, int counter, apr_int64_t value)
{
    if (value != 0) {
        atomic_fetch_add_explicit(&slot->total[counter], value,
                                  memory_order_relaxed);
    }
}

USAGE_RARELY void usage_hit_count_new_outcome(const usage_memory_t *memory,
                                              usage_host_t *host,
                                              usage_outcome_e outcome,
                                              apr_int64_t time)
{
    const char *word = usage_outcome_word(outcome);
    usage_moment_t moment = usage_clock_at(host->clock, time);
    usage_place_t place;
    usage_addition_t addition = {
        .key = {
            .start = moment.start,
            .kind = USAGE_KIND_EVENT,
            .site = host->site,
            .category
            = { USAGE_OUTCOME_CATEGORY, sizeof USAGE_OUTCOME_CATEGORY - 1 },
            .name = { word, strlen(word) },
        },
        .resort = USAGE_RESORT_OUTCOME(outcome),
    };
    add(usage_memory_claim(memory, &addition, time, &place), USAGE_VIEWS, 1);
    atomic_store_explicit(&host->outcomes[outcome],
                          usage_place_pack(place, moment.minute, true),
                          memory_order_relaxed);
}

/* What few hits read of a moment they ask for again: so the others keep none of
 * it in memory. */
static usage_moment_t moment_of(const usage_hit_t *hit)
{
    return usage_clock_at(hit->host->clock, hit->time);
}

static inline usage_key_t view_key(const usage_hit_t *hit, apr_int64_t start)
{
    return (usage_key_t){
        .start = start,
        .kind = USAGE_KIND_VIEW,
        .device = usage_agent_bits_device(hit->agent),
        .browser = usage_agent_bits_browser(hit->agent),
        .system = usage_agent_bits_system(hit->agent),
        .site = hit->host->site,
        .name = hit->path,
        .site_hash = hit->host->key,
        .name_hash = hit->path_hash,
    };
}

static void name_view(const usage_memory_t *memory, usage_key_t *key,
                      usage_text_t path)
{
    key->name = path;
    key->name_hash =
        usage_secret_hash(&memory->header->secret, path.data, path.length);
}

/* Where a view is counted. */
typedef struct found_t {
    usage_slot_t *slot;
    apr_uint32_t place; /* usage_place_bits */
} found_t;

static USAGE_OFTEN found_t find_view(const usage_active_t *active,
                                     const usage_key_t *key)
{
    usage_slot_t *slot = usage_active_find(active, key);
    return (found_t){ slot, usage_active_place(active, slot) };
}

/* One too many for the day is no page of its own, to its visitors neither. */
static found_t claim_view(const usage_memory_t *memory, const usage_hit_t *hit,
                          usage_addition_t *addition,
                          const usage_candidate_t *candidate)
{
    static const usage_text_t overflow = { USAGE_PATH_OVERFLOW,
                                           sizeof USAGE_PATH_OVERFLOW - 1 };
    usage_site_t *site = usage_site_of(&memory->sites, hit->host->key);
    usage_place_t place;
    if (!usage_site_admits(site, &memory->seen, candidate)) {
        name_view(memory, &addition->key, overflow);
    }
    usage_slot_t *slot =
        usage_memory_claim(memory, addition, hit->time, &place);
    return (found_t){ slot, usage_place_bits(place) };
}

/* The way of a view that has no slot under the path that came. */
USAGE_RARELY static found_t new_view(const usage_memory_t *memory,
                                     usage_hit_t *hit)
{
    usage_moment_t moment = moment_of(hit);
    usage_addition_t addition = {
        .key = view_key(hit, moment.start),
        .overflow = USAGE_PATH_OVERFLOW,
        .resort = USAGE_RESORT_VIEW,
    };
    usage_path_buffer_t buffer;
    usage_candidate_t candidate = {
        .sort = USAGE_NAMES_PATH,
        .name = usage_path_clean(hit->path.data, &buffer),
        .day = moment.day,
        .budget = hit->host->paths,
    };
    found_t found = { NULL, 0 };
    if (candidate.name.data != hit->path.data) {
        usage_active_t active = usage_memory_now(memory);
        name_view(memory, &addition.key, candidate.name);
        found = find_view(&active, &addition.key);
    }
    if (found.slot == NULL) {
        found = claim_view(memory, hit, &addition, &candidate);
    }
    hit->path_hash = addition.key.name_hash;
    return found;
}

/* What is counted has a slot under its own name: so of a path that has one,
 * nobody asks whether it is clean, or one too many for the day. */
static USAGE_OFTEN found_t view_slot(const usage_memory_t *memory,
                                     const usage_active_t *active,
                                     usage_hit_t *hit, apr_int64_t start)
{
    usage_key_t key = view_key(hit, start);
    found_t found = find_view(active, &key);
    return found.slot != NULL ? found : new_view(memory, hit);
}

/* The visitor's hash on the day that begins at @a day; 0 without a salt. */
static USAGE_OFTEN apr_uint64_t hash_on(const usage_memory_t *memory,
                                        usage_hit_t *hit, apr_int64_t day)
{
    const unsigned char *salt = usage_salts_of(&memory->header->salts, day);
    return salt != NULL ? usage_visitor_hash(&hit->visitor, salt) : 0;
}

/* The visit may have begun the day before, or gone on the day after. */
USAGE_RARELY static void complete(const usage_memory_t *memory,
                                  usage_hit_t *hit, apr_int64_t day,
                                  usage_view_t *view)
{
    const usage_zone_t *zone = hit->host->clock->zone;
    apr_int64_t next = usage_zone_day_next(zone, hit->time);
    apr_int64_t before = usage_zone_day(zone, day - 1);
    bool is_early = hit->time - view->window < day;
    bool is_late = hit->time + view->window >= next;
    view->is_complete = true;
    view->before = is_early ? hash_on(memory, hit, before) : 0;
    view->after = is_late ? hash_on(memory, hit, next) : 0;
}

USAGE_RARELY static usage_stepped_t
step_on(const usage_memory_t *memory, usage_hit_t *hit, usage_view_t *view)
{
    usage_moment_t moment = moment_of(hit);
    apr_int64_t second = hit->time - moment.day;
    view->site = (apr_uint32_t)hit->host->key;
    view->day = moment.date;
    view->is_complete =
        second >= view->window && second < DAY_SHORTEST - view->window;
    usage_stepped_t stepped = usage_session_step(&memory->sessions, view);
    if (stepped.step == USAGE_STEP_ASKS) {
        complete(memory, hit, moment.day, view);
        stepped = usage_session_step(&memory->sessions, view);
    }
    return stepped;
}

static inline usage_stepped_t step(const usage_memory_t *memory,
                                   usage_hit_t *hit, const usage_view_t *view)
{
    if (view->visitor == 0) {
        return (usage_stepped_t){ .step = USAGE_STEP_UNKNOWN };
    }
    usage_stepped_t stepped = usage_session_try(&memory->sessions, view);
    if (stepped.step == USAGE_STEP_ASKS) {
        usage_view_t copy = { .visitor = view->visitor, /* the other is never */
                              .time = view->time, /* put together in memory */
                              .window = view->window,
                              .place = view->place };
        stepped = step_on(memory, hit, &copy);
    }
    return stepped;
}

/* Where the views stand of pages that can't be told any more. */
USAGE_RARELY static usage_slot_t *lost_slot(const usage_memory_t *memory,
                                            const usage_hit_t *hit,
                                            apr_int64_t time)
{
    const usage_clock_t *clock = hit->host->clock;
    usage_place_t place;
    usage_addition_t addition = {
        .key =
            view_key(hit, usage_zone_base(clock->zone, time, clock->interval)),
        .resort = USAGE_RESORT_VIEW,
    };
    addition.key.name =
        (usage_text_t){ USAGE_PATH_OVERFLOW, sizeof USAGE_PATH_OVERFLOW - 1 };
    addition.key.name_hash = 0;
    return usage_memory_claim(memory, &addition, hit->time, &place);
}

/* Take back what the visit's view before was taken for. If its table has been
 * cleared since, the page can't be told any more, but the site's sums can. */
static void take_back(const usage_memory_t *memory,
                      const usage_active_t *active, const usage_hit_t *hit,
                      apr_uint64_t before)
{
    usage_slot_t *slot = usage_active_at(active, memory, before);
    apr_int64_t age = usage_place_age(before, hit->time);
    if (slot == NULL) {
        slot = lost_slot(memory, hit, hit->time - age);
    }
    add(slot, USAGE_EXITS, -1);
    add(slot, USAGE_BOUNCES, -(apr_int64_t)usage_place_flag(before));
    add(slot, USAGE_SECONDS, age > 0 ? age : 0);
}

USAGE_RARELY static void count_site_visitor(const usage_memory_t *memory,
                                            const usage_hit_t *hit)
{
    usage_addition_t addition = {
        .key = { .start = moment_of(hit).start,
                 .kind = USAGE_KIND_SITE,
                 .site = hit->host->site },
        .resort = USAGE_RESORT_SITE,
    };
    usage_values_t one = { .of = { [USAGE_VISITORS] = 1 } };
    usage_memory_add(memory, &addition, &one, hit->time);
}

/* Whether this is the visitor's first view of the page on this day. Both
 * hashes are keyed, so one over the other is as good as a hash of both. */
static bool is_new_to_page(const usage_memory_t *memory, const usage_hit_t *hit,
                           apr_uint64_t visitor)
{
    return usage_set_meet(&memory->seen, hit->path_hash ^ visitor)
           == USAGE_SET_ADDED;
}

/* What a view adds to its own slot. */
static void add_view(const usage_memory_t *memory, const usage_hit_t *hit,
                     const usage_stepped_t *stepped, apr_uint64_t visitor,
                     usage_slot_t *slot)
{
    add(slot, USAGE_VIEWS, 1);
    add(slot, USAGE_BYTES, hit->bytes);
    add(slot, USAGE_MILLIS, hit->millis);
    usage_latency_add(&memory->header->latency, hit->millis);
    if (stepped->step == USAGE_STEP_UNKNOWN) {
        return;
    }
    add(slot, USAGE_EXITS, 1);
    add(slot, USAGE_VISITORS, is_new_to_page(memory, hit, visitor));
    if (stepped->step != USAGE_STEP_CONTINUED) {
        add(slot, USAGE_VISITS, 1);
        add(slot, USAGE_BOUNCES, 1);
        add(slot, USAGE_RETURNING_VISITS,
            stepped->step == USAGE_STEP_RETURNING);
    }
}

static USAGE_OFTEN void count_view(const usage_memory_t *memory,
                                   const usage_active_t *active,
                                   usage_hit_t *hit, apr_int64_t start,
                                   apr_int64_t day)
{
    const usage_host_t *host = hit->host;
    found_t found = view_slot(memory, active, hit, start);
    usage_view_t view = { .visitor = hash_on(memory, hit, day),
                          .time = hit->time,
                          .window = host->window,
                          .place = found.place };
    usage_stepped_t stepped = step(memory, hit, &view);
    add_view(memory, hit, &stepped, view.visitor, found.slot);
    if (stepped.step == USAGE_STEP_CONTINUED) {
        take_back(memory, active, hit, stepped.before);
    }
    if (stepped.step != USAGE_STEP_UNKNOWN && stepped.is_first_today) {
        count_site_visitor(memory, hit);
    }
    hit->begins_visit =
        stepped.step == USAGE_STEP_NEW || stepped.step == USAGE_STEP_RETURNING;
    usage_site_note(usage_site_at(&memory->sites, host->key), found.place,
                    hit->time, hit->begins_visit);
}

void usage_hit_count(const usage_memory_t *memory, usage_hit_t *hit)
{
    usage_host_t *host = hit->host;
    usage_active_t active = usage_memory_now(memory);
    usage_moment_t moment = usage_clock_at(host->clock, hit->time);
    usage_slot_t *slot =
        usage_hit_outcome(&active, host, hit->outcome, moment.minute);
    if (slot != NULL) {
        add(slot, USAGE_VIEWS, 1);
    }
    else {
        usage_hit_count_new_outcome(memory, host, hit->outcome, hit->time);
    }
    if (usage_bot_sent(hit)) {
        usage_bot_count(memory, &active, hit, moment.minute);
    }
    if (hit->outcome == USAGE_OUTCOME_VIEW) {
        hit->visitor.site = host->key;
        hit->visitor.mask = host->mask;
        count_view(memory, &active, hit, moment.start, moment.day);
    }
}
