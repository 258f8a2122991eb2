/* SPDX-License-Identifier: Apache-2.0 */
/* The page's top: metrics, changes, filters, days, the reader's language. */
#include "sample.h"

START_TEST(tiles_show_the_totals_and_their_changes)
{
    sample_t *sample = sample_make("x");
    const char *page;

    sample->query.compared =
        (usage_range_t){ now - 60 * 86400, now - 30 * 86400 };
    sample->model.compared = views(500);
    page = page_of(sample);
    assert_has(page, "aria-current=\"true\"><span>Views</span> <b>600</b> "
                     "<span><i class=\"rise\">+20%</i> "
                     "<small>from 500</small></span>"
                     "<small>38 today, 40 yesterday</small></a>");
    sample->query.compared = (usage_range_t){ 0, 0 };
    assert_lacks(page_of(sample), "<small>from 500</small>");
}
END_TEST

START_TEST(tiles_choose_the_metric_of_the_chart)
{
    sample_t *sample = sample_make("");
    const char *page = page_of(sample);

    assert_has(page, "<a href=\"?metric=bounce\"><span>Bounce rate</span>");
    assert_has(page, "<h2 id=\"chart-title\">Views by day</h2>");
    sample->query.metric = USAGE_METRIC_BOUNCE;
    page = page_of(sample);
    assert_has(page, "<a href=\"?metric=bounce\" aria-current=\"true\">");
    assert_has(page, "<h2 id=\"chart-title\">Bounce rate by day</h2>");
    assert_has(page, "<path class=\"line\"");
    ck_assert_int_eq(count_of(page, "<li class=\"bounce\">"), 1);
}
END_TEST

START_TEST(what_is_not_known_of_filtered_views_is_told)
{
    sample_t *sample = sample_make("");
    const char *page;

    sample->query.filters[USAGE_FILTER_DEVICE] = "mobile";
    sample->model.has_visitors = sample->model.has_names = false;
    page = page_of(sample);
    assert_has(page, "not known of these views alone");
    assert_has(page, "those lists are left out here");
    assert_lacks(page, ">Sources</h2>");
    assert_has(page, ">Browsers</h2>");
    assert_lacks(page, ">Visitors</th>");
}
END_TEST

START_TEST(filters_are_chips_that_can_be_taken_off)
{
    sample_t *sample = sample_make("");
    const char *page;

    assert_lacks(page_of(sample), "class=\"chips\"");
    sample->query.filters[USAGE_FILTER_PAGE] = "/a b";
    sample->query.filters[USAGE_FILTER_DEVICE] = "mobile";
    page = page_of(sample);
    assert_has(page, "<li><span>Page</span> <bdi>/a b</bdi>"
                     "<a href=\"?f=device:mobile\" "
                     "aria-label=\"Take off /a b\">");
    assert_has(page, "<a href=\"?\" data-key=\"Escape\">Show all</a>");
}
END_TEST

START_TEST(count_has_its_own_tile_and_title)
{
    sample_t *sample = sample_make("");
    const char *page;

    sample->query.counted = "source-search";
    sample->query.name = "<G>";
    page = page_of(sample);
    assert_has(page, "<bdi>source-search</bdi>: <bdi>&lt;G&gt;</bdi> by day");
    assert_has(page, "<span>Count</span> <b>600</b>");
    assert_lacks(page, "class=\"visits\"");
}
END_TEST

START_TEST(steps_lead_to_the_days_before)
{
    const char *page = page_of(sample_make(""));

    assert_has(page, "href=\"?from=2026-05-16&amp;to=2026-06-14\"");
    assert_has(page, "<span>2026-06-15 to 2026-07-14</span>");
    assert_lacks(page, "rel=\"next\"");
}
END_TEST

START_TEST(visitors_are_told_by_the_day)
{
    sample_t *sample = sample_make("x");
    const char *page;

    sample->model.today.of[USAGE_VISITORS] = 12;
    sample->model.yesterday.of[USAGE_VISITORS] = 34;
    sample->model.period.of[USAGE_VISITORS] = 47;
    sample->model.days = 5;
    page = page_of(sample);
    assert_has(page, "<span>Visitors a day</span> <b>9.4</b> "
                     "<small>12 today, 34 yesterday</small>");
    sample->query.dates.from = sample->query.dates.to;
    assert_has(page_of(sample), "<span>Visitors</span> <b>47</b>");
}
END_TEST

START_TEST(page_speaks_the_language_asked_for)
{
    sample_t *sample = sample_make("x");
    capture_t *capture = capture_begin();

    sample->query.lang = "ar";
    assert_has(page_of(sample), "<html lang=\"ar\" dir=\"rtl\">");
    sample->query.lang = "";
    sample->model.period = views(1234567);
    capture->sink.language = usage_language_accepted("fr, de-AT;q=0.8, en");
    usage_html_render(&sample->model, ".", &capture->sink);
    assert_has(capture->text, "<html lang=\"de\" dir=\"ltr\">");
    assert_has(capture->text, "<b>1.234.567</b>");
    assert_lacks(capture->text, "lang=de\" data-key");
    ck_assert_str_eq(usage_language_accepted("fr, tlh")->tag, "en");
    ck_assert_str_eq(usage_language_accepted(NULL)->tag, "en");
    ck_assert_ptr_null(usage_language_find("dex"));
}
END_TEST

START_TEST(change_is_told_in_signs)
{
    static const struct {
        apr_int64_t value, was;
        const char *words;
    } rows[] = {
        { 0, 0, "<i></i>" },
        { 5, 0, "<i class=\"rise\">new</i>" },
        { 7, 7, "<i>=</i>" },
        { 0, 7,
          "<i class=\"fall\">\xE2\x88\x92"
          "100%</i>" },
        { 1, 7000,
          "<i class=\"fall\">\xE2\x88\x92"
          "99%</i>" },
        { 10, 4, "<i class=\"rise\">+150%</i>" },
        { 1996, 1000, "<i class=\"rise\">+100%</i>" },
        { 500, 300, "<i class=\"rise\">+67%</i>" },
        { 1000, 990, "<i class=\"rise\">+1.0%</i>" },
        { 50, 4,
          "<i class=\"rise\">\xC3\x97"
          "12</i>" },
    };
    sample_t *sample = sample_make("x");

    sample->query.compared = (usage_range_t){ 1, 2 };
    sample->model.period = views(rows[_i].value);
    sample->model.compared = views(rows[_i].was);
    assert_has(page_of(sample), rows[_i].words);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tiles");
    TCase *tcase = unit_case(suite, "tiles");

    tcase_add_test(tcase, tiles_show_the_totals_and_their_changes);
    tcase_add_test(tcase, tiles_choose_the_metric_of_the_chart);
    tcase_add_test(tcase, what_is_not_known_of_filtered_views_is_told);
    tcase_add_test(tcase, filters_are_chips_that_can_be_taken_off);
    tcase_add_test(tcase, count_has_its_own_tile_and_title);
    tcase_add_test(tcase, steps_lead_to_the_days_before);
    tcase_add_test(tcase, visitors_are_told_by_the_day);
    tcase_add_test(tcase, page_speaks_the_language_asked_for);
    tcase_add_loop_test(tcase, change_is_told_in_signs, 0, 10);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
