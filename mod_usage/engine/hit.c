/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns a hit into additions. A view finds its slot first, since the visit's
 * next view will want to know where it was counted; then the visit is stepped,
 * and all that it means for this slot is added at once. Runs in every thread
 * of every child.
 */
#include "hit.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "calendar.h"
#include "path.h"

#define DAY 86400

/* The slot of a cached word, if that is of this interval and in the table that
 * is active now, and was not cleared since. */
static usage_slot_t *cached_slot(const usage_memory_t *memory,
                                 apr_uint64_t word, apr_int64_t start)
{
    usage_place_t place = usage_place_of(word);
    const usage_table_t *table = &memory->tables[place.table];
    apr_uint32_t epoch =
        atomic_load_explicit(&table->head->epoch, memory_order_relaxed);
    bool is_good = usage_place_flag(word) && usage_place_age(word, start) == 0
                   && place.table == usage_memory_active(memory)
                   && place.epoch == epoch % USAGE_PLACE_EPOCHS;
    return is_good ? &table->slots[place.slot] : NULL;
}

static usage_slot_t *outcome_slot(const usage_memory_t *memory,
                                  const usage_hit_t *hit, apr_int64_t start)
{
    const char *word = usage_outcome_word(hit->outcome);
    usage_place_t place;
    usage_addition_t addition = {
        .key = {
            .start = start,
            .kind = USAGE_KIND_EVENT,
            .site = hit->site,
            .category
            = { USAGE_OUTCOME_CATEGORY, sizeof USAGE_OUTCOME_CATEGORY - 1 },
            .name = { word, strlen(word) },
        },
        .resort = USAGE_RESORT_OUTCOME(hit->outcome),
    };
    usage_slot_t *slot =
        usage_memory_claim(memory, &addition, hit->time, &place);
    if (hit->outcomes != NULL) {
        atomic_store_explicit(&hit->outcomes->places[hit->outcome],
                              usage_place_pack(place, start, true),
                              memory_order_relaxed);
    }
    return slot;
}

static void count_outcome(const usage_memory_t *memory, const usage_hit_t *hit,
                          apr_int64_t start)
{
    usage_slot_t *slot = NULL;
    if (hit->outcomes != NULL) {
        apr_uint64_t word = atomic_load_explicit(
            &hit->outcomes->places[hit->outcome], memory_order_relaxed);
        slot = cached_slot(memory, word, start);
    }
    if (slot == NULL) {
        slot = outcome_slot(memory, hit, start);
    }
    atomic_fetch_add_explicit(&slot->total[USAGE_VIEWS], 1,
                              memory_order_relaxed);
}

static usage_key_t view_key(const usage_hit_t *hit, apr_int64_t start)
{
    return (usage_key_t){
        .start = start,
        .kind = USAGE_KIND_VIEW,
        .device = (int)hit->agent.device,
        .browser = (int)hit->agent.browser,
        .system = (int)hit->agent.system,
        .site = hit->site,
        .name = hit->path,
    };
}

/* The slot of a view. Only a path that is new in this interval can be one too
 * many for the day, so the others are not asked. One too many is no page of
 * its own, to its visitors neither. */
static usage_slot_t *view_slot(const usage_memory_t *memory, usage_hit_t *hit,
                               usage_site_t *site, usage_place_t *place)
{
    usage_addition_t addition = {
        .key = view_key(hit, usage_calendar_base(hit->time, hit->interval)),
        .overflow = USAGE_PATH_OVERFLOW,
        .resort = USAGE_RESORT_VIEW,
    };
    usage_slot_t *slot = usage_memory_find(memory, &addition.key, place);
    if (slot != NULL) {
        return slot;
    }
    if (!usage_site_admits(site, &memory->seen, hit->path,
                           usage_calendar_day(hit->time), hit->paths)) {
        hit->path = (usage_text_t){ USAGE_PATH_OVERFLOW,
                                    sizeof USAGE_PATH_OVERFLOW - 1 };
        addition.key.name = hit->path;
    }
    return usage_memory_claim(memory, &addition, hit->time, place);
}

/* The visitor's hash on the day that begins at @a day; 0 without a salt. */
static apr_uint64_t hash_on(const usage_memory_t *memory, usage_hit_t *hit,
                            apr_int64_t day)
{
    const unsigned char *salt = usage_salts_of(&memory->header->salts, day);
    hit->visitor.site = hit->site;
    return salt != NULL ? usage_visitor_hash(&hit->visitor, salt) : 0;
}

