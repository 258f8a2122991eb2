/* SPDX-License-Identifier: Apache-2.0 */
/* The step of a visit, one view at a time and many at once. */
#include "sessions.h"
#include "threads.h"

#define FULL   (CAPACITY / 8 * 7)
#define NEARLY (CAPACITY / 4 * 3) /* when a new generation is due */
#define PROBES 64

/* Step many visitors for the first time: @return how many found room. */
static int fill(const usage_sessions_t *sessions, apr_uint64_t first, int count)
{
    int found = 0;
    for (int i = 0; i < count; i++) {
        found += step(sessions, first + (apr_uint64_t)i, NOON).step
                 == USAGE_STEP_NEW;
    }
    return found;
}

START_TEST(first_view_is_a_new_visit)
{
    usage_sessions_t sessions = make();
    told_t stepped = step(&sessions, 5, NOON);
    ck_assert_int_eq(stepped.step, USAGE_STEP_NEW);
    ck_assert(stepped.is_first_today);
}
END_TEST

START_TEST(next_view_tells_of_the_one_before)
{
    usage_sessions_t sessions = make();
    usage_view_t view = view_of(5, NOON);
    view.place =
        usage_place_bits((usage_place_t){ .table = 1, .slot = 77, .epoch = 9 });
    step_view(&sessions, &view);
    told_t stepped = step(&sessions, 5, NOON + 100);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert(!stepped.is_first_today);
    ck_assert(stepped.was_bounce);
    ck_assert_uint_eq(stepped.previous.table, 1);
    ck_assert_uint_eq(stepped.previous.slot, 77);
    ck_assert_uint_eq(stepped.previous.epoch, 9);
    ck_assert_int_eq(stepped.seconds, 100);
    ck_assert_int_eq(stepped.time, NOON);
}
END_TEST

START_TEST(third_view_takes_back_no_bounce)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    step(&sessions, 5, NOON + 10);
    told_t stepped = step(&sessions, 5, NOON + 30);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert(!stepped.was_bounce);
    ck_assert_int_eq(stepped.seconds, 20);
}
END_TEST

START_TEST(gap_of_just_under_the_window_continues)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    told_t stepped = step(&sessions, 5, NOON + WINDOW - 1);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert_int_eq(stepped.seconds, WINDOW - 1);
}
END_TEST

START_TEST(gap_of_the_window_begins_a_returning_visit)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    told_t stepped = step(&sessions, 5, NOON + WINDOW);
    ck_assert_int_eq(stepped.step, USAGE_STEP_RETURNING);
    ck_assert(!stepped.is_first_today);
    ck_assert(step(&sessions, 5, NOON + WINDOW + 1).was_bounce);
}
END_TEST

START_TEST(window_runs_from_the_newest_view)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    for (int i = 1; i < 20; i++) {
        apr_int64_t time = NOON + (apr_int64_t)i * (WINDOW - 1);
        ck_assert_int_eq(step(&sessions, 5, time).step, USAGE_STEP_CONTINUED);
    }
}
END_TEST

START_TEST(clock_that_went_back_gives_no_seconds)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    told_t stepped = step(&sessions, 5, NOON - 7);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert_int_eq(stepped.seconds, 0);
    ck_assert_int_eq(stepped.time, NOON);
}
END_TEST

START_TEST(visitors_do_not_mix)
{
    usage_sessions_t sessions = make();
    for (apr_uint64_t i = 1; i <= PROBES; i++) {
        ck_assert_int_eq(step(&sessions, i * CAPACITY, NOON).step,
                         USAGE_STEP_NEW);
    }
    for (apr_uint64_t i = 1; i <= PROBES; i++) {
        ck_assert_int_eq(step(&sessions, i * CAPACITY, NOON + 1).step,
                         USAGE_STEP_CONTINUED);
    }
}
END_TEST

START_TEST(member_knows_its_site)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    ck_assert_uint_eq(sessions.members[0][5].visitor, 5);
    ck_assert_uint_eq(sessions.members[0][5].site, 7);
    ck_assert_uint_eq(sessions.members[0][5].day, NOON / DAY);
    ck_assert_uint_eq(sessions.head->used[0], 1);
}
END_TEST

START_TEST(claim_that_was_never_finished_is_a_new_visit)
{
    usage_sessions_t sessions = make();
    sessions.members[0][5].visitor = 5;
    sessions.head->used[0] = 1;
    ck_assert_int_eq(step(&sessions, 5, NOON).step, USAGE_STEP_NEW);
    ck_assert_int_eq(step(&sessions, 5, NOON).step, USAGE_STEP_CONTINUED);
}
END_TEST

