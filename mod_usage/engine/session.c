/* SPDX-License-Identifier: Apache-2.0 */
/* The step of a visit: find or claim the visitor, then swap its state. */
#include "session.h"

#include <string.h>

#define PROBES 64

/* Seconds since a state's view; a clock that went back gives 0. */
static apr_int64_t age_of(apr_uint64_t state, apr_int64_t now)
{
    apr_int64_t age = usage_place_age(state, now);
    return age > 0 ? age : 0;
}

static usage_member_t *find(const usage_sessions_t *sessions,
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

/* The member of a visitor in a generation, claimed if need be. */
static usage_member_t *claim(const usage_sessions_t *sessions,
                             unsigned generation, const usage_view_t *view)
{
    usage_member_t *members = sessions->members[generation];
    _Atomic apr_uint32_t *used = &sessions->head->used[generation];
    for (apr_uint32_t i = 0; i < PROBES; i++) {
        usage_member_t *member =
            &members[(view->visitor + i) & (sessions->capacity - 1)];
        apr_uint64_t seen =
            atomic_load_explicit(&member->visitor, memory_order_relaxed);
        if (seen == 0
            && atomic_load_explicit(used, memory_order_relaxed)
                   >= sessions->capacity / 8 * 7) {
            return NULL;
        }
        if (seen == 0
            && atomic_compare_exchange_strong(&member->visitor, &seen,
                                              view->visitor)) {
            atomic_store_explicit(&member->site, view->site,
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

static apr_uint64_t state_in(const usage_sessions_t *sessions,
                             unsigned generation, apr_uint64_t visitor)
{
    const usage_member_t *member =
        visitor != 0 ? find(sessions, generation, visitor) : NULL;
    return member != NULL ? atomic_load(&member->state) : 0;
}

/* What is known of who is not in the current generation: from the one before,
 * or, in the first hour of a day, of yesterday's. */
static apr_uint64_t inherited(const usage_sessions_t *sessions,
                              unsigned current, const usage_view_t *view,
                              bool *is_today)
{
    apr_uint64_t state = state_in(sessions, 1 - current, view->visitor);
    *is_today = state != 0;
    if (state == 0) {
        state = state_in(sessions, current, view->before);
    }
    if (state == 0) {
        state = state_in(sessions, 1 - current, view->before);
    }
    return state;
}

static usage_stepped_t stepped(apr_uint64_t before, bool is_today,
                               const usage_view_t *view)
{
    apr_int64_t age = age_of(before, view->time);
    usage_stepped_t result = { .is_first_today = !is_today };
    if (before != 0 && age < view->window) {
        result.step = USAGE_STEP_CONTINUED;
        result.previous = usage_place_of(before);
        result.seconds = age;
        result.time = view->time - usage_place_age(before, view->time);
        result.was_bounce = usage_place_flag(before);
    }
    else {
        result.step = is_today ? USAGE_STEP_RETURNING : USAGE_STEP_NEW;
    }
    return result;
}

usage_stepped_t usage_session_step(const usage_sessions_t *sessions,
                                   const usage_view_t *view)
{
    unsigned current =
        atomic_load_explicit(&sessions->head->current, memory_order_acquire)
        & 1;
    usage_stepped_t result = { .step = USAGE_STEP_UNKNOWN };
    usage_member_t *member = claim(sessions, current, view);
    if (member == NULL) {
        return result;
    }
    apr_uint64_t state = atomic_load(&member->state);
    apr_uint64_t next;
    do {
        bool is_today = state != 0;
        apr_uint64_t before =
            is_today ? state : inherited(sessions, current, view, &is_today);
        result = stepped(before, is_today, view);
        next = usage_place_pack(view->place, view->time,
                                result.step != USAGE_STEP_CONTINUED);
    } while (!atomic_compare_exchange_weak(&member->state, &state, next));
    return result;
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
