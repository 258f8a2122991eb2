/* SPDX-License-Identifier: Apache-2.0 */
/* What a hit is counted as: outcomes, pages, visitors and visits. */
#include "unit.h"

#include "visits.h"

#define SITE "a.example"

static const usage_geometry_t roomy = { .slots = 1024, .visitors = 1024 };

static usage_memory_t memory;

static void setup(void)
{
    memory = visits_segment(&roomy, MIDNIGHT);
}

static usage_hit_t hit_of(const char *path, apr_int64_t time)
{
    return visits_view(SITE, "Agent/1.0", path, time);
}

static void view_by(const char *site, const char *agent, const char *path,
                    apr_int64_t time)
{
    usage_hit_t hit = visits_view(site, agent, path, time);
    usage_hit_count(&memory, &hit);
}

/* The one visitor views a path. */
static void view(const char *path, apr_int64_t time)
{
    view_by(SITE, "Agent/1.0", path, time);
}

/* One counter of a path, or with NULL of the site, in all intervals. */
static apr_int64_t got(int counter, const char *path)
{
    return visits_of(&memory, SITE, path, -1).of[counter];
}

static apr_int64_t got_at(int counter, const char *path, apr_int64_t start)
{
    return visits_of(&memory, SITE, path, start).of[counter];
}

START_TEST(every_outcome_is_counted_as_its_own)
{
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        usage_hit_t hit = hit_of("/a", MIDNIGHT);
        hit.outcome = (usage_outcome_e)i;
        usage_hit_count(&memory, &hit);
        usage_hit_count(&memory, &hit);
    }
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        const char *word = usage_outcome_word((usage_outcome_e)i);
        ck_assert_int_eq(outcomes_of(&memory, SITE, word), 2);
    }
    ck_assert_int_eq(outcomes_of(&memory, SITE, NULL), 2 * USAGE_OUTCOMES);
}
END_TEST

START_TEST(only_a_view_is_more_than_its_outcome)
{
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        usage_hit_t hit = hit_of("/a", MIDNIGHT);
        hit.outcome = (usage_outcome_e)i;
        if (i != USAGE_OUTCOME_VIEW) {
            usage_hit_count(&memory, &hit);
        }
    }
    ck_assert_int_eq(got(USAGE_VIEWS, NULL), 0);
    ck_assert_int_eq(visitors_of(&memory, SITE, -1), 0);
    ck_assert_uint_eq(memory.header->sessions.used[0], 0);
}
END_TEST

START_TEST(view_is_counted_with_all_it_means)
{
    usage_hit_t hit = hit_of("/a", MIDNIGHT + HOUR + 7);
    hit.bytes = 1000;
    hit.millis = 20;
    usage_hit_count(&memory, &hit);
    usage_values_t values = visits_of(&memory, SITE, "/a", MIDNIGHT + HOUR);
    static const usage_values_t expected = { .of = { [USAGE_VIEWS] = 1,
                                                     [USAGE_VISITORS] = 1,
                                                     [USAGE_VISITS] = 1,
                                                     [USAGE_BOUNCES] = 1,
                                                     [USAGE_EXITS] = 1,
                                                     [USAGE_BYTES] = 1000,
                                                     [USAGE_MILLIS] = 20 } };
    ck_assert_mem_eq(&values, &expected, sizeof values);
    ck_assert_int_eq(visitors_of(&memory, SITE, MIDNIGHT + HOUR), 1);
}
END_TEST

static void check_agent(void *baton, const usage_count_t *count)
{
    if (count->key.kind == USAGE_KIND_VIEW) {
        ck_assert_int_eq(count->key.device, USAGE_DEVICE_MOBILE);
        ck_assert_int_eq(count->key.browser, USAGE_BROWSER_OPERA);
        ck_assert_int_eq(count->key.system, USAGE_SYSTEM_BSD);
        *(int *)baton += 1;
    }
}

START_TEST(view_is_counted_under_its_agent)
{
    int seen = 0;
    view("/a", MIDNIGHT);
    usage_batch_read(&memory, 0, usage_batch_revision(&memory), check_agent,
                     &seen);
    ck_assert_int_eq(seen, 1);
}
END_TEST

START_TEST(next_view_takes_back_bounce_and_exit)
{
    view("/a", MIDNIGHT);
    view("/b", MIDNIGHT + 100);
    ck_assert_int_eq(got(USAGE_VISITS, "/a"), 1);
    ck_assert_int_eq(got(USAGE_BOUNCES, "/a"), 0);
    ck_assert_int_eq(got(USAGE_EXITS, "/a"), 0);
    ck_assert_int_eq(got(USAGE_SECONDS, "/a"), 100);
    ck_assert_int_eq(got(USAGE_VISITS, "/b"), 0);
    ck_assert_int_eq(got(USAGE_BOUNCES, "/b"), 0);
    ck_assert_int_eq(got(USAGE_EXITS, "/b"), 1);
    ck_assert_int_eq(got(USAGE_SECONDS, "/b"), 0);
}
END_TEST