START_TEST(visit_goes_on_over_midnight)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    told_t stepped = step_over(&sessions, 6, 5, NOON + 60);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert(stepped.is_first_today);
    ck_assert(stepped.was_bounce);
    ck_assert_int_eq(stepped.seconds, 60);
    stepped = step_over(&sessions, 6, 5, NOON + 90);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert(!stepped.is_first_today);
    ck_assert(!stepped.was_bounce);
    ck_assert_int_eq(stepped.seconds, 30);
}
END_TEST

START_TEST(yesterday_s_visitor_who_paused_is_new)
{
    usage_sessions_t sessions = make();
    step(&sessions, 5, NOON);
    told_t stepped = step_over(&sessions, 6, 5, NOON + WINDOW);
    ck_assert_int_eq(stepped.step, USAGE_STEP_NEW);
    ck_assert(stepped.is_first_today);
}
END_TEST

START_TEST(today_counts_more_than_yesterday)
{
    usage_sessions_t sessions = make();
    step(&sessions, 6, NOON);
    step(&sessions, 5, NOON + WINDOW - 1);
    told_t stepped = step_over(&sessions, 6, 5, NOON + WINDOW);
    ck_assert_int_eq(stepped.step, USAGE_STEP_RETURNING);
}
END_TEST

START_TEST(full_table_does_not_know)
{
    usage_sessions_t sessions = make();
    ck_assert_int_eq(fill(&sessions, 1, CAPACITY), FULL);
    ck_assert_int_eq(step(&sessions, CAPACITY, NOON).step, USAGE_STEP_UNKNOWN);
    ck_assert_int_eq(step(&sessions, CAPACITY, NOON).step, USAGE_STEP_UNKNOWN);
    ck_assert_int_eq(step(&sessions, FULL, NOON).step, USAGE_STEP_CONTINUED);
}
END_TEST

START_TEST(place_with_too_many_neighbours_does_not_know)
{
    usage_sessions_t sessions = make();
    for (apr_uint64_t i = 1; i <= PROBES; i++) {
        step(&sessions, i * CAPACITY, NOON);
    }
    ck_assert_int_eq(step(&sessions, CAPACITY * (PROBES + 1), NOON).step,
                     USAGE_STEP_UNKNOWN);
    ck_assert_int_eq(step(&sessions, CAPACITY / 2, NOON).step, USAGE_STEP_NEW);
}
END_TEST

START_TEST(generation_stays_until_it_is_nearly_full)
{
    usage_sessions_t sessions = make();
    fill(&sessions, 1, NEARLY - 1);
    usage_sessions_rotate(&sessions);
    ck_assert_uint_eq(sessions.head->current, 0);
    fill(&sessions, NEARLY, 1);
    usage_sessions_rotate(&sessions);
    ck_assert_uint_eq(sessions.head->current, 1);
    ck_assert_uint_eq(sessions.head->used[1], 0);
}
END_TEST

START_TEST(visit_goes_on_over_a_rotation)
{
    usage_sessions_t sessions = make();
    fill(&sessions, 1, NEARLY);
    usage_sessions_rotate(&sessions);
    told_t stepped = step(&sessions, 1, NOON + 5);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert(!stepped.is_first_today);
    ck_assert(stepped.was_bounce);
    ck_assert_int_eq(stepped.seconds, 5);
    ck_assert_int_eq(step(&sessions, 2, NOON + WINDOW).step,
                     USAGE_STEP_RETURNING);
    ck_assert_uint_eq(sessions.head->used[1], 2);
}
END_TEST

START_TEST(visit_goes_on_over_midnight_and_a_rotation)
{
    usage_sessions_t sessions = make();
    fill(&sessions, 1, NEARLY);
    usage_sessions_rotate(&sessions);
    told_t stepped = step_over(&sessions, 9999, 1, NOON + 5);
    ck_assert_int_eq(stepped.step, USAGE_STEP_CONTINUED);
    ck_assert(stepped.is_first_today);
}
END_TEST

START_TEST(visitor_who_is_met_again_outlives_the_rotations)
{
    usage_sessions_t sessions = make();
    step(&sessions, 1, NOON);
    for (apr_uint64_t round = 0; round < 6; round++) {
        fill(&sessions, 2 + round * CAPACITY, NEARLY);
        usage_sessions_rotate(&sessions);
        ck_assert_uint_eq(sessions.head->current, 1 - round % 2);
        ck_assert_int_eq(step(&sessions, 1, NOON).step, USAGE_STEP_CONTINUED);
    }
}
END_TEST

