/* SPDX-License-Identifier: Apache-2.0 */
/* What usage_event has, as the panels of the catalog. */
#include <apr_strings.h>

#include "catalog.h"
#include "counting.h"
#include "events.h"

static usage_events_t *events;

static void setup(void)
{
    events = usage_events_make(unit_pool);
}

static void answer(const char *category, const char *name, apr_int64_t count,
                   apr_int64_t names)
{
    usage_event_row_t row = { category, name, count, names };
    ck_assert_int_eq(usage_events_answer(events, &row), APR_SUCCESS);
}

/* A count of the segment. */
static void add_live(const char *category, const char *name, apr_int64_t count)
{
    usage_key_t key = event_key("a.example", category, name, midnight);
    usage_values_t values = views(count);
    usage_events_add(events, USAGE_NOW, &key, &values);
}

static usage_ranking_t ranking_of(const char *id, int limit)
{
    const usage_query_t query = { .page = 1, .limit = limit };
    const usage_ranking_t *rankings = usage_events_rank(events, &query);
    int i = 0;
    while (strcmp(usage_catalog[i].id, id) != 0) {
        i++;
    }
    return rankings[i];
}

static void assert_row(const usage_ranking_t *ranking, int i, const char *name,
                       const char *note, apr_int64_t count)
{
    ck_assert_int_lt(i, ranking->count);
    ck_assert_str_eq(ranking->rows[i].name, name);
    ck_assert_pstr_eq(ranking->rows[i].note, note);
    ck_assert_int_eq(ranking->rows[i].values.of[USAGE_VIEWS], count);
}

START_TEST(database_and_segment_are_summed)
{
    answer("source-search", "Google", 5, 1);
    answer("source-site", "a.example", 7, 1);
    add_live("source-search", "Google", 3);
    add_live("source-ai", "ChatGPT", 2);
    usage_ranking_t names = ranking_of("sources", 2);
    assert_row(&names, 0, "Google", "search", 8);
    assert_row(&names, 1, "a.example", "site", 7);
    ck_assert_int_eq(names.count, 2);
    ck_assert_int_eq(names.distinct, 3);
    ck_assert_int_eq(names.sum, 17);
    usage_ranking_t kinds = ranking_of("source-kinds", 2);
    ck_assert_int_eq(kinds.count, 3);
    assert_row(&kinds, 2, "AI", NULL, 2);
}
END_TEST

START_TEST(what_is_beyond_is_in_the_sums)
{
    answer("bot-seo", "one", 5, 1);
    answer("bot-search", "two", 4, 1);
    answer("bot-seo", "", 30, 20);
    add_live("bot-seo", "one", 1);
    usage_ranking_t names = ranking_of("bots", 10);
    ck_assert_int_eq(names.count, 2);
    assert_row(&names, 0, "one", "seo", 6);
    ck_assert_int_eq(names.distinct, 22);
    ck_assert_int_eq(names.sum, 40);
    usage_ranking_t kinds = ranking_of("bot-kinds", 10);
    assert_row(&kinds, 0, "seo", NULL, 36);
    ck_assert_int_eq(kinds.sum, 40);
}
END_TEST

START_TEST(same_name_of_two_categories_is_two_rows)
{
    add_live("plans", "gold", 1);
    add_live("rings", "gold", 2);
    answer("event", "gold", 1, 1);
    answer("outcome", "gold", 9, 1);
    answer("download", "gold", 9, 1);
    usage_ranking_t names = ranking_of("events", 10);
    ck_assert_int_eq(names.count, 3);
    assert_row(&names, 0, "gold", "rings", 2);
    assert_row(&names, 1, "gold", "event", 1);
    assert_row(&names, 2, "gold", "plans", 1);
}
END_TEST

static const struct {
    const char *stored;
    const char *name;
    const char *note;
} links[] = {
    { "blog.example /a b", "/a b", "blog.example" },
    { "- /x", "/x", NULL },
    { "- ", "", NULL },
    { "*", "*", NULL },
};

START_TEST(link_is_split_into_path_and_host)
{
    add_live("not-found", links[_i].stored, 1);
    usage_ranking_t paths = ranking_of("not-found", 10);
    assert_row(&paths, 0, links[_i].name, links[_i].note, 1);
}
END_TEST

START_TEST(each_category_of_the_module_s_own_is_shown_once)
{
    static const char *const categories[] = {
        "country",         "language",  "browser-version", "system-version",
        "campaign-source", "source-x",  "status",          "not-found",
        "bot-x",           "my clicks", "_status",         "country-",
    };
    int shown = 0;
    for (int i = 0; i < usage_catalog_count; i++) {
        const usage_panel_t *panel = &usage_catalog[i];
        shown += panel->rows != USAGE_ROWS_OF_KINDS
                 && usage_panel_has(panel, categories[_i]);
    }
    ck_assert_int_eq(shown, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("events");
    TCase *tcase = unit_case(suite, "events");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, database_and_segment_are_summed);
    tcase_add_test(tcase, what_is_beyond_is_in_the_sums);
    tcase_add_test(tcase, same_name_of_two_categories_is_two_rows);
    tcase_add_loop_test(tcase, link_is_split_into_path_and_host, 0,
                        sizeof links / sizeof *links);
    tcase_add_loop_test(tcase, each_category_of_the_module_s_own_is_shown_once,
                        0, 12);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