START_TEST(visit_over_the_hour_is_taken_back_where_it_was)
{
    view("/a", MIDNIGHT + HOUR - 10);
    view("/a", MIDNIGHT + HOUR + 10);
    ck_assert_int_eq(got_at(USAGE_EXITS, "/a", MIDNIGHT), 0);
    ck_assert_int_eq(got_at(USAGE_SECONDS, "/a", MIDNIGHT), 20);
    ck_assert_int_eq(got_at(USAGE_EXITS, "/a", MIDNIGHT + HOUR), 1);
    ck_assert_int_eq(got_at(USAGE_VISITORS, "/a", MIDNIGHT + HOUR), 0);
    ck_assert_int_eq(visitors_of(&memory, SITE, MIDNIGHT + HOUR), 0);
}
END_TEST

START_TEST(gap_of_just_under_the_window_is_one_visit)
{
    view("/a", MIDNIGHT);
    view("/a", MIDNIGHT + WINDOW - 1);
    ck_assert_int_eq(got(USAGE_VISITS, "/a"), 1);
    ck_assert_int_eq(got(USAGE_SECONDS, "/a"), WINDOW - 1);
    ck_assert_int_eq(got(USAGE_BOUNCES, "/a"), 0);
}
END_TEST

START_TEST(gap_of_exactly_the_window_is_two_visits)
{
    view("/a", MIDNIGHT);
    view("/a", MIDNIGHT + WINDOW);
    ck_assert_int_eq(got(USAGE_VISITS, "/a"), 2);
    ck_assert_int_eq(got(USAGE_RETURNING_VISITS, "/a"), 1);
    ck_assert_int_eq(got(USAGE_BOUNCES, "/a"), 2);
    ck_assert_int_eq(got(USAGE_EXITS, "/a"), 2);
    ck_assert_int_eq(got(USAGE_SECONDS, "/a"), 0);
    ck_assert_int_eq(got(USAGE_VISITORS, "/a"), 1);
    ck_assert_int_eq(visitors_of(&memory, SITE, -1), 1);
}
END_TEST

START_TEST(visitor_is_counted_once_a_page_and_day)
{
    for (int i = 0; i < 5; i++) {
        view("/a", MIDNIGHT + i * HOUR);
        view("/b", MIDNIGHT + i * HOUR);
        view_by(SITE, "Agent/2.0", "/a", MIDNIGHT + i * HOUR);
    }
    ck_assert_int_eq(got(USAGE_VISITORS, "/a"), 2);
    ck_assert_int_eq(got(USAGE_VISITORS, "/b"), 1);
    ck_assert_int_eq(visitors_of(&memory, SITE, -1), 2);
    ck_assert_int_eq(visitors_of(&memory, SITE, MIDNIGHT), 2);
}
END_TEST

START_TEST(sites_know_nothing_of_each_other)
{
    view_by("a.example", "Agent/1.0", "/a", MIDNIGHT);
    view_by("b.example", "Agent/1.0", "/a", MIDNIGHT + 1);
    for (int i = 0; i < 2; i++) {
        const char *site = i == 0 ? "a.example" : "b.example";
        usage_values_t values = visits_of(&memory, site, "/a", -1);
        ck_assert_int_eq(values.of[USAGE_VISITORS], 1);
        ck_assert_int_eq(values.of[USAGE_VISITS], 1);
        ck_assert_int_eq(values.of[USAGE_RETURNING_VISITS], 0);
        ck_assert_int_eq(values.of[USAGE_BOUNCES], 1);
        ck_assert_int_eq(visitors_of(&memory, site, -1), 1);
    }
}
END_TEST

START_TEST(visit_over_midnight_is_one_visit_of_both_days)
{
    memory = visits_segment(&roomy, MIDNIGHT - 60);
    view("/a", MIDNIGHT - 10);
    visits_keep_salts(&memory, MIDNIGHT);
    view("/a", MIDNIGHT + 10);
    view("/a", MIDNIGHT + 20);
    ck_assert_int_eq(got(USAGE_VISITS, "/a"), 1);
    ck_assert_int_eq(got(USAGE_EXITS, "/a"), 1);
    ck_assert_int_eq(got(USAGE_BOUNCES, "/a"), 0);
    ck_assert_int_eq(got_at(USAGE_SECONDS, "/a", MIDNIGHT - HOUR), 20);
    ck_assert_int_eq(got_at(USAGE_VISITORS, "/a", MIDNIGHT - HOUR), 1);
    ck_assert_int_eq(got_at(USAGE_VISITORS, "/a", MIDNIGHT), 1);
    ck_assert_int_eq(visitors_of(&memory, SITE, MIDNIGHT - HOUR), 1);
    ck_assert_int_eq(visitors_of(&memory, SITE, MIDNIGHT), 1);
}
END_TEST

