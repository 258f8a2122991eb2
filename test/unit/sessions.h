/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of visitors that stand alone, and steps in them. */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "engine/session.h"
#include "unit.h"

#define CAPACITY 1024
#define DAY      86400
#define WINDOW   1800
#define NOON     APR_INT64_C(1784030400) /* 2026-07-14 12:00 */

static inline usage_sessions_t make(void)
{
    usage_sessions_t sessions = { .capacity = CAPACITY };
    sessions.head = apr_pcalloc(unit_pool, sizeof *sessions.head);
    for (int i = 0; i < 2; i++) {
        sessions.members[i] =
            apr_pcalloc(unit_pool, CAPACITY * sizeof(usage_member_t));
    }
    return sessions;
}

static inline usage_view_t view_of(apr_uint64_t visitor, apr_int64_t time)
{
    return (usage_view_t){ .visitor = visitor,
                           .day = NOON - DAY / 2,
                           .is_complete = true,
                           .site = 7,
                           .time = time,
                           .window = WINDOW };
}

/** What a step means, in full; the fields after the first two are of
 * CONTINUED. */
typedef struct told_t {
    usage_step_e step;
    bool is_first_today;
    usage_place_t previous; /**< where the visit's view before was counted */
    apr_int64_t seconds; /**< since then, 0 if the clock went back */
    apr_int64_t time; /**< of the view before */
    bool was_bounce; /**< it was the visit's first */
} told_t;

static inline told_t step_view(const usage_sessions_t *sessions,
                               const usage_view_t *view)
{
    usage_stepped_t stepped = usage_session_step(sessions, view);
    apr_int64_t age = usage_place_age(stepped.before, view->time);
    return (told_t){ .step = stepped.step,
                     .is_first_today = stepped.is_first_today,
                     .previous = usage_place_of(stepped.before),
                     .seconds = age > 0 ? age : 0,
                     .time = view->time - age,
                     .was_bounce = usage_place_flag(stepped.before) };
}

static inline told_t step(const usage_sessions_t *sessions,
                          apr_uint64_t visitor, apr_int64_t time)
{
    usage_view_t view = view_of(visitor, time);
    return step_view(sessions, &view);
}

static inline told_t step_over(const usage_sessions_t *sessions,
                               apr_uint64_t visitor, apr_uint64_t before,
                               apr_int64_t time)
{
    usage_view_t view = view_of(visitor, time);
    view.before = before;
    return step_view(sessions, &view);
}

#endif
