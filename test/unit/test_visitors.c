/* SPDX-License-Identifier: Apache-2.0 */
/* The model's visitors: of several nodes, stored, closed, or just come. */
#include "engine/seen.h"
#include "engine/sketch.h"
#include "ledger.h"

static const apr_int64_t today = midnight;

static apr_uint64_t hash_of(int number)
{
    random_t random = random_make(number + 1);
    return random_next(&random);
}

static usage_seen_row_t *put_row(apr_int64_t day, const char *site,
                                 const char *of)
{
    usage_seen_row_t *row = &state->seen[state->seen_count++];
    ck_assert_int_le(state->seen_count, MEMORY_SEEN);
    *row = (usage_seen_row_t){ .day = day,
                               .site = site,
                               .category = USAGE_SEEN_VISITOR,
                               .node = of,
                               .sketch = "" };
    return row;
}

/* What a node stored of an open day: visitors of so many numbers from @a from
 * on. By day and site, as the database orders them. */
static void put_open(apr_int64_t day, const char *site, const char *of,
                     int from, int count)
{
    usage_seen_row_t *row = put_row(day, site, of);
    usage_sketch_t sketch = usage_sketch_make(unit_pool);
    for (int i = from; i < from + count; i++) {
        usage_sketch_add(&sketch, hash_of(i));
    }
    row->visitors = usage_sketch_count(&sketch);
    row->sketch = usage_sketch_text(&sketch, unit_pool);
}

static void put_closed(apr_int64_t day, const char *site, int count)
{
    put_row(day, site, "")->visitors = count;
}

static void put_month(apr_int64_t start, int count, int days)
{
    usage_answer_t *row = &state->averages[state->averages_count++];
    *row = (usage_answer_t){ .start = start };
    row->values.of[USAGE_VISITORS] = count;
    row->values.of[USAGE_VIEWS] = days;
}

/* Visitors who came to this node; no flush has written them yet. */
static void meet(apr_int64_t day, const char *site, int from, int count)
{
    for (int i = from; i < from + count; i++) {
        usage_view_t view = { .visitor = hash_of(i),
                              .day = day,
                              .is_complete = true,
                              .site =
                                  (apr_uint32_t)usage_site_key(text_of(site)),
                              .time = now,
                              .window = 1800,
                              .place = 1 };
        ck_assert_int_eq(usage_session_step(&memory.sessions, &view).step,
                         USAGE_STEP_NEW);
    }
}

/* All that were met are in the database now. */
static void mark_written(void)
{
    for (int i = 0; i < 2; i++) {
        for (apr_uint32_t j = 0; j < memory.sessions.capacity; j++) {
            memory.sessions.members[i][j].is_sketched = 1;
        }
    }
}

static usage_model_t model_of(const char *site, usage_period_e period)
{
    usage_query_t query = query_of(site, (int)period);
    usage_query_t *kept = apr_pmemdup(unit_pool, &query, sizeof query);
    return read_model(kept, &store.store);
}

static apr_int64_t today_of(const char *site, usage_period_e period)
{
    return model_of(site, period).today.of[USAGE_VISITORS];
}

static const usage_point_t *point_at(const usage_model_t *model,
                                     apr_int64_t start)
{
    for (int i = 0; i < model->points_count; i++) {
        if (model->points[i].start == start) {
            return &model->points[i];
        }
    }
    ck_abort_msg("there is no such point");
}

START_TEST(who_met_several_nodes_is_one)
{
    put_open(today, "a.example", "first", 0, 10);
    put_open(today, "a.example", "second", 5, 10);
    put_open(today, "a.example", "third", 0, 3);
    for (int i = 0; i < USAGE_PERIODS; i++) {
        ck_assert_int_eq(today_of("", (usage_period_e)i), 15);
        ck_assert_int_eq(today_of("a.example", (usage_period_e)i), 15);
        ck_assert_int_eq(today_of("b.example", (usage_period_e)i), 0);
    }
}
END_TEST

START_TEST(sites_add_up)
{
    put_open(today, "a.example", "first", 0, 10);
    put_open(today, "a.example", "second", 0, 10);
    put_open(today, "b.example", "first", 20, 7);
    put_open(today, "b.example", "second", 25, 7);
    ck_assert_int_eq(today_of("", USAGE_PERIOD_30D), 10 + 12);
    ck_assert_int_eq(today_of("b.example", USAGE_PERIOD_30D), 12);
}
END_TEST

START_TEST(newcomers_are_merged_with_what_is_stored)
{
    put_open(today, "a.example", "second", 0, 10);
    meet(today, "a.example", 5, 10);
    meet(today, "b.example", 100, 4);
    meet(today - DAY, "a.example", 200, 2);
    ck_assert_int_eq(today_of("", USAGE_PERIOD_30D), 15 + 4);
    ck_assert_int_eq(today_of("a.example", USAGE_PERIOD_DAY), 15);
    ck_assert_int_eq(today_of("b.example", USAGE_PERIOD_12MO), 4);
    usage_model_t model = model_of("", USAGE_PERIOD_7D);
    ck_assert_int_eq(model.yesterday.of[USAGE_VISITORS], 2);
}
END_TEST

