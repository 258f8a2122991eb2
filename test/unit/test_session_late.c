/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visits that go on under another hash, or in another generation, and the
 * views that come late to where they were. Each view has a place of its own,
 * so that it can be told whose it was.
 */
#include "sessions.h"
#include "threads.h"

enum { YESTERDAY = 5, TODAY = 6 }; /* the visitor's hashes */
enum { VISITORS = 20, VIEWS = 400, ROUNDS = 8 };

#define MIDNIGHT (NOON - DAY / 2)
#define PLACES   (THREADS * VISITORS * VIEWS)

static usage_sessions_t sessions;
static bool has_generations;

static told_t step_today(apr_int64_t after, apr_uint32_t place)
{
    usage_view_t view = view_of(TODAY, MIDNIGHT + after);
    view.before = YESTERDAY;
    view.place = usage_place_bits((usage_place_t){ .slot = place });
    return step_view(&sessions, &view);
}

static told_t step_yesterday(apr_int64_t before, apr_uint32_t place)
{
    usage_view_t view = view_of(YESTERDAY, MIDNIGHT - before);
    view.day = MIDNIGHT - DAY;
    view.after = TODAY;
    view.place = usage_place_bits((usage_place_t){ .slot = place });
    return step_view(&sessions, &view);
}

static void assert_continues(told_t stepped, apr_uint32_t place,
                             bool was_bounce)
{
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert_uint_eq(stepped.previous.slot, place);
    ck_assert_int_eq(stepped.was_bounce, was_bounce);
}

START_TEST(late_view_follows_its_visit_over_midnight)
{
    sessions = make();
    ck_assert_int_eq(step_yesterday(120, 1).step, USAGE_STEP_NEW);
    assert_continues(step_today(60, 2), 1, true);
    told_t late = step_yesterday(60, 3);
    assert_continues(late, 2, false);
    ck_assert(!late.is_first_today);
    ck_assert_int_eq(late.seconds, 0);
    ck_assert_int_eq(late.time, MIDNIGHT + 60);
    assert_continues(step_yesterday(50, 4), 3, false);
    assert_continues(step_today(70, 5), 4, false);
}
END_TEST

START_TEST(late_view_may_be_its_day_s_first)
{
    sessions = make();
    ck_assert_int_eq(step_today(60, 1).step, USAGE_STEP_NEW);
    told_t late = step_yesterday(60, 2);
    assert_continues(late, 1, true);
    ck_assert(late.is_first_today);
    late = step_yesterday(60, 3);
    assert_continues(late, 2, false);
    ck_assert(!late.is_first_today);
}
END_TEST

START_TEST(late_view_joins_today_s_visit_even_if_yesterday_s_was_another)
{
    sessions = make();
    step_yesterday(2 * WINDOW, 1);
    told_t first = step_today(60, 2);
    ck_assert_int_eq(first.step, USAGE_STEP_NEW);
    ck_assert(first.is_first_today);
    assert_continues(step_yesterday(60, 3), 2, true);
}
END_TEST

START_TEST(view_so_late_that_nobody_looks_is_a_visit_of_its_own)
{
    sessions = make();
    step_yesterday(120, 1);
    step_today(60, 2);
    usage_view_t view = view_of(YESTERDAY, MIDNIGHT - 2 * WINDOW);
    told_t late = step_view(&sessions, &view);
    ck_assert_int_eq(late.step, USAGE_STEP_RETURNING);
    ck_assert(!late.is_first_today);
    assert_continues(step_today(70, 3), 2, false);
}
END_TEST

START_TEST(members_of_a_late_visit_keep_their_days)
{
    sessions = make();
    step_today(60, 1);
    step_yesterday(60, 2);
    ck_assert_uint_eq(sessions.members[0][TODAY].day, MIDNIGHT / DAY);
    ck_assert_uint_eq(sessions.members[0][YESTERDAY].day, MIDNIGHT / DAY - 1);
    ck_assert_uint_ne(sessions.members[0][YESTERDAY].state, 0);
    sessions.head->current = 1;
    assert_continues(step_yesterday(60, 3), 2, false);
    ck_assert_uint_eq(sessions.members[1][TODAY].day, MIDNIGHT / DAY);
}
END_TEST