START_TEST(visit_over_midnight_may_last_to_the_end_of_the_window)
{
    memory = visits_segment(&roomy, MIDNIGHT - 60);
    view("/a", MIDNIGHT - 1);
    visits_keep_salts(&memory, MIDNIGHT + WINDOW - 2);
    view("/a", MIDNIGHT + WINDOW - 2);
    ck_assert_int_eq(got(USAGE_VISITS, "/a"), 1);
    ck_assert_int_eq(got(USAGE_SECONDS, "/a"), WINDOW - 1);
}
END_TEST

START_TEST(pause_over_midnight_makes_a_new_visitor)
{
    memory = visits_segment(&roomy, MIDNIGHT - 60);
    view("/a", MIDNIGHT - 10);
    visits_keep_salts(&memory, MIDNIGHT + WINDOW - 10);
    view("/a", MIDNIGHT + WINDOW - 10);
    ck_assert_int_eq(got(USAGE_VISITS, "/a"), 2);
    ck_assert_int_eq(got(USAGE_RETURNING_VISITS, "/a"), 0);
    ck_assert_int_eq(got(USAGE_BOUNCES, "/a"), 2);
    ck_assert_int_eq(visitors_of(&memory, SITE, -1), 2);
}
END_TEST

START_TEST(view_without_a_salt_has_no_visitor)
{
    view("/a", MIDNIGHT + 5 * DAY);
    usage_values_t values = visits_of(&memory, SITE, "/a", -1);
    usage_values_t expected = { .of = { [USAGE_VIEWS] = 1 } };
    ck_assert_mem_eq(&values, &expected, sizeof values);
    ck_assert_int_eq(visitors_of(&memory, SITE, -1), 0);
}
END_TEST

START_TEST(view_of_one_too_many_has_no_visitor)
{
    char agent[16];
    for (int i = 0; i < 1024; i++) {
        apr_snprintf(agent, sizeof agent, "Agent/%d", i);
        view_by(SITE, agent, "/a", MIDNIGHT);
    }
    apr_int64_t known = visitors_of(&memory, SITE, -1);
    ck_assert_int_ge(known, 256);
    ck_assert_int_le(known, 512);
    ck_assert_int_eq(got(USAGE_VIEWS, "/a"), 1024);
    ck_assert_int_eq(got(USAGE_VISITORS, "/a"), known);
    ck_assert_int_eq(got(USAGE_VISITS, "/a"), known);
    ck_assert_int_eq(got(USAGE_BOUNCES, "/a"), known);
    ck_assert_int_eq(got(USAGE_EXITS, "/a"), known);
}
END_TEST

START_TEST(paths_over_the_budget_are_one_page)
{
    char path[16];
    for (int i = 0; i < 10; i++) {
        usage_hit_t hit = hit_of("", MIDNIGHT + i);
        apr_snprintf(path, sizeof path, "/%d", i);
        hit.path = text_of(path);
        hit.path_hash = visits_hash(path);
        hit.host->paths = 3;
        usage_hit_count(&memory, &hit);
    }
    ck_assert_int_eq(got(USAGE_VIEWS, "/2"), 1);
    ck_assert_int_eq(got(USAGE_VIEWS, "/3"), 0);
    ck_assert_int_eq(got(USAGE_VIEWS, "/*"), 7);
    ck_assert_int_eq(got(USAGE_VISITORS, "/*"), 1);
    ck_assert_int_eq(got(USAGE_EXITS, "/*"), 1);
    ck_assert_int_eq(got(USAGE_SECONDS, "/*"), 6);
    ck_assert_int_eq(got(USAGE_SECONDS, NULL), 9);
}
END_TEST

START_TEST(ring_tells_which_views_began_a_visit)
{
    apr_uint64_t key = usage_site_key(text_of(SITE));
    const usage_site_t *site = usage_site_of(&memory.sites, key);
    view("/a", MIDNIGHT);
    view("/b", MIDNIGHT + 60);
    view("/a", MIDNIGHT + 60 + WINDOW);
    ck_assert_uint_eq(site->next, 3);
    ck_assert(usage_place_flag(site->ring[0]));
    ck_assert(!usage_place_flag(site->ring[1]));
    ck_assert(usage_place_flag(site->ring[2]));
    ck_assert_uint_eq(usage_place_of(site->ring[0]).slot,
                      usage_place_of(site->ring[2]).slot);
    ck_assert_ptr_nonnull(
        usage_memory_at(&memory, usage_place_of(site->ring[1])));
}
END_TEST

