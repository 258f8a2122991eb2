/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visits: views of one visitor with gaps under the session window. A table of
 * visitors in shared memory, lock-free and of bounded size, remembers of each
 * when and where the last view was (place.h; the flag: the visit has had this
 * one view), so that the next view can take back the exit, and the bounce,
 * that it was taken for. No scan ever closes a visit.
 *
 * Like a set's (set.h), its members are in two generations: who is met again
 * is carried into the current one. And a visitor has a hash a day, so that a
 * visit that crosses midnight is carried over, too. What was carried away is
 * left without a place, so that no view is taken back twice: a view that comes
 * late, of the day or in the generation that was, finds that its visit went
 * on elsewhere, and follows it.
 *
 *   yesterday's   [ 23:58 /a ] -> [ 23:58 - ]    <- a late view of 23:59 goes
 *   today's       [          ] -> [ 00:01 /b ]      where the visit is
 *
 * Of one visitor's views at once, each continues another. But two first views,
 * one of which came before a new generation and one after, can each begin a
 * visit and count the visitor. And a process that sleeps within a view while
 * two generations begin may find its member emptied: then the visit ends
 * there. In neither case is anything taken back that was not counted.
 */
#ifndef USAGE_SESSION_H
#define USAGE_SESSION_H

#include <stdatomic.h>
#include <stdbool.h>

#include <apr.h>

#include "apart.h"
#include "place.h"

/** A visitor of one day and site. */
typedef struct usage_member_t {
    _Atomic apr_uint64_t visitor; /**< usage_visitor_hash, 0: free */
    _Atomic apr_uint64_t state; /**< the newest view; 0: not yet set */
    _Atomic apr_uint32_t site; /**< hash of the site's name */
    _Atomic apr_uint16_t day; /**< of the hash: days since 1970 */
    _Atomic apr_uint16_t is_sketched; /**< the flusher's */
} usage_member_t;

typedef struct usage_sessions_head_t {
    _Atomic apr_uint32_t current; /**< 0 or 1 */
    char apart[USAGE_APART];
    _Atomic apr_uint32_t used[2];
    char apart_too[USAGE_APART];
} usage_sessions_head_t;

/** Where the visitors lie in this process. */
typedef struct usage_sessions_t {
    usage_sessions_head_t *head;
    usage_member_t *members[2];
    apr_uint32_t capacity; /**< of one generation, a power of two */
} usage_sessions_t;

typedef enum usage_step_e {
    USAGE_STEP_NEW, /**< a visit by a visitor not known today */
    USAGE_STEP_RETURNING, /**< a visit by one who was here before */
    USAGE_STEP_CONTINUED, /**< a further view of a visit */
    USAGE_STEP_UNKNOWN, /**< there is no room to remember the visitor */
    USAGE_STEP_ASKS /**< nothing yet: the view is to be completed */
} usage_step_e;

/** A view to take into account. */
typedef struct usage_view_t {
    apr_uint64_t visitor;
    apr_int64_t day; /**< of the visitor's hash: its date, usage_zone_start */
    bool is_complete; /**< whether before and after are worked out */
    apr_uint64_t before; /**< the visitor's hash of the day before, if the
                              visit can have begun then; 0: it can't */
    apr_uint64_t after; /**< of the day after, if the visit can have gone on
                             then and this view be late; 0: it can't */
    apr_uint32_t site; /**< hash of the site's name */
    apr_int64_t time; /**< Unix seconds */
    apr_int64_t window; /**< seconds */
    apr_uint32_t place; /**< where it was counted: usage_place_bits */
} usage_view_t;

/** What it means: small, so that it is returned in registers. */
typedef struct usage_stepped_t {
    usage_step_e step;
    bool is_first_today; /**< the visitor was not met before on this day */
    apr_uint64_t before; /**< of CONTINUED: the visit's view before (place.h);
                              the flag: it was the visit's first */
} usage_stepped_t;

/**
 * Take a view into account. Any number of threads at once.
 * @return USAGE_STEP_ASKS only if the view is not complete: few need their
 *         visitor's other hashes, which cost some
 */
usage_stepped_t usage_session_step(const usage_sessions_t *sessions,
                                   const usage_view_t *view);

/** What a view means that follows the one of a state. */
static inline usage_stepped_t usage_session_after(apr_uint64_t before,
                                                  const usage_view_t *view)
{
    bool continues = usage_place_age(before, view->time) < view->window;
    return (usage_stepped_t){
        .step = continues ? USAGE_STEP_CONTINUED : USAGE_STEP_RETURNING,
        .before = before,
    };
}

/**
 * The step of a view, if it is that of nearly all whose visitor was met before:
 * he is where he is looked for first, and nobody else steps. Inline, so that
 * such a view is never put together in memory.
 * @param view of which visitor, time, window and place are read
 * @return USAGE_STEP_ASKS if it is not: then nothing has been done
 */
static inline usage_stepped_t
usage_session_try(const usage_sessions_t *sessions, const usage_view_t *view)
{
    unsigned current =
        atomic_load_explicit(&sessions->head->current, memory_order_acquire)
        & 1;
    usage_member_t *member =
        &sessions->members[current][view->visitor & (sessions->capacity - 1)];
    apr_uint64_t state = atomic_load(&member->state);
    usage_stepped_t result = usage_session_after(state, view);
    bool is_visit = result.step == USAGE_STEP_RETURNING;
    if (atomic_load_explicit(&member->visitor, memory_order_relaxed)
            != view->visitor
        || !usage_place_stands(state)
        || !atomic_compare_exchange_strong(
            &member->state, &state,
            usage_place_word(view->place, view->time, is_visit))) {
        result.step = USAGE_STEP_ASKS;
    }
    return result;
}

/**
 * Put a member of another table in, with @a state in place of its own; into
 * the other generation if its own has no room. Of two of one visitor the first
 * that is put counts. Nobody else may be in here.
 * @return whether there was room
 */
bool usage_sessions_put(const usage_sessions_t *sessions, unsigned generation,
                        const usage_member_t *member, apr_uint64_t state);

/** Begin a new generation if the current is nearly full; the flusher's. */
void usage_sessions_rotate(const usage_sessions_t *sessions);

#endif
