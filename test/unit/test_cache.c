/* SPDX-License-Identifier: Apache-2.0 */
/* A cache spares the database, and hides nothing that this server counted. */
#include "cache.h"

#include "ledger.h"
#include "threads.h"

static usage_cache_t *cache;
static apr_time_t clock_now;
static _Atomic int opened;
static bool is_away;

static usage_store_t *connect_store(void *baton)
{
    (void)baton;
    atomic_fetch_add(&opened, 1);
    return is_away ? NULL : &store.store;
}

static void setup_cache(void)
{
    setup();
    cache = usage_cache_make(unit_pool);
    clock_now = apr_time_from_sec(now);
    atomic_store(&opened, 0);
    is_away = false;
}

static usage_model_t cached(usage_query_t *query, apr_pool_t *pool)
{
    usage_model_t model;
    usage_source_t source = { .memory = &memory, .node = node };
    usage_cache_asker_t asker = { .source = &source,
                                  .open = connect_store,
                                  .now = clock_now };
    usage_cache_read(cache, &asker, query, &model, pool);
    return model;
}

/* What is shown is all that was counted. */
static void assert_exact(const char *site, int period)
{
    usage_query_t query = query_of(site, period);
    usage_query_t asked = query;
    usage_model_t model = cached(&asked, unit_pool);
    ck_assert_ptr_null(model.health.database_error);
    assert_same_sums(found(&model), expected(&query, 0));
}

START_TEST(answers_are_asked_for_once)
{
    begin(1);
    flush_well();
    for (int i = 0; i < 20; i++) {
        clock_now += apr_time_from_msec(100);
        count_some(5);
        assert_exact("", USAGE_PERIOD_30D);
    }
    ck_assert_int_eq(opened, 1);
}
END_TEST

START_TEST(each_query_has_its_own)
{
    begin(1);
    flush_well();
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < USAGE_PERIODS; j++) {
            assert_exact("", j);
            assert_exact("b.example", j);
        }
        ck_assert_int_eq(opened, 2 * USAGE_PERIODS);
    }
}
END_TEST

/* As a page and a table of it are asked for, one after the other. */
START_TEST(so_many_rows_have_their_own)
{
    static const int limits[] = { USAGE_ROWS, USAGE_ROWS_MAX };
    begin(1);
    flush_well();
    for (int i = 0; i < 6; i++) {
        usage_query_t query = query_of("", USAGE_PERIOD_7D);
        query.limit = limits[i % 2];
        cached(&query, unit_pool);
    }
    ck_assert_int_eq(opened, 2);
}
END_TEST

START_TEST(answers_grow_old)
{
    begin(1);
    flush_well();
    assert_exact("", USAGE_PERIOD_7D);
    clock_now += USAGE_CACHE_TIME - 1;
    assert_exact("", USAGE_PERIOD_7D);
    ck_assert_int_eq(opened, 1);
    clock_now += 1;
    assert_exact("", USAGE_PERIOD_7D);
    ck_assert_int_eq(opened, 2);
    clock_now -= apr_time_from_sec(3600);
    assert_exact("", USAGE_PERIOD_7D);
    ck_assert_int_eq(opened, 3);
}
END_TEST

START_TEST(a_flush_makes_answers_old)
{
    begin(1);
    for (int i = 1; i < 10; i++) {
        count_some(100);
        assert_exact("", USAGE_PERIOD_7D);
        flush_well();
        assert_exact("", USAGE_PERIOD_7D);
    }
    count_some(100);
    assert_exact("", USAGE_PERIOD_7D);
    flush_and_die(MEMORY_DIES_AFTER);
    assert_exact("", USAGE_PERIOD_7D);
    flush_well();
    assert_exact("", USAGE_PERIOD_7D);
}
END_TEST

START_TEST(there_are_more_queries_than_places)
{
    begin(1);
    flush_well();
    for (int i = 0; i < 5 * USAGE_CACHE_PLACES; i++) {
        const char *site = apr_psprintf(unit_pool, "site-%d", i);
        clock_now += 1;
        assert_exact(site, USAGE_PERIOD_7D);
        assert_exact("a.example", USAGE_PERIOD_7D);
    }
    ck_assert_int_ge(opened, 5 * USAGE_CACHE_PLACES);
}
END_TEST

START_TEST(a_failure_is_tried_anew)
{
    usage_query_t query = query_of("", USAGE_PERIOD_7D);
    begin(1);
    flush_well();
    is_away = true;
    for (int i = 0; i < 3; i++) {
        usage_model_t model = cached(&query, unit_pool);
        ck_assert_ptr_nonnull(model.health.database_error);
    }
    ck_assert_int_eq(opened, 3);
    is_away = false;
    assert_exact("", USAGE_PERIOD_7D);
    assert_exact("", USAGE_PERIOD_7D);
    ck_assert_int_eq(opened, 4);
}
END_TEST

/* Threads ask the same again and again, as long as answers are good. */

enum { READS = 200 };

static apr_int64_t wanted;
static _Atomic int wrong;

static void read_often(int number)
{
    (void)number;
    for (int i = 0; i < READS; i++) {
        apr_pool_t *pool;
        apr_pool_create(&pool, NULL);
        usage_page_t page = { .zones = zones,
                              .zone = &usage_zone_utc,
                              .now = now };
        usage_query_t query;
        const char *problem;
        usage_query_parse("period=12mo", &page, &query, &problem, pool);
        usage_model_t model = cached(&query, pool);
        bool is_good = model.period.of[USAGE_VIEWS] == wanted
                       && strcmp(model.nodes.keeper, "keeper") == 0;
        atomic_fetch_add(&wrong, !is_good);
        apr_pool_destroy(pool);
    }
}

START_TEST(of_many_at_once_one_asks)
{
    usage_query_t query = query_of("", USAGE_PERIOD_12MO);
    begin(1);
    flush_well();
    state->lease = (usage_lease_t){ .node = "keeper" };
    usage_model_t model = read_model(&query, &store.store);
    wanted = model.period.of[USAGE_VIEWS];
    ck_assert_int_ne(wanted, 0);
    atomic_store(&wrong, 0);
    threads_run(read_often);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_eq(opened, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cache");
    TCase *tcase = unit_case(suite, "cache");

    tcase_add_checked_fixture(tcase, setup_cache, NULL);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, answers_are_asked_for_once);
    tcase_add_test(tcase, each_query_has_its_own);
    tcase_add_test(tcase, so_many_rows_have_their_own);
    tcase_add_test(tcase, answers_grow_old);
    tcase_add_test(tcase, a_flush_makes_answers_old);
    tcase_add_test(tcase, there_are_more_queries_than_places);
    tcase_add_test(tcase, a_failure_is_tried_anew);
    tcase_add_test(tcase, of_many_at_once_one_asks);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