/* Empty the table that was counted in, while its visits go on. */
static void clear_under_visits(void)
{
    ck_assert(usage_memory_move(&memory, 0, MIDNIGHT));
    usage_memory_clear(&memory, 0);
}

START_TEST(emptied_table_takes_the_page_but_not_the_sums)
{
    view("/a", MIDNIGHT + HOUR - 60);
    clear_under_visits();
    view("/b", MIDNIGHT + HOUR);
    ck_assert_int_eq(got(USAGE_EXITS, "/b"), 1);
    ck_assert_int_eq(got_at(USAGE_EXITS, "/*", MIDNIGHT), -1);
    ck_assert_int_eq(got_at(USAGE_BOUNCES, "/*", MIDNIGHT), -1);
    ck_assert_int_eq(got_at(USAGE_SECONDS, "/*", MIDNIGHT), 60);
    ck_assert_int_eq(got(USAGE_VIEWS, "/*"), 0);
    ck_assert_int_eq(got(USAGE_SECONDS, NULL), 60);
}
END_TEST

START_TEST(clock_that_went_back_does_not_change_the_interval)
{
    view("/a", MIDNIGHT + HOUR);
    clear_under_visits();
    view("/b", MIDNIGHT + HOUR - 5);
    ck_assert_int_eq(got_at(USAGE_EXITS, "/*", MIDNIGHT + HOUR), -1);
    ck_assert_int_eq(got_at(USAGE_EXITS, NULL, MIDNIGHT), 1);
    ck_assert_int_eq(got(USAGE_SECONDS, NULL), 0);
}
END_TEST

START_TEST(full_tables_lose_nothing)
{
    static const usage_geometry_t tiny = { .slots = 32, .visitors = 1024 };
    char site[16];
    char path[16];
    memory = visits_segment(&tiny, MIDNIGHT);
    for (int i = 0; i < 500; i++) {
        apr_snprintf(site, sizeof site, "%d.example", i % 7);
        apr_snprintf(path, sizeof path, "/%d", i);
        view_by(site, "Agent/1.0", path, MIDNIGHT + i);
    }
    usage_values_t sums = visits_of(&memory, NULL, NULL, -1);
    ck_assert_int_eq(sums.of[USAGE_VIEWS], 500);
    ck_assert_int_eq(sums.of[USAGE_VISITS], 7);
    ck_assert_int_eq(sums.of[USAGE_EXITS], 7);
    ck_assert_int_eq(sums.of[USAGE_BOUNCES], 0);
    ck_assert_int_eq(sums.of[USAGE_SECONDS], (500 - 7) * 7);
    ck_assert_int_eq(outcomes_of(&memory, NULL, "view"), 500);
    ck_assert_int_eq(visitors_of(&memory, NULL, -1), 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hit");
    TCase *hits = unit_case(suite, "hits");
    TCase *visits = unit_case(suite, "visits");
    TCase *midnight = unit_case(suite, "midnight");
    TCase *room = unit_case(suite, "room");

    tcase_add_checked_fixture(hits, setup, NULL);
    tcase_add_test(hits, every_outcome_is_counted_as_its_own);
    tcase_add_test(hits, only_a_view_is_more_than_its_outcome);
    tcase_add_test(hits, view_is_counted_with_all_it_means);
    tcase_add_test(hits, view_is_counted_under_its_agent);
    tcase_add_test(hits, ring_tells_which_views_began_a_visit);

    tcase_add_checked_fixture(visits, setup, NULL);
    tcase_add_test(visits, next_view_takes_back_bounce_and_exit);
    tcase_add_test(visits, visit_over_the_hour_is_taken_back_where_it_was);
    tcase_add_test(visits, gap_of_just_under_the_window_is_one_visit);
    tcase_add_test(visits, gap_of_exactly_the_window_is_two_visits);
    tcase_add_test(visits, visitor_is_counted_once_a_page_and_day);
    tcase_add_test(visits, sites_know_nothing_of_each_other);

    tcase_add_test(midnight, visit_over_midnight_is_one_visit_of_both_days);
    tcase_add_test(midnight,
                   visit_over_midnight_may_last_to_the_end_of_the_window);
    tcase_add_test(midnight, pause_over_midnight_makes_a_new_visitor);

    tcase_add_checked_fixture(room, setup, NULL);
    tcase_add_test(room, view_without_a_salt_has_no_visitor);
    tcase_add_test(room, view_of_one_too_many_has_no_visitor);
    tcase_add_test(room, paths_over_the_budget_are_one_page);
    tcase_add_test(room, emptied_table_takes_the_page_but_not_the_sums);
    tcase_add_test(room, clock_that_went_back_does_not_change_the_interval);
    tcase_add_test(room, full_tables_lose_nothing);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
