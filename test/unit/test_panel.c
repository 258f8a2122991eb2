/* SPDX-License-Identifier: Apache-2.0 */
/* The rankings: rows, shares, what is left out, what an outcome means. */
#include "engine/agent.h"
#include "sample.h"

START_TEST(panel_rows_have_number_and_share)
{
    const char *page = page_of(sample_make("x"));

    ck_assert_int_eq(count_of(page, "<bdi dir=\"ltr\">x</bdi>"), 7);
    ck_assert_int_eq(count_of(page, "<td class=\"number\">400</td>"
                                    "<td class=\"number portion\">33.3%"),
                     7);
    assert_has(page, "<rect width=\"66.666%\"");
    assert_lacks(page, " more</th>");
}
END_TEST

START_TEST(panel_tells_what_it_leaves_out)
{
    sample_t *sample = sample_make("x");

    sample->model.pages.distinct = 1203;
    sample->model.pages.sum = 2200;
    assert_has(page_of(sample), "and 1,200 more</th>"
                                "<td class=\"number\">1,000</td>"
                                "<td class=\"number portion\">45.4%");
}
END_TEST

START_TEST(little_share_is_not_nothing)
{
    sample_t *sample = sample_make("x");

    sample->model.pages.sum = 1000000;
    assert_has(page_of(sample), "portion\">&lt;0.1%</td>");
}
END_TEST

START_TEST(outcomes_are_explained_and_add_up)
{
    static const char *const outcomes[] = { "view",  "asset",   "excluded",
                                            "bot",   "method",  "redirect",
                                            "error", "failure", "partial" };
    sample_t *sample = sample_make("x");
    const char *page;

    sample->rows[1].name = outcomes[_i];
    sample->rows[0].name = "unheard-of";
    page = page_of(sample);
    assert_has(page, apr_pstrcat(unit_pool, ">", outcomes[_i], "</bdi> <small>",
                                 NULL));
    assert_has(page, ">unheard-of</bdi></th>");
    assert_has(page, "they add up to all hits</th>"
                     "<td class=\"number\">1,200</td>");
}
END_TEST

START_TEST(bots_are_named_with_their_kind)
{
    sample_t *sample = sample_make("x");
    sample->rows[1] = (usage_ranked_t){ .name = "<b>Bot</b>",
                                        .note = "<i>seo",
                                        .values = views(1) };
    assert_has(page_of(sample), "&lt;b&gt;Bot&lt;/b&gt;</bdi> "
                                "<small>&lt;i&gt;seo</small>");
}
END_TEST

START_TEST(every_kind_of_bots_is_explained)
{
    sample_t *sample = sample_make(usage_bot_kind_word(_i));
    assert_has(page_of(sample),
               apr_pstrcat(unit_pool, ">", usage_bot_kind_word(_i),
                           "</bdi> <small>", NULL));
}
END_TEST

START_TEST(panel_without_rows_says_so)
{
    sample_t *sample = sample_make("x");

    sample->model.pages = (usage_ranking_t){ .rows = NULL };
    assert_has(page_of(sample), "No page was viewed in this period.");
}
END_TEST

START_TEST(row_without_a_name_has_one)
{
    assert_has(page_of(sample_make("")), ">(no name)</bdi>");
}
END_TEST

START_TEST(overflow_path_is_explained)
{
    assert_has(page_of(sample_make("/*")),
               ">/*</bdi> <small>paths without a place");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("panel");
    TCase *tcase = unit_case(suite, "panel");

    tcase_add_test(tcase, panel_rows_have_number_and_share);
    tcase_add_test(tcase, panel_tells_what_it_leaves_out);
    tcase_add_test(tcase, little_share_is_not_nothing);
    tcase_add_loop_test(tcase, outcomes_are_explained_and_add_up, 0, 9);
    tcase_add_test(tcase, bots_are_named_with_their_kind);
    tcase_add_loop_test(tcase, every_kind_of_bots_is_explained, 1,
                        USAGE_BOT_KINDS);
    tcase_add_test(tcase, panel_without_rows_says_so);
    tcase_add_test(tcase, row_without_a_name_has_one);
    tcase_add_test(tcase, overflow_path_is_explained);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
