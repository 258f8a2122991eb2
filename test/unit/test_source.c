/* SPDX-License-Identifier: Apache-2.0 */
/* The dashboard's model: each count once, be it stored, live or on its way. */
#include "ledger.h"

/* Read with every query; @a from is where in the log it should begin. */
static void assert_models_have_log(int from, usage_store_t *through)
{
    static const char *const sites[] = { "", "a.example", "b.example",
                                         "a.example.org" };
    for (int i = 0; i < 4 * USAGE_PERIODS; i++) {
        usage_query_t query = query_of(sites[i % 4], i / 4);
        usage_query_t asked = query;
        usage_model_t model = read_model(&asked, through);
        assert_same_sums(found(&model), expected(&query, from));
    }
}

START_TEST(model_has_what_is_live)
{
    begin(_i);
    assert_models_have_log(0, &store.store);
    assert_models_have_log(0, NULL);
}
END_TEST

START_TEST(model_has_what_is_stored)
{
    begin(_i);
    flush_well();
    assert_models_have_log(0, &store.store);
}
END_TEST

START_TEST(model_is_store_and_live)
{
    begin(_i);
    flush_well();
    count_some(300);
    assert_models_have_log(0, &store.store);
    flush_well();
    count_some(100);
    assert_models_have_log(0, &store.store);
}
END_TEST

START_TEST(model_knows_a_pending_batch_that_was_written)
{
    begin(_i);
    flush_well();
    count_some(300);
    flush_and_die(MEMORY_DIES_AFTER);
    count_some(100);
    assert_models_have_log(0, &store.store);
}
END_TEST

START_TEST(model_knows_a_pending_batch_that_was_not_written)
{
    begin(_i);
    flush_well();
    count_some(300);
    flush_and_die(MEMORY_DIES_BEFORE);
    count_some(100);
    assert_models_have_log(0, &store.store);
}
END_TEST

START_TEST(health_tells_how_flushing_goes)
{
    usage_query_t query = query_of("", USAGE_PERIOD_30D);
    usage_model_t model = read_model(&query, &store.store);
    ck_assert_int_eq(model.health.age, -1);
    ck_assert_int_eq(model.health.batch, 0);
    begin(1);
    flush_well();
    usage_flush_failed(memory.header, "no room", now - 60);
    count_view(&memory, "/", now);
    query.now += 7;
    model = read_model(&query, NULL);
    ck_assert_int_eq(model.health.last_flush, now);
    ck_assert_int_eq(model.health.age, 7);
    ck_assert_int_eq(model.health.waiting, 1);
    ck_assert_int_gt(model.health.fill, 0);
    ck_assert_str_eq(model.health.flush_error, "no room");
    ck_assert_int_eq(model.health.failing_since, now - 60);
    ck_assert_ptr_nonnull(model.health.database_error);
    ck_assert_str_eq(model.health.node, node);
    ck_assert_str_eq(model.health.version, "1.2.3");
}
END_TEST

START_TEST(sites_are_those_of_store_and_segment)
{
    usage_query_t query = query_of("b.example", USAGE_PERIOD_DAY);
    usage_key_t one = event_key("one", "outcome", "bot", midnight - 900 * DAY);
    usage_key_t two = event_key("two", "outcome", "view", midnight);
    usage_key_t other = event_key("three", "clicks", "x", midnight);
    usage_values_t values = views(1);
    count_key(&memory, &one, &values, now);
    flush_well();
    count_key(&memory, &two, &values, now);
    count_key(&memory, &other, &values, now);
    usage_model_t model = read_model(&query, &store.store);
    ck_assert_int_eq(model.sites_count, 2);
    ck_assert_str_eq(model.sites[0], "one");
    ck_assert_str_eq(model.sites[1], "two");
}
END_TEST

START_TEST(all_time_begins_with_the_first_view)
{
    usage_query_t query = query_of("", USAGE_PERIOD_ALL);
    apr_int64_t first = usage_calendar_month_add(now, -50);
    bool is_stored = _i == 1;
    usage_model_t model = read_model(&query, &store.store);
    ck_assert_int_eq(query.from, usage_calendar_month(now));
    ck_assert_int_eq(model.points_count, 1);
    ck_assert(model.points[0].is_running);
    count_view(&memory, "/", first + 3 * DAY);
    if (is_stored) {
        flush_well();
    }
    query = query_of("", USAGE_PERIOD_ALL);
    model = read_model(&query, &store.store);
    ck_assert_int_eq(query.from, first);
    ck_assert_int_eq(model.points_count, 51);
    ck_assert_int_eq(model.points[0].values.of[USAGE_VIEWS], 1);
    ck_assert(!model.points[0].is_running);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source");
    TCase *tcase = unit_case(suite, "source");
    TCase *zoned = unit_case(suite, "zoned");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, model_has_what_is_live, 0, 2);
    tcase_add_loop_test(tcase, model_has_what_is_stored, 0, 2);
    tcase_add_loop_test(tcase, model_is_store_and_live, 0, 3);
    tcase_add_loop_test(tcase, model_knows_a_pending_batch_that_was_written, 0,
                        3);
    tcase_add_loop_test(tcase, model_knows_a_pending_batch_that_was_not_written,
                        0, 3);
    tcase_add_test(tcase, health_tells_how_flushing_goes);
    tcase_add_test(tcase, sites_are_those_of_store_and_segment);
    tcase_add_loop_test(tcase, all_time_begins_with_the_first_view, 0, 2);

    tcase_add_checked_fixture(zoned, setup_zones, NULL);
    tcase_set_timeout(zoned, 60);
    tcase_add_loop_test(zoned, model_has_what_is_live, 2, 4);
    tcase_add_loop_test(zoned, model_has_what_is_stored, 2, 4);
    tcase_add_loop_test(zoned, model_is_store_and_live, 3, 5);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
