/* SPDX-License-Identifier: Apache-2.0 */
/* The dashboard's model while a flush runs, and while the store is away. */
#include "ledger.h"

/* Questions of a period since ever, of which the series is asked for twice; a
 * period that is compared asks first whether it can be. */
enum { ASKS = 9, COMPARED_ASKS = ASKS + 2 };

/* A flush through a connection of its own, once. */
static memory_step_e flush_step;
static int flush_nth;

static void flush_meanwhile(memory_store_t *reader, memory_step_e step, int nth)
{
    if (step == flush_step && nth == flush_nth) {
        memory_store_t writer;
        reader->after = NULL;
        memory_store_open(&writer, state, unit_pool);
        ck_assert_int_eq(flush_through(&writer), APR_SUCCESS);
    }
}

static void assert_flush_is_noticed(memory_step_e step, int nth)
{
    usage_query_t query = query_of("", USAGE_PERIOD_ALL);
    usage_query_t asked = query;
    begin(nth);
    flush_well();
    count_some(300);
    flush_step = step;
    flush_nth = nth;
    memory_store_order(&store, MEMORY_NO_TROUBLE, 0, 0);
    store.after = flush_meanwhile;
    usage_model_t model = read_model(&asked, &store.store);
    ck_assert_ptr_null(store.after);
    assert_same_sums(found(&model), expected(&query, 0));
    ck_assert_int_eq(model.health.batch, 2);
    ck_assert_int_eq(model.health.waiting, 0);
}

START_TEST(flush_between_two_questions_makes_it_read_again)
{
    assert_flush_is_noticed(MEMORY_ASK, _i);
}
END_TEST

START_TEST(flush_after_the_first_look_makes_it_read_again)
{
    assert_flush_is_noticed(MEMORY_BATCH_GET, 0);
}
END_TEST

/* The database was asked, the segment is not read yet. */
START_TEST(flush_after_the_last_look_makes_it_read_again)
{
    assert_flush_is_noticed(MEMORY_BATCH_GET, 1);
}
END_TEST

/* Once only: it may have read again, and found all. */
START_TEST(failure_of_one_question_is_told_or_made_good)
{
    bool is_ask = _i < COMPARED_ASKS;
    usage_query_t query = query_of("", USAGE_PERIOD_30D);
    begin(_i);
    flush_well();
    int flushed = length;
    count_some(200);
    memory_store_order(&store, MEMORY_FAILS,
                       is_ask ? MEMORY_ASK : MEMORY_BATCH_GET,
                       _i % COMPARED_ASKS);
    usage_model_t model = read_model(&query, &store.store);
    const char *error = model.health.database_error;
    assert_same_sums(found(&model),
                     expected(&query, error != NULL ? flushed : 0));
    if (error != NULL) {
        ck_assert_str_eq(error, "ordered to fail");
        ck_assert_int_eq(query.compared.from, query.compared.to);
    }
}
END_TEST

static apr_status_t fail_to_ask(usage_store_t *failing,
                                usage_question_e question,
                                const usage_scope_t *scope, usage_answer_fn *fn,
                                void *baton)
{
    memory_store_t *away = (memory_store_t *)(void *)failing;
    memory_ask(away, question, scope, fn, baton);
    away->error = "it is away";
    return APR_EGENERAL;
}

START_TEST(store_that_is_away_leaves_live_numbers_and_its_error)
{
    usage_query_t query = query_of("", USAGE_PERIOD_30D);
    begin(1);
    flush_well();
    int flushed = length;
    count_some(200);
    store.store.ask = fail_to_ask;
    usage_model_t model = read_model(&query, &store.store);
    assert_same_sums(found(&model), expected(&query, flushed));
    ck_assert_str_eq(model.health.database_error, "it is away");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source_trouble");
    TCase *tcase = unit_case(suite, "source_trouble");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, flush_between_two_questions_makes_it_read_again,
                        0, ASKS);
    tcase_add_test(tcase, flush_after_the_first_look_makes_it_read_again);
    tcase_add_test(tcase, flush_after_the_last_look_makes_it_read_again);
    tcase_add_loop_test(tcase, failure_of_one_question_is_told_or_made_good, 0,
                        COMPARED_ASKS + 2);
    tcase_add_test(tcase, store_that_is_away_leaves_live_numbers_and_its_error);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
