/* SPDX-License-Identifier: Apache-2.0 */
/* The rankings: rows, shares, what is left out, what a name means. */
#include "engine/agent.h"
#include "engine/breakdowns.h"
#include "sample.h"

START_TEST(panel_rows_have_number_and_share)
{
    const char *page = page_of(sample_make("x"));

    ck_assert_int_eq(count_of(page, "<bdi dir=\"ltr\">x</bdi>"),
                     usage_catalog_count);
    ck_assert_int_eq(count_of(page, "<td>400</td>"
                                    "<td class=\"portion\">33.3%"),
                     usage_catalog_count);
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
                                "<td>1,000</td>"
                                "<td class=\"portion\">45.4%");
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
                     "<td>1,200</td>");
}
END_TEST

/* The place of a panel in the catalog. */
static int place_of(const char *id)
{
    int i = 0;

    while (strcmp(usage_catalog[i].id, id) != 0) {
        i++;
    }
    return i;
}

/* A page on which the one ranking of events that has rows is a panel's. */
static const char *page_with(sample_t *sample, const char *id)
{
    const usage_ranking_t none = { .rows = NULL };
    usage_ranking_t *events =
        apr_pmemdup(unit_pool, sample_events(&none),
                    (apr_size_t)usage_catalog_count * sizeof *events);

    events[place_of(id)] = sample->model.pages;
    sample->model.events = events;
    return page_of(sample);
}

START_TEST(note_from_outside_is_isolated)
{
    sample_t *sample = sample_make("x");

    sample->rows[1] = (usage_ranked_t){ .name = "<b>Bot</b>",
                                        .note = "<i>seo",
                                        .values = views(1) };
    assert_has(page_of(sample), "&lt;b&gt;Bot&lt;/b&gt;</bdi> "
                                "<small dir=\"auto\">&lt;i&gt;seo</small>");
}
END_TEST

static const struct {
    const char *panel;
    const char *name;
    const char *cell;
} explained[] = {
    { "countries", "DE",
      "<span aria-hidden=\"true\">\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA</span> "
      "<bdi dir=\"ltr\">DE</bdi> <small>Germany</small>" },
    { "countries", "ZW",
      "\xF0\x9F\x87\xBF\xF0\x9F\x87\xBC</span> <bdi dir=\"ltr\">ZW" },
    { "countries", "XK", "</svg><bdi dir=\"ltr\">XK</bdi></th>" },
    { "countries", "(unknown)", "</svg><bdi dir=\"ltr\">(unknown)</bdi></th>" },
    { "languages", "fr", "<bdi dir=\"ltr\">fr</bdi> <small>French</small>" },
    { "languages", "qqq", "<bdi dir=\"ltr\">qqq</bdi></th>" },
    { "statuses", "404", ">404</bdi> <small>Not Found</small>" },
    { "statuses", "299", ">299</bdi></th>" },
    { "languages", "*", ">*</bdi> <small>names without a place" },
    { "source-kinds", "AI", ">AI</bdi> <small>from an AI" },
};

START_TEST(name_is_explained)
{
    sample_t *sample = sample_make(explained[_i].name);

    assert_has(page_with(sample, explained[_i].panel), explained[_i].cell);
}
END_TEST

START_TEST(what_is_off_is_named_with_its_directive)
{
    sample_t *sample = sample_make("x");
    const char *page;

    sample->model.breakdowns = USAGE_BREAKDOWN_BIT(LANGUAGE);
    page = page_with(sample, "countries");
    assert_has(page, ">Countries</h2>");
    assert_has(page, ">Languages</h2>\n<p class=\"empty\">");
    assert_lacks(page, ">Campaigns</h2>");
    assert_lacks(page, ">Sources</h2>");
    assert_has(page,
               "<p class=\"missing\">Not counted here: sources "
               "(<code>UsageBreakdown source</code>), campaigns "
               "(<code>UsageBreakdown campaign</code>), versions of browsers "
               "and systems (<code>UsageBreakdown version</code>), the status "
               "of answers (<code>UsageBreakdown status</code>), events "
               "(<code>UsageEvent</code>), what was not found "
               "(<code>UsageBreakdown not-found</code>).</p>");
}
END_TEST

START_TEST(nothing_is_missing_where_all_is_counted)
{
    assert_lacks(page_of(sample_make("x")), "Not counted here");
}
END_TEST

START_TEST(one_category_of_events_has_no_panel)
{
    sample_t *sample = sample_make("x");
    static const char id[] = "event-categories";

    assert_has(page_with(sample, id), ">Events by category</h2>");
    sample->model.pages.count = 1;
    assert_lacks(page_with(sample, id), ">Events by category</h2>");
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
    tcase_add_test(tcase, note_from_outside_is_isolated);
    tcase_add_loop_test(tcase, name_is_explained, 0,
                        sizeof explained / sizeof *explained);
    tcase_add_test(tcase, what_is_off_is_named_with_its_directive);
    tcase_add_test(tcase, nothing_is_missing_where_all_is_counted);
    tcase_add_test(tcase, one_category_of_events_has_no_panel);
    tcase_add_loop_test(tcase, every_kind_of_bots_is_explained, 1,
                        USAGE_BOT_KINDS);
    tcase_add_test(tcase, panel_without_rows_says_so);
    tcase_add_test(tcase, row_without_a_name_has_one);
    tcase_add_test(tcase, overflow_path_is_explained);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