START_TEST(visitor_who_is_not_met_for_a_generation_is_forgotten)
{
    usage_sessions_t sessions = make();
    for (apr_uint64_t round = 0; round < 2; round++) {
        fill(&sessions, 1 + round * CAPACITY, NEARLY);
        usage_sessions_rotate(&sessions);
    }
    ck_assert_int_eq(step(&sessions, 1, NOON).step, USAGE_STEP_NEW);
    ck_assert_int_eq(step(&sessions, 1 + CAPACITY, NOON).step,
                     USAGE_STEP_CONTINUED);
}
END_TEST

enum { VISITORS = 50, VIEWS = 100, ROUNDS = 8 };

/* Each view has a place of its own, so that it can be told whose it was. */
#define PLACES (THREADS * VIEWS * VISITORS)

static usage_sessions_t crowded;
static _Atomic int begun[VISITORS];
static _Atomic int bounces[VISITORS];
static _Atomic unsigned char taken_back[PLACES];

static void step_one(int visitor, apr_uint32_t place)
{
    usage_view_t view = view_of((apr_uint64_t)visitor + 1, NOON);
    view.place = usage_place_bits((usage_place_t){ .slot = place });
    told_t stepped = step_view(&crowded, &view);
    if (stepped.step == USAGE_STEP_CONTINUED) {
        atomic_fetch_add(&taken_back[stepped.previous.slot], 1);
        atomic_fetch_add(&bounces[visitor], stepped.was_bounce);
    }
    else {
        atomic_fetch_add(&begun[visitor], stepped.step == USAGE_STEP_NEW);
    }
}

static void crowd(int number)
{
    apr_uint32_t place = (apr_uint32_t)number * VIEWS * VISITORS;
    for (int view = 0; view < VIEWS; view++) {
        for (int visitor = 0; visitor < VISITORS; visitor++) {
            step_one(visitor, place++);
        }
    }
}

START_TEST(views_at_once_make_one_chain)
{
    for (int round = 0; round < ROUNDS; round++) {
        int left = 0;
        crowded = make();
        threads_run(crowd);
        for (int i = 0; i < VISITORS; i++) {
            ck_assert_int_eq(atomic_exchange(&begun[i], 0), 1);
            ck_assert_int_eq(atomic_exchange(&bounces[i], 0), 1);
        }
        for (int i = 0; i < PLACES; i++) {
            int times = atomic_exchange(&taken_back[i], 0);
            ck_assert_int_le(times, 1);
            left += times == 0;
        }
        ck_assert_int_eq(left, VISITORS);
        ck_assert_uint_eq(crowded.head->used[0], VISITORS);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session");
    TCase *visit = unit_case(suite, "visit");
    TCase *room = unit_case(suite, "room");
    TCase *threads = unit_case(suite, "threads");

    tcase_add_test(visit, first_view_is_a_new_visit);
    tcase_add_test(visit, next_view_tells_of_the_one_before);
    tcase_add_test(visit, third_view_takes_back_no_bounce);
    tcase_add_test(visit, gap_of_just_under_the_window_continues);
    tcase_add_test(visit, gap_of_the_window_begins_a_returning_visit);
    tcase_add_test(visit, window_runs_from_the_newest_view);
    tcase_add_test(visit, clock_that_went_back_gives_no_seconds);
    tcase_add_test(visit, visitors_do_not_mix);
    tcase_add_test(visit, member_knows_its_site);
    tcase_add_test(visit, claim_that_was_never_finished_is_a_new_visit);
    tcase_add_test(visit, visit_goes_on_over_midnight);
    tcase_add_test(visit, yesterday_s_visitor_who_paused_is_new);
    tcase_add_test(visit, today_counts_more_than_yesterday);

    tcase_add_test(room, full_table_does_not_know);
    tcase_add_test(room, place_with_too_many_neighbours_does_not_know);
    tcase_add_test(room, generation_stays_until_it_is_nearly_full);
    tcase_add_test(room, visit_goes_on_over_a_rotation);
    tcase_add_test(room, visit_goes_on_over_midnight_and_a_rotation);
    tcase_add_test(room, visitor_who_is_met_again_outlives_the_rotations);
    tcase_add_test(room, visitor_who_is_not_met_for_a_generation_is_forgotten);

    tcase_set_timeout(threads, 60);
    tcase_add_test(threads, views_at_once_make_one_chain);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
