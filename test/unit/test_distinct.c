/* SPDX-License-Identifier: Apache-2.0 */
/* Distinct things, and the visitors that they lie among. */
#include "unit.h"

#include "engine/distinct.h"
#include "engine/seen.h"
#include "visits.h"

#define SITE "a.example"

static const usage_geometry_t roomy = { .slots = 4096, .visitors = 4096 };
static const usage_geometry_t small = { .slots = 1024, .visitors = 1024 };

static usage_memory_t memory;

static void setup(void)
{
    memory = visits_segment(&roomy, MIDNIGHT);
}

static bool meet_on(const char *site, const char *category, const char *id,
                    apr_int64_t time)
{
    usage_hit_t hit = visits_view(site, "", "/a", time);
    return usage_distinct_meet(&memory, hit.host, text_of(category),
                               text_of(id), time);
}

static bool meet(const char *id)
{
    return meet_on(SITE, "user", id, MIDNIGHT);
}

static const char *number(int i)
{
    return apr_psprintf(unit_pool, "user %d", i);
}

START_TEST(thing_is_new_once_a_day)
{
    ck_assert(meet("anna"));
    ck_assert(!meet("anna"));
    ck_assert(meet("bert"));
    ck_assert(!meet_on(SITE, "user", "anna", MIDNIGHT + 5 * HOUR));
    visits_keep_salts(&memory, MIDNIGHT + DAY);
    ck_assert(meet_on(SITE, "user", "anna", MIDNIGHT + DAY));
    ck_assert(!meet_on(SITE, "user", "anna", MIDNIGHT + DAY + HOUR));
}
END_TEST

START_TEST(categories_and_sites_are_apart)
{
    ck_assert(meet_on(SITE, "user", "anna", MIDNIGHT));
    ck_assert(meet_on(SITE, "member", "anna", MIDNIGHT));
    ck_assert(meet_on("b.example", "user", "anna", MIDNIGHT));
    ck_assert(!meet_on("b.example", "user", "anna", MIDNIGHT));
}
END_TEST

START_TEST(name_may_be_of_any_bytes_and_length)
{
    char name[1000];
    memset(name, 'x', sizeof name);
    usage_hit_t hit = visits_view(SITE, "", "/a", MIDNIGHT);
    usage_text_t text = { name, sizeof name };
    ck_assert(usage_distinct_meet(&memory, hit.host, text_of("user"), text,
                                  MIDNIGHT));
    ck_assert(!usage_distinct_meet(&memory, hit.host, text_of("user"), text,
                                   MIDNIGHT));
    ck_assert(meet(""));
    ck_assert(!meet(""));
    ck_assert(meet("\xff\n"));
}
END_TEST

START_TEST(nothing_is_met_without_a_salt)
{
    ck_assert(!meet_on(SITE, "user", "anna", MIDNIGHT + 9 * DAY));
}
END_TEST

START_TEST(nobody_remembers_more_than_there_is_room_for)
{
    memory = visits_segment(&small, MIDNIGHT);
    int met = 0;
    for (int i = 0; i < 5000; i++) {
        met += meet(number(i));
    }
    ck_assert_int_gt(met, 400);
    ck_assert_int_lt(met, 512);
}
END_TEST

/* The batch of all that was counted and met so far. */
static usage_seen_batch_t take(void)
{
    int lost;
    apr_array_header_t *counts =
        usage_batch_take(&memory, "node", 1, &lost, unit_pool);
    usage_seen_batch_t batch = usage_seen_take(&memory, counts, unit_pool);
    usage_batch_mark(&memory);
    usage_seen_mark(&batch);
    return batch;
}

static apr_int64_t seen_in(const usage_seen_batch_t *batch, const char *site,
                           const char *category)
{
    apr_int64_t sum = 0;
    for (int i = 0; i < batch->days->nelts; i++) {
        const usage_seen_t *seen = &APR_ARRAY_IDX(batch->days, i, usage_seen_t);
        if (strcmp(seen->site, site) == 0
            && strcmp(seen->category, category) == 0) {
            ck_assert_int_eq(seen->day, MIDNIGHT);
            sum += usage_sketch_count(&seen->sketch);
        }
    }
    return sum;
}

START_TEST(each_category_has_a_sketch_of_its_own)
{
    for (int i = 0; i < 30; i++) {
        meet_on(SITE, "user", number(i % 20), MIDNIGHT);
        meet_on(SITE, "member", number(i % 7), MIDNIGHT);
        meet_on("b.example", "user", number(i % 3), MIDNIGHT);
    }
    usage_hit_t hit = visits_view(SITE, "Agent/1.0", "/a", MIDNIGHT);
    usage_hit_count(&memory, &hit);
    usage_seen_batch_t batch = take();
    ck_assert_int_eq(batch.days->nelts, 4);
    ck_assert_int_eq(seen_in(&batch, SITE, "user"), 20);
    ck_assert_int_eq(seen_in(&batch, SITE, "member"), 7);
    ck_assert_int_eq(seen_in(&batch, "b.example", "user"), 3);
    ck_assert_int_eq(seen_in(&batch, SITE, "visitor"), 1);
}
END_TEST

/* Each is in one flush: the one after it was met. */
START_TEST(what_was_flushed_is_not_met_anew)
{
    meet("anna");
    take();
    meet("anna");
    usage_seen_batch_t batch = take();
    ck_assert_int_eq(batch.days->nelts, 0);
    meet("bert");
    batch = take();
    ck_assert_int_eq(seen_in(&batch, SITE, "user"), 1);
}
END_TEST

static void count_newcomer(void *baton, const usage_newcomer_t *newcomer)
{
    *(int *)baton +=
        newcomer->site == (apr_uint32_t)usage_site_key(text_of(SITE));
}

/* Nor are they among the visitors of the site. */
START_TEST(thing_is_no_visitor)
{
    int visitors = 0;
    meet("anna");
    usage_seen_read(&memory, count_newcomer, &visitors);
    ck_assert_int_eq(visitors, 0);
    ck_assert_int_eq(visitors_of(&memory, SITE, -1), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("distinct");
    TCase *tcase = unit_case(suite, "distinct");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, thing_is_new_once_a_day);
    tcase_add_test(tcase, categories_and_sites_are_apart);
    tcase_add_test(tcase, name_may_be_of_any_bytes_and_length);
    tcase_add_test(tcase, nothing_is_met_without_a_salt);
    tcase_add_test(tcase, nobody_remembers_more_than_there_is_room_for);
    tcase_add_test(tcase, each_category_has_a_sketch_of_its_own);
    tcase_add_test(tcase, what_was_flushed_is_not_met_anew);
    tcase_add_test(tcase, thing_is_no_visitor);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
