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

static inline usage_stepped_t step(const usage_sessions_t *sessions,
                                   apr_uint64_t visitor, apr_int64_t time)
{
    usage_view_t view = view_of(visitor, time);
    return usage_session_step(sessions, &view);
}

static inline usage_stepped_t step_over(const usage_sessions_t *sessions,
                                        apr_uint64_t visitor,
                                        apr_uint64_t before, apr_int64_t time)
{
    usage_view_t view = view_of(visitor, time);
    view.before = before;
    return usage_session_step(sessions, &view);
}

#endif