START_TEST(view_asks_only_if_its_visitor_is_not_known)
{
    sessions = make();
    usage_view_t view = view_of(TODAY, MIDNIGHT + 60);
    view.is_complete = false;
    ck_assert_int_eq(step_view(&sessions, &view).step, USAGE_STEP_ASKS);
    ck_assert_uint_eq(sessions.members[0][TODAY].state, 0);
    step_today(60, 1);
    assert_continues(step_view(&sessions, &view), 1, true);
    view.visitor = YESTERDAY;
    ck_assert_int_eq(step_view(&sessions, &view).step, USAGE_STEP_ASKS);
}
END_TEST

static told_t step_at(apr_uint32_t place)
{
    usage_view_t view = view_of(9, NOON);
    view.place = usage_place_bits((usage_place_t){ .slot = place });
    return step_view(&sessions, &view);
}

START_TEST(writer_in_the_old_generation_follows_the_visit)
{
    sessions = make();
    ck_assert_int_eq(step_at(1).step, USAGE_STEP_NEW);
    for (apr_uint32_t place = 2; place < 20; place++) {
        sessions.head->current = place % 3 == 0;
        told_t stepped = step_at(place);
        assert_continues(stepped, place - 1, place == 2);
        ck_assert(!stepped.is_first_today);
    }
}
END_TEST

/* What is known of each view's place. */
static _Atomic unsigned char begun[PLACES]; /* it began a visit */
static _Atomic unsigned char left[PLACES]; /* its exit was taken back */
static _Atomic unsigned char shared[PLACES]; /* its bounce was, too */

static void step_one(apr_uint64_t visitor, apr_uint32_t place, int hash)
{
    usage_view_t view = view_of(2 * visitor + 2, NOON);
    view.visitor += (apr_uint64_t)hash;
    view.place = usage_place_bits((usage_place_t){ .slot = place });
    view.before = hash == 1 ? view.visitor - 1 : 0;
    view.after = hash == 0 ? view.visitor + 1 : 0;
    told_t stepped = step_view(&sessions, &view);
    if (stepped.step == USAGE_STEP_CONTINUED) {
        atomic_fetch_add(&left[stepped.previous.slot], 1);
        atomic_fetch_add(&shared[stepped.previous.slot], stepped.was_bounce);
    }
    else {
        atomic_store(&begun[place], 1);
    }
}

/* Views of today and late ones of yesterday, while generations begin. */
static void crowd(int number)
{
    apr_uint32_t place = (apr_uint32_t)number * VIEWS * VISITORS;
    for (int view = 0; view < VIEWS; view++) {
        if (number == 0 && has_generations) {
            atomic_fetch_xor(&sessions.head->current, 1);
        }
        for (apr_uint64_t visitor = 0; visitor < VISITORS; visitor++, place++) {
            step_one(visitor, place, (view + number) % 5 != 0);
        }
    }
}

static void clear(_Atomic unsigned char *of)
{
    for (int i = 0; i < PLACES; i++) {
        atomic_store(&of[i], 0);
    }
}

static void check_places(void)
{
    int visits = 0;
    for (int i = 0; i < PLACES; i++) {
        ck_assert_int_le(left[i], 1);
        ck_assert_int_le(shared[i], begun[i]);
        visits += begun[i];
    }
    ck_assert_int_ge(visits, VISITORS);
    ck_assert_int_lt(visits, PLACES / 100);
}

START_TEST(no_view_is_taken_back_twice)
{
    has_generations = _i;
    for (int round = 0; round < ROUNDS; round++) {
        sessions = make();
        clear(begun);
        clear(left);
        clear(shared);
        threads_run(crowd);
        check_places();
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session_late");
    TCase *midnight = unit_case(suite, "midnight");
    TCase *generations = unit_case(suite, "generations");

    tcase_add_test(midnight, late_view_follows_its_visit_over_midnight);
    tcase_add_test(midnight, late_view_may_be_its_day_s_first);
    tcase_add_test(
        midnight,
        late_view_joins_today_s_visit_even_if_yesterday_s_was_another);
    tcase_add_test(midnight,
                   view_so_late_that_nobody_looks_is_a_visit_of_its_own);
    tcase_add_test(midnight, members_of_a_late_visit_keep_their_days);
    tcase_add_test(midnight, view_asks_only_if_its_visitor_is_not_known);

    tcase_add_test(generations, writer_in_the_old_generation_follows_the_visit);
    tcase_set_timeout(generations, 60);
    tcase_add_loop_test(generations, no_view_is_taken_back_twice, 0, 2);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
