/* SPDX-License-Identifier: Apache-2.0 */
/* A few numbers of all sites together. */
#include "unit.h"

#include "engine/distinct.h"
#include "engine/glance.h"
#include "visits.h"

#define NOON (MIDNIGHT + 12 * HOUR)

static const usage_geometry_t geometry = { .slots = 1024, .visitors = 1024 };

static usage_memory_t memory;

static void setup(void)
{
    memory = visits_segment(&geometry, NOON);
}

static void view(const char *site, const char *agent, const char *path,
                 apr_int64_t time)
{
    usage_hit_t hit = visits_view(site, agent, path, time);
    usage_hit_count(&memory, &hit);
}

static void other(const char *site, usage_outcome_e outcome, apr_int64_t time)
{
    usage_hit_t hit = visits_view(site, "", "/a", time);
    hit.outcome = outcome;
    usage_hit_count(&memory, &hit);
}

static usage_glance_t glance(apr_int64_t now)
{
    usage_glance_at_t at = { .now = now,
                             .interval = HOUR,
                             .date = now - now % DAY };
    return usage_glance_read(&memory, &at);
}

START_TEST(new_segment_has_nothing)
{
    usage_glance_t its = glance(NOON);
    ck_assert_int_eq(its.hits + its.views + its.bots + its.visitors, 0);
    ck_assert_int_eq(its.flushed, 0);
    ck_assert_int_eq(its.failing, 0);
}
END_TEST

START_TEST(hits_of_all_sites_add_up)
{
    view("a.example", "One", "/a", NOON);
    view("a.example", "One", "/b", NOON + 9);
    view("b.example", "Two", "/a", NOON + 59 * 60);
    other("a.example", USAGE_OUTCOME_BOT, NOON);
    other("b.example", USAGE_OUTCOME_ASSET, NOON);
    other("b.example", USAGE_OUTCOME_ERROR, NOON);
    usage_glance_t its = glance(NOON + HOUR - 1);
    ck_assert_int_eq(its.hits, 6);
    ck_assert_int_eq(its.views, 3);
    ck_assert_int_eq(its.bots, 1);
    ck_assert_int_eq(its.visitors, 2);
    ck_assert_int_gt(its.fill, 0);
}
END_TEST

START_TEST(hits_are_of_the_interval_and_visitors_of_the_day)
{
    view("a.example", "One", "/a", NOON);
    view("a.example", "Two", "/a", NOON + HOUR);
    usage_glance_t its = glance(NOON + HOUR);
    ck_assert_int_eq(its.hits, 1);
    ck_assert_int_eq(its.views, 1);
    ck_assert_int_eq(its.visitors, 2);
    its = glance(NOON + DAY);
    ck_assert_int_eq(its.hits, 0);
    ck_assert_int_eq(its.visitors, 0);
}
END_TEST

START_TEST(users_are_no_visitors)
{
    usage_host_t *host = visits_host("a.example");
    view("a.example", "One", "/a", NOON);
    ck_assert(usage_distinct_meet(&memory, host, text_of("user"),
                                  text_of("ada"), NOON));
    ck_assert_int_eq(glance(NOON).visitors, 1);
}
END_TEST

/* In both tables, and in last resorts. */
START_TEST(hits_are_found_wherever_they_found_room)
{
    for (int i = 0; i < 3000; i++) {
        const char *path = apr_psprintf(unit_pool, "/%d", i);
        view("a.example", "One", path, NOON);
        other(apr_psprintf(unit_pool, "%d.example", i), USAGE_OUTCOME_BOT,
              NOON);
    }
    usage_glance_t its = glance(NOON);
    ck_assert_int_eq(its.views, 3000);
    ck_assert_int_eq(its.bots, 3000);
    ck_assert_int_eq(its.hits, 6000);
}
END_TEST

START_TEST(flushes_are_told)
{
    atomic_store(&memory.header->health.last, NOON);
    atomic_store(&memory.header->health.failing, NOON + 5);
    ck_assert_int_eq(glance(NOON + 9).flushed, NOON);
    ck_assert_int_eq(glance(NOON + 9).failing, NOON + 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("glance");
    TCase *tcase = unit_case(suite, "glance");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, new_segment_has_nothing);
    tcase_add_test(tcase, hits_of_all_sites_add_up);
    tcase_add_test(tcase, hits_are_of_the_interval_and_visitors_of_the_day);
    tcase_add_test(tcase, hits_are_found_wherever_they_found_room);
    tcase_add_test(tcase, users_are_no_visitors);
    tcase_add_test(tcase, flushes_are_told);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
