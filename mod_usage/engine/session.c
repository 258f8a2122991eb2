/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The step of a visit: find or claim the visitor, then swap its state. Runs in
 * every thread of every child; usage_sessions_rotate in the flusher alone.
 */
#include "session.h"

#include <string.h>

#include "often.h"

#define PROBES 64

#define DAY 86400

static inline usage_member_t *find(const usage_sessions_t *sessions,
                                   unsigned generation, apr_uint64_t visitor)
{
    usage_member_t *members = sessions->members[generation];
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        usage_member_t *member =
            &members[(visitor + i) & (sessions->capacity - 1)];
        apr_uint64_t seen =
            atomic_load_explicit(&member->visitor, memory_order_relaxed);
        if (seen == visitor) {
            return member;
        }
        if (seen == 0) {
            break;
        }
    }
    return NULL;
}

/* The member of a visitor who has none in a generation yet. */
USAGE_SOMETIMES static usage_member_t *claim(const usage_sessions_t *sessions,
                                             unsigned generation,
                                             const usage_view_t *view)
{
    usage_member_t *members = sessions->members[generation];
    _Atomic apr_uint32_t *used = &sessions->head->used[generation];
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        usage_member_t *member =
            &members[(view->visitor + i) & (sessions->capacity - 1)];
        apr_uint64_t seen =
            atomic_load_explicit(&member->visitor, memory_order_relaxed);
        if (seen == view->visitor) {
            return member;
        }
        if (seen == 0
            && atomic_load_explicit(used, memory_order_relaxed)
                   >= sessions->capacity / 8 * 7) {
            return NULL;
        }
        if (seen == 0
            && atomic_compare_exchange_strong(&member->visitor, &seen,
                                              view->visitor)) {
            atomic_store_explicit(&member->site, view->site,
                                  memory_order_relaxed);
            atomic_store_explicit(&member->day, (apr_uint16_t)(view->day / DAY),
                                  memory_order_release);
            atomic_fetch_add_explicit(used, 1, memory_order_relaxed);
            return member;
        }
        if (seen == view->visitor) {
            return member;
        }
    }
    return NULL;
}

static unsigned current_of(const usage_sessions_t *sessions)
{
    return atomic_load_explicit(&sessions->head->current, memory_order_acquire)
           & 1;
}

/* The state of a visitor in a generation, 0 if it has none. */
static apr_uint64_t state_in(const usage_sessions_t *sessions,
                             unsigned generation, apr_uint64_t visitor)
{
    const usage_member_t *member = find(sessions, generation, visitor);
    return member != NULL ? atomic_load(&member->state) : 0;
}

/* The member in which a visit stands that a visitor has in a generation. */
static usage_member_t *standing(const usage_sessions_t *sessions,
                                unsigned generation, apr_uint64_t visitor)
{
    usage_member_t *member =
        visitor != 0 ? find(sessions, generation, visitor) : NULL;
    return member != NULL && usage_place_stands(atomic_load(&member->state))
               ? member
               : NULL;
}

/* Where the visit stands of a visitor who has none in the current generation:
 * in the one before, or under yesterday's hash. */
static usage_member_t *source_of(const usage_sessions_t *sessions,
                                 unsigned current, const usage_view_t *view)
{
    usage_member_t *source = standing(sessions, 1 - current, view->visitor);
    if (source == NULL) {
        source = standing(sessions, current, view->before);
    }
    if (source == NULL) {
        source = standing(sessions, 1 - current, view->before);
    }
    return source;
}

static bool continues(apr_uint64_t before, const usage_view_t *view)
{
    return usage_place_age(before, view->time) < view->window;
}

static apr_uint64_t state_of(const usage_view_t *view, bool is_visit)
{
    return usage_place_word(view->place, view->time, is_visit);
}

/* Take the visit out of its member: @return the state that it had at the last,
 * 0 if it has gone. */
static apr_uint64_t take_visit(usage_member_t *member)
{
    apr_uint64_t state = atomic_load(&member->state);
    while (usage_place_stands(state)
           && !atomic_compare_exchange_weak(&member->state, &state,
                                            usage_place_leave(state))) {
        continue;
    }
    return usage_place_stands(state) ? state : 0;
}

/* The view has its place: now it takes the visit over, unless another view was
 * faster; then it is a visit of its own after all. */