static usage_stepped_t step(const usage_memory_t *memory, usage_hit_t *hit,
                            usage_view_t *view)
{
    apr_int64_t day = usage_calendar_day(hit->time);
    bool is_early = hit->time - day < hit->window;
    bool is_late = hit->time - day >= DAY - hit->window;
    view->visitor = hash_on(memory, hit, day);
    if (view->visitor == 0) {
        return (usage_stepped_t){ .step = USAGE_STEP_UNKNOWN };
    }
    view->day = day;
    view->is_complete = !is_early && !is_late;
    usage_stepped_t stepped = usage_session_step(&memory->sessions, view);
    if (stepped.step == USAGE_STEP_ASKS) {
        view->is_complete = true;
        view->before = is_early ? hash_on(memory, hit, day - DAY) : 0;
        view->after = is_late ? hash_on(memory, hit, day + DAY) : 0;
        stepped = usage_session_step(&memory->sessions, view);
    }
    return stepped;
}

/* Take back what the visit's view before was taken for. If its table has been
 * cleared since, the page can't be told any more, but the site's sums can. */
static void take_back(const usage_memory_t *memory, const usage_hit_t *hit,
                      const usage_stepped_t *stepped)
{
    usage_values_t values = { .of = { [USAGE_EXITS] = -1,
                                      [USAGE_BOUNCES] = -stepped->was_bounce,
                                      [USAGE_SECONDS] = stepped->seconds } };
    usage_slot_t *slot = usage_memory_at(memory, stepped->previous);
    usage_place_t place;
    if (slot == NULL) {
        usage_addition_t addition = {
            .key = view_key(hit,
                            usage_calendar_base(stepped->time, hit->interval)),
            .resort = USAGE_RESORT_VIEW,
        };
        addition.key.name = (usage_text_t){ USAGE_PATH_OVERFLOW,
                                            sizeof USAGE_PATH_OVERFLOW - 1 };
        slot = usage_memory_claim(memory, &addition, hit->time, &place);
    }
    usage_slot_add(slot, &values);
}

static void count_site_visitor(const usage_memory_t *memory,
                               const usage_hit_t *hit, apr_int64_t start)
{
    usage_addition_t addition = {
        .key = { .start = start, .kind = USAGE_KIND_SITE, .site = hit->site },
        .resort = USAGE_RESORT_SITE,
    };
    usage_values_t one = { .of = { [USAGE_VISITORS] = 1 } };
    usage_memory_add(memory, &addition, &one, hit->time);
}

/* Whether this is the visitor's first view of the page on this day. */
static bool is_new_to_page(const usage_memory_t *memory, const usage_hit_t *hit,
                           apr_uint64_t visitor)
{
    apr_uint64_t fingerprint =
        XXH3_64bits_withSeed(hit->path.data, hit->path.length, visitor);
    return usage_set_add(&memory->seen, fingerprint) == USAGE_SET_ADDED;
}

static void count_view(const usage_memory_t *memory, usage_hit_t *hit,
                       apr_int64_t start)
{
    apr_uint64_t key = usage_site_key(&memory->sites, hit->site);
    usage_site_t *site = usage_site_of(&memory->sites, key);
    usage_view_t view = { .site = (apr_uint32_t)key,
                          .time = hit->time,
                          .window = hit->window };
    usage_slot_t *slot = view_slot(memory, hit, site, &view.place);
    usage_stepped_t stepped = step(memory, hit, &view);
    bool is_visit =
        stepped.step == USAGE_STEP_NEW || stepped.step == USAGE_STEP_RETURNING;
    bool is_known = stepped.step != USAGE_STEP_UNKNOWN;
    usage_values_t values = {
        .of = { [USAGE_VIEWS] = 1,
                [USAGE_VISITORS] =
                    is_known && is_new_to_page(memory, hit, view.visitor),
                [USAGE_VISITS] = is_visit,
                [USAGE_RETURNING_VISITS] = stepped.step == USAGE_STEP_RETURNING,
                [USAGE_BOUNCES] = is_visit,
                [USAGE_EXITS] = is_known,
                [USAGE_BYTES] = hit->bytes,
                [USAGE_MILLIS] = hit->millis },
    };
    usage_slot_add(slot, &values);
    if (stepped.step == USAGE_STEP_CONTINUED) {
        take_back(memory, hit, &stepped);
    }
    if (is_known && stepped.is_first_today) {
        count_site_visitor(memory, hit, start);
    }
    usage_site_note(site, view.place, hit->time, is_visit);
}

void usage_hit_count(const usage_memory_t *memory, usage_hit_t *hit)
{
    apr_int64_t start = usage_calendar_base(hit->time, hit->interval);
    count_outcome(memory, hit, start);
    if (hit->outcome == USAGE_OUTCOME_VIEW) {
        count_view(memory, hit, start);
    }
}
