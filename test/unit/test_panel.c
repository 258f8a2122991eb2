/* SPDX-License-Identifier: Apache-2.0 */
/* The rankings: rows, shares, what is left out, what a name means. */
#include "engine/agent.h"
#include "engine/breakdowns.h"
#include "sample.h"

START_TEST(panel_rows_have_number_and_share)
{
    const char *page = page_of(sample_make("x"));

    ck_assert_int_eq(count_of(page, "<td>400</td><td>33.3%"),
                     usage_catalog_count);
    assert_has(page, "<th scope=\"row\" class=\"s16\">"
                     "<a href=\"?site=x&amp;f=page:x\">x</a></th>");
    assert_lacks(page, " more</th>");
}
END_TEST

START_TEST(panel_tells_what_it_leaves_out)
{
    sample_t *sample = sample_make("x");

    sample->model.pages.distinct = 1203;
    sample->model.pages.sum = 2200;
    assert_has(page_of(sample), "<a href=\"?site=x&amp;panel=pages\">"
                                "and 1,200 more</a></th><td>1,000</td>");
    sample->model.devices.distinct = 5;
    sample->model.devices.sum = 2200;
    assert_has(page_of(sample), "and 2 more</a></th><td>1,000</td>"
                                "<td>45.5%</td>");
}
END_TEST

START_TEST(little_share_is_not_nothing)
{
    sample_t *sample = sample_make("x");

    sample->model.pages.sum = 1000000;
    assert_has(page_of(sample), "<td><bdi>&lt;0.1%</bdi></td>");
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
    assert_has(page, apr_pstrcat(unit_pool, "=count:outcome/", outcomes[_i],
                                 "\">", outcomes[_i], "</a> <small>", NULL));
    assert_has(page, ">unheard-of</a></th>");
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
                                "<small>&lt;i&gt;seo</small>");
}
END_TEST

static const struct {
    const char *panel;
    const char *name;
    const char *cell;
} explained[] = {
    { "countries", "DE",
      "<span aria-hidden=\"true\">\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA</span> "
      "<bdi>DE</bdi> <small>Germany</small>" },
    { "countries", "ZW", "\xF0\x9F\x87\xBF\xF0\x9F\x87\xBC</span> <bdi>ZW" },
    { "countries", "XK", "><bdi>XK</bdi></th>" },
    { "countries", "(unknown)", "><bdi>(unknown)</bdi></th>" },
    { "languages", "fr", "<bdi>fr</bdi> <small>French</small>" },
    { "languages", "qqq", "<bdi>qqq</bdi></th>" },
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
    assert_has(page, ">Languages</h2>");
    assert_has(page, "</details><p class=\"empty\">No visit began");
    assert_lacks(page, ">Campaigns</h2>");
    assert_lacks(page, ">Sources</h2>");
    assert_has(page,
               "<p class=\"missing\">Not counted here: sources "
               "(<code>UsageBreakdown source</code>), campaigns "
               "(<code>UsageBreakdown campaign</code>), versions of browsers "
               "and systems (<code>UsageBreakdown version</code>), events "
               "(<code>UsageEvent</code>), what was not found "
               "(<code>UsageBreakdown not-found</code>), the status of "
               "answers (<code>UsageBreakdown status</code>).</p>");
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
               ">/*</a> <small>paths without a place");
}
END_TEST

/* The sample with a category for each row, on a page of all sites. */
static const char *page_of_counts(const char *id)
{
    sample_t *sample = sample_make("a/b c");

    sample->query.site = "";
    for (int i = 0; i < 3; i++) {
        sample->rows[i].category = "kind-one";
    }
    return page_with(sample, id);
}

START_TEST(row_leads_to_what_it_counts)
{
    assert_has(page_of_counts("sources"),
               "<a href=\"?f=count:kind-one/a/b%20c\">a/b c</a>");
    assert_has(page_of_counts("source-kinds"),
               "<a href=\"?f=count:kind-one\">a/b c</a>");
    assert_has(page_of_counts("not-found"), "<bdi>a/b c</bdi>");
}
END_TEST

START_TEST(row_tells_its_change)
{
    sample_t *sample = sample_make("x");
    const char *page;

    sample->query.compared = (usage_range_t){ 1, 2 };
    for (int i = 0; i < 3; i++) {
        sample->rows[i].has_was = true;
    }
    sample->rows[1].was = views(800);
    page = page_of(sample);
    assert_has(page, "<td>400</td><td class=\"fall\">\xE2\x88\x92"
                     "50%</td><td>33.3%</td>");
    assert_has(page_with(sample, "sources"),
               "<td>400</td><td class=\"fall\">\xE2\x88\x92"
               "50%</td></tr>");
}
END_TEST

START_TEST(list_alone_has_its_pages)
{
    sample_t *sample = sample_make("");
    const char *page;

    sample->query.panel = "pages";
    sample->query.page = 2;
    sample->model.pages.first = 100;
    sample->model.pages.distinct = 1203;
    page = page_of(sample);
    assert_has(page, "101 to 103 of 1,203");
    assert_has(page, "<a rel=\"prev\" href=\"?panel=pages\"");
    assert_has(page, "<a rel=\"next\" href=\"?panel=pages&amp;page=3\"");
    assert_has(page, "<a href=\"?\">All lists</a>");
    assert_lacks(page, ">Devices</h2>");
    assert_lacks(page, "and 1,200 more");
}
END_TEST

START_TEST(hours_of_the_week_are_shaded)
{
    sample_t *sample = sample_make("x");
    const char *page;

    assert_lacks(page_of(sample), "Hours of the week");
    sample->model.heat.greatest = 20000;
    sample->model.heat.views[0][0] = 20000;
    sample->model.heat.views[6][23] = 8000;
    page = page_of(sample);
    assert_has(page, "<th scope=\"row\">Monday</th><td class=\"h4\">20k</td>");
    assert_has(page, "<td class=\"h2\">8000</td></tr>");
    ck_assert_int_eq(count_of(page, "<td class=\"h"), 2);
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
    tcase_add_test(tcase, row_leads_to_what_it_counts);
    tcase_add_test(tcase, row_tells_its_change);
    tcase_add_test(tcase, list_alone_has_its_pages);
    tcase_add_test(tcase, hours_of_the_week_are_shaded);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