static usage_stepped_t take_over(usage_member_t *source, usage_member_t *member,
                                 const usage_view_t *view, bool is_visit)
{
    apr_uint64_t before = take_visit(source);
    apr_uint64_t mine = state_of(view, is_visit);
    if (!is_visit && before != 0 && continues(before, view)) {
        return usage_session_after(before, view);
    }
    if (!is_visit) {
        atomic_compare_exchange_strong(&member->state, &mine,
                                       state_of(view, true));
    }
    return (usage_stepped_t){ .step = USAGE_STEP_RETURNING };
}

/* A late view of a visit that went on after midnight: it follows it. */
static usage_stepped_t step_late(const usage_sessions_t *sessions,
                                 const usage_view_t *view,
                                 usage_member_t *member, bool is_first)
{
    apr_uint64_t state = 0;
    apr_uint64_t left = usage_place_leave(state_of(view, false));
    usage_view_t late = *view;
    late.visitor = view->after;
    late.day = view->day + DAY;
    late.before = 0;
    late.after = 0;
    is_first = is_first
               && atomic_compare_exchange_strong(&member->state, &state, left);
    usage_stepped_t result = usage_session_step(sessions, &late);
    result.is_first_today = is_first;
    return result;
}

/* The step of a view whose visitor has no visit in its member: it is the first
 * one there, or the visit was carried away. */
USAGE_SOMETIMES static usage_stepped_t
step_in(const usage_sessions_t *sessions, unsigned current,
        const usage_view_t *view, usage_member_t *member, apr_uint64_t state)
{
    if (!view->is_complete) {
        return (usage_stepped_t){ .step = USAGE_STEP_ASKS };
    }
    bool is_first =
        state == 0 && state_in(sessions, 1 - current, view->visitor) == 0;
    if (standing(sessions, current, view->after) != NULL
        || standing(sessions, 1 - current, view->after) != NULL) {
        return step_late(sessions, view, member, is_first);
    }
    usage_member_t *source = source_of(sessions, current, view);
    bool is_visit =
        source == NULL || !continues(atomic_load(&source->state), view);
    if (current_of(sessions) != current
        || !atomic_compare_exchange_strong(&member->state, &state,
                                           state_of(view, is_visit))) {
        return usage_session_step(sessions, view);
    }
    usage_stepped_t result = { .step = USAGE_STEP_RETURNING };
    if (source != NULL) {
        result = take_over(source, member, view, is_visit);
    }
    if (is_first && result.step == USAGE_STEP_RETURNING) {
        result.step = USAGE_STEP_NEW;
    }
    result.is_first_today = is_first;
    return result;
}

usage_stepped_t usage_session_step(const usage_sessions_t *sessions,
                                   const usage_view_t *view)
{
    unsigned current = current_of(sessions);
    usage_member_t *member = find(sessions, current, view->visitor);
    if (member == NULL) {
        member = claim(sessions, current, view);
    }
    if (member == NULL) {
        return (usage_stepped_t){ .step = USAGE_STEP_UNKNOWN };
    }
    apr_uint64_t state = atomic_load(&member->state);
    while (usage_place_stands(state)) {
        usage_stepped_t result = usage_session_after(state, view);
        bool is_visit = result.step == USAGE_STEP_RETURNING;
        apr_uint64_t next = state_of(view, is_visit);
        if (atomic_compare_exchange_weak(&member->state, &state, next)) {
            return result;
        }
    }
    return step_in(sessions, current, view, member, state);
}

bool usage_sessions_put(const usage_sessions_t *sessions, unsigned generation,
                        const usage_member_t *member, apr_uint64_t state)
{
    usage_view_t view = { .visitor = atomic_load(&member->visitor),
                          .site = atomic_load(&member->site),
                          .day = (apr_int64_t)atomic_load(&member->day) * DAY };
    usage_member_t *here = claim(sessions, generation, &view);
    if (here == NULL) {
        here = claim(sessions, 1 - generation, &view);
    }
    if (here != NULL && atomic_load(&here->state) == 0) {
        atomic_store(&here->state, state);
        here->is_sketched = member->is_sketched;
    }
    return here != NULL;
}

void usage_sessions_rotate(const usage_sessions_t *sessions)
{
    usage_sessions_head_t *head = sessions->head;
    unsigned current = atomic_load(&head->current) & 1;
    if (atomic_load(&head->used[current]) < sessions->capacity / 4 * 3) {
        return;
    }
    memset((void *)sessions->members[1 - current], 0,
           sessions->capacity * sizeof(usage_member_t));
    atomic_store(&head->used[1 - current], 0);
    atomic_store(&head->current, 1 - current);
}