/* Whether a flush has marked them yet or not. */
START_TEST(who_is_written_counts_once)
{
    meet(today, "a.example", 0, 10);
    put_open(today, "a.example", node, 0, 10);
    ck_assert_int_eq(today_of("", USAGE_PERIOD_30D), 10);
    mark_written();
    ck_assert_int_eq(today_of("", USAGE_PERIOD_30D), 10);
}
END_TEST

START_TEST(without_a_database_newcomers_are_there)
{
    usage_query_t query = query_of("", USAGE_PERIOD_30D);
    put_open(today, "a.example", "second", 0, 10);
    meet(today, "a.example", 5, 10);
    usage_model_t model = read_model(&query, NULL);
    ck_assert_int_eq(model.today.of[USAGE_VISITORS], 10);
}
END_TEST

START_TEST(days_are_closed_numbers_or_merged)
{
    put_closed(today - 9 * DAY, "a.example", 100);
    put_closed(today - 2 * DAY, "a.example", 40);
    put_closed(today - 2 * DAY, "b.example", 2);
    put_closed(today - DAY, "a.example", 5); /* a node came late */
    put_open(today - DAY, "a.example", "first", 0, 10);
    put_open(today - DAY, "a.example", "second", 0, 10);
    put_open(today, "a.example", "first", 0, 3);
    meet(today, "a.example", 3, 1);
    usage_model_t model = model_of("", USAGE_PERIOD_7D);
    ck_assert_int_eq(model.points_count, 7);
    ck_assert_int_eq(point_at(&model, today)->values.of[USAGE_VISITORS], 4);
    ck_assert_int_eq(point_at(&model, today - DAY)->values.of[USAGE_VISITORS],
                     15);
    ck_assert_int_eq(
        point_at(&model, today - 2 * DAY)->values.of[USAGE_VISITORS], 42);
    ck_assert_int_eq(
        point_at(&model, today - 3 * DAY)->values.of[USAGE_VISITORS], 0);
    ck_assert_int_eq(model.period.of[USAGE_VISITORS], 4 + 15 + 42);
    ck_assert_int_eq(model.days, 3);
    ck_assert_int_eq(model.yesterday.of[USAGE_VISITORS], 15);
}
END_TEST

START_TEST(months_have_their_days_and_those_still_open)
{
    apr_int64_t month = usage_calendar_month(today);
    put_month(usage_calendar_month_add(today, -2), 300, 30);
    put_month(month, 120, 12);
    put_closed(today - 2 * DAY, "a.example", 40); /* is in the month's */
    put_open(today - DAY, "a.example", "first", 0, 10);
    put_open(today - DAY, "b.example", "first", 50, 1);
    put_open(today, "a.example", "first", 0, 3);
    meet(today, "a.example", 0, 4);
    usage_model_t model = model_of("", USAGE_PERIOD_12MO);
    const usage_point_t *point = point_at(&model, month);
    ck_assert_int_eq(point->values.of[USAGE_VISITORS], 120 + 11 + 4);
    ck_assert_int_eq(point->days, 12 + 2);
    ck_assert_int_eq(model.period.of[USAGE_VISITORS], 300 + 120 + 11 + 4);
    ck_assert_int_eq(model.days, 30 + 12 + 2);
    ck_assert_int_eq(model.today.of[USAGE_VISITORS], 4);
    ck_assert_int_eq(model.yesterday.of[USAGE_VISITORS], 11);
}
END_TEST

START_TEST(hours_have_the_day_s)
{
    put_open(today, "a.example", "first", 0, 10);
    put_open(today, "a.example", "second", 0, 10);
    usage_model_t model = model_of("", USAGE_PERIOD_DAY);
    ck_assert_int_eq(model.period.of[USAGE_VISITORS], 10);
    ck_assert_int_eq(model.days, 1);
}
END_TEST

static apr_status_t refuse(usage_store_t *asked, const usage_scope_t *scope,
                           usage_seen_fn *fn, void *baton)
{
    memory_seen_ask(asked, scope, fn, baton);
    ((memory_store_t *)(void *)asked)->error = "it is away";
    return APR_EGENERAL;
}

START_TEST(half_an_answer_is_none)
{
    put_open(today, "a.example", "second", 0, 10);
    meet(today, "a.example", 5, 10);
    store.store.seen_ask = refuse;
    usage_model_t model = model_of("", USAGE_PERIOD_30D);
    ck_assert_int_eq(model.today.of[USAGE_VISITORS], 10);
    ck_assert_str_eq(model.health.database_error, "it is away");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visitors");
    TCase *tcase = unit_case(suite, "visitors");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, who_met_several_nodes_is_one);
    tcase_add_test(tcase, sites_add_up);
    tcase_add_test(tcase, newcomers_are_merged_with_what_is_stored);
    tcase_add_test(tcase, who_is_written_counts_once);
    tcase_add_test(tcase, without_a_database_newcomers_are_there);
    tcase_add_test(tcase, days_are_closed_numbers_or_merged);
    tcase_add_test(tcase, months_have_their_days_and_those_still_open);
    tcase_add_test(tcase, hours_have_the_day_s);
    tcase_add_test(tcase, half_an_answer_is_none);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
