/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are kept make the model that the database would make. */
#include "kept.h"

#include "ledger.h"

static usage_kept_t *kept;

static int asked(void)
{
    return store.calls[MEMORY_ASK] + store.calls[MEMORY_BATCH_GET];
}

/* The sums of a model whose answers are kept. */
static apr_hash_t *record(usage_query_t query)
{
    kept = usage_kept_make(unit_pool);
    usage_model_t model =
        read_model(&query, usage_kept_recorder(kept, &store.store, unit_pool));
    return found(&model);
}

static usage_model_t replay(usage_query_t query, bool *has_missed)
{
    return read_model(&query, usage_kept_replayer(kept, has_missed, unit_pool));
}

START_TEST(kept_answers_make_the_same_model)
{
    begin(1);
    flush_well();
    for (int i = 0; i < 2 * USAGE_PERIODS; i++) {
        usage_query_t query = query_of(i % 2 == 0 ? "" : "a.example", i / 2);
        bool has_missed = true;
        apr_hash_t *sums = record(query);
        int before = asked();
        usage_model_t model = replay(query, &has_missed);
        assert_same_sums(found(&model), sums);
        ck_assert_ptr_null(model.health.database_error);
        ck_assert_int_gt(model.sites_count, 0);
        ck_assert(!has_missed);
        ck_assert_int_eq(asked(), before);
    }
}
END_TEST

START_TEST(what_was_counted_since_is_added_to_kept_answers)
{
    begin(2);
    flush_well();
    usage_query_t query = query_of("", USAGE_PERIOD_12MO);
    bool has_missed;
    record(query);
    count_some(200);
    usage_model_t model = replay(query, &has_missed);
    assert_same_sums(found(&model), expected(&query, 0));
}
END_TEST

START_TEST(a_failure_is_kept_with_its_words)
{
    begin(3);
    usage_query_t query = query_of("", USAGE_PERIOD_30D);
    bool has_missed;
    memory_store_order(&store, MEMORY_FAILS, MEMORY_ASK, 3);
    record(query);
    int before = asked();
    usage_model_t model = replay(query, &has_missed);
    assert_same_sums(found(&model), expected(&query, 0));
    ck_assert_str_eq(model.health.database_error, store.error);
    ck_assert(!has_missed);
    ck_assert_int_eq(asked(), before);
}
END_TEST

START_TEST(another_question_is_missed)
{
    begin(4);
    flush_well();
    usage_query_t query = query_of("", USAGE_PERIOD_30D);
    bool has_missed = false;
    record(query);
    replay(query_of("", USAGE_PERIOD_90D), &has_missed);
    ck_assert(has_missed);
    replay(query_of("a.example", USAGE_PERIOD_30D), &has_missed);
    ck_assert(has_missed);
    replay(query, &has_missed);
    ck_assert(!has_missed);
}
END_TEST

static apr_status_t compare(void *baton, const usage_mark_row_t *row)
{
    ck_assert_str_eq(row->name, "release");
    ck_assert_str_eq(row->category, "deploy");
    ++*(int *)baton;
    return APR_SUCCESS;
}

START_TEST(texts_outlive_the_store)
{
    usage_mark_row_t mark = {
        .time = now, .site = "", .name = "release", .category = "deploy"
    };
    usage_scope_t scope = {
        .site = "", .to = now + 1, .category = "", .limit = 10
    };
    int marks = 0;
    bool has_missed;
    begin(1);
    ck_assert_int_eq(store.store.begin(&store.store), APR_SUCCESS);
    ck_assert_int_eq(store.store.mark_put(&store.store, &mark), APR_SUCCESS);
    ck_assert_int_eq(store.store.commit(&store.store), APR_SUCCESS);
    kept = usage_kept_make(unit_pool);
    usage_store_t *recorder =
        usage_kept_recorder(kept, &store.store, unit_pool);
    ck_assert_int_eq(recorder->marks_ask(recorder, &scope, compare, &marks),
                     APR_SUCCESS);
    memset(state->marks, 'x', sizeof state->marks);
    usage_store_t *replayer = usage_kept_replayer(kept, &has_missed, unit_pool);
    ck_assert_int_eq(replayer->marks_ask(replayer, &scope, compare, &marks),
                     APR_SUCCESS);
    ck_assert_int_eq(marks, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kept");
    TCase *tcase = unit_case(suite, "kept");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, kept_answers_make_the_same_model);
    tcase_add_test(tcase, what_was_counted_since_is_added_to_kept_answers);
    tcase_add_test(tcase, a_failure_is_kept_with_its_words);
    tcase_add_test(tcase, another_question_is_missed);
    tcase_add_test(tcase, texts_outlive_the_store);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
