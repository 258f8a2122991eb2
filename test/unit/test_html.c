/* SPDX-License-Identifier: Apache-2.0 */
/* The page: what it says, and that no name can make it say something else. */
#include "sample.h"

static sample_t *empty_make(void)
{
    sample_t *sample = sample_make("");
    usage_model_t *model = &sample->model;
    const usage_ranking_t none = { .rows = NULL };

    *model = (usage_model_t){
        .query = &sample->query,
        .events = sample_events(&none),
        .health = { .age = -1, .node = "n", .version = "1" },
    };
    return sample;
}

/* A page's tags without their attributes' values, and none of its text. */
static const char *skeleton_of(const char *page)
{
    char *skeleton = apr_palloc(unit_pool, strlen(page) + 1);
    char *end = skeleton;
    bool is_tag = false;
    bool is_value = false;

    for (; *page; page++) {
        is_tag = is_tag || *page == '<';
        is_value = is_tag && is_value != (*page == '"');
        if (is_tag && !is_value) {
            *end++ = *page;
        }
        is_tag = is_tag && (is_value || *page != '>');
    }
    *end = '\0';
    return skeleton;
}

static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></table></section><h1>",
    "&lt;script&gt;",
    "a\nb\r\n\tc\x1B[31m",
    "\xFF\xFE\xC0\xAF\xED\xA0\x80",
    "\xE2\x80\xAEgnp.exe\xE2\x81\xA6",
    "%s%n%x%%",
    "-->]]><!--",
    "javascript:alert(1)",
};

START_TEST(hostile_name_leaves_the_page_as_it_is)
{
    ck_assert_str_eq(skeleton_of(page_of(sample_make(hostile[_i]))),
                     skeleton_of(page_of(sample_make("harmless"))));
}
END_TEST

START_TEST(hostile_error_leaves_the_page_as_it_is)
{
    sample_t *bad = sample_make("x");
    sample_t *good = sample_make("x");

    bad->model.health.database_error = hostile[_i];
    bad->model.health.flush_error = hostile[_i];
    good->model.health.database_error = "y";
    good->model.health.flush_error = "y";
    ck_assert_str_eq(skeleton_of(page_of(bad)), skeleton_of(page_of(good)));
}
END_TEST

START_TEST(name_without_utf8_or_with_controls_is_replaced)
{
    const char *page = page_of(sample_make("a\nb\xFF"
                                           "c\xE2\x80\xAE"
                                           "d\x7F"));

    assert_has(page, "a\xEF\xBF\xBD"
                     "b\xEF\xBF\xBD"
                     "c\xEF\xBF\xBD"
                     "d\xEF\xBF\xBD</bdi>");
    assert_lacks(page, "\xFF");
    assert_lacks(page, "\xE2\x80\xAE");
    assert_lacks(page, "\x7F");
}
END_TEST

START_TEST(page_opens_and_closes_its_elements)
{
    static const char *const elements[] = {
        "html", "head",    "body",   "main",   "header", "footer",
        "nav",  "section", "table",  "tbody",  "thead",  "tfoot",
        "tr",   "form",    "select", "figure", "dl",     "dt",
        "dd",   "ul",      "li",     "svg",    "details"
    };
    const char *page = page_of(sample_make("x"));

    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
        const char *end = apr_pstrcat(unit_pool, "</", elements[i], ">", NULL);
        const char *bare = apr_pstrcat(unit_pool, "<", elements[i], ">", NULL);
        const char *with = apr_pstrcat(unit_pool, "<", elements[i], " ", NULL);

        ck_assert_int_gt(count_of(page, end), 0);
        ck_assert_int_eq(count_of(page, end),
                         count_of(page, bare) + count_of(page, with));
    }
}
END_TEST

START_TEST(page_needs_nothing_but_its_stylesheet_and_script)
{
    const char *page = page_of(sample_make("x"));

    ck_assert_int_eq(count_of(page, "<link"), 2);
    assert_has(page, "<link rel=\"stylesheet\" "
                     "href=\"/usage-stats/style.css?v=");
    assert_has(page, "<link rel=\"icon\" href=\"data:,\">");
    ck_assert_int_eq(count_of(page, "<script"), 1);
    assert_has(page, "<script src=\"/usage-stats/script.js?v=");
    assert_has(page, "\" defer></script>");
    assert_lacks(page, "<style");
    assert_lacks(page, "style=");
    ck_assert_int_eq(count_of(page, "src="), 1);
    assert_lacks(page, "://");
}
END_TEST

START_TEST(stylesheet_lies_under_the_base)
{
    static const char *const rows[][2] = {
        { "/usage-stats", "href=\"/usage-stats/style.css?v=" },
        { "/usage-stats/", "href=\"/usage-stats/style.css?v=" },
        { "usage-stats", "href=\"usage-stats/style.css?v=" },
        { ".", "href=\"./style.css?v=" },
        { "/", "href=\"/style.css?v=" },
        { "//evil.example", "href=\"/evil.example/style.css?v=" },
        { "/a b/\"?", "href=\"/a%20b/%22%3F/style.css?v=" },
    };
    capture_t *capture = capture_begin();

    usage_html_render(&sample_make("x")->model, rows[_i][0], &capture->sink);
    assert_has(capture->text, rows[_i][1]);
}
END_TEST

START_TEST(links_keep_the_site_and_mark_the_period)
{
    const char *page = page_of(sample_make("a&b c"));

    assert_has(page, "<a href=\"?period=7d&amp;site=a%26b%20c\" "
                     "data-key=\"w\">7 days</a>");
    assert_has(page, "<a href=\"?site=a%26b%20c\" data-key=\"t\" "
                     "aria-current=\"page\">30 days</a>");
    ck_assert_int_eq(count_of(page, "aria-current=\"page\""), 1);
    assert_has(page_of(empty_make()),
               "<a href=\"?period=7d\" data-key=\"w\">7 days</a>");
}
END_TEST

START_TEST(form_offers_every_site)
{
    const char *page = page_of(sample_make("b&.example"));

    assert_has(page, "<option value=\"\">All sites</option>");
    assert_has(page, "<option value=\"a.example\">a.example</option>");
    assert_has(page, "<option value=\"b&amp;.example\" selected>");
    ck_assert_int_eq(count_of(page, " selected>"), 1);
    assert_lacks(page, "type=\"hidden\" name=\"period\"");
}
END_TEST

START_TEST(form_offers_the_asked_site_though_unknown)
{
    sample_t *sample = sample_make("b.example");

    sample->model.sites_count = 1;
    assert_has(page_of(sample), "<option value=\"b.example\" selected>");
}
END_TEST

START_TEST(table_has_visitors_of_days_and_of_an_average_day)
{
    sample_t *sample = sample_make("x");
    const char *page;

    sample->points[1].values.of[USAGE_VISITORS] = 4700;
    sample->points[1].days = 20;
    page = page_of(sample);
    assert_has(page, ">Visitors</th>");
    assert_has(page, "<td>40</td>"
                     "<td>4,700</td></tr>");
    sample->query.grain = USAGE_GRAIN_MONTH;
    page = page_of(sample);
    assert_has(page, ">Visitors a day</th>");
    assert_has(page, "<td>40</td>"
                     "<td>235</td></tr>");
    assert_has(page, "<td>0.0</td></tr>");
    sample->query.grain = USAGE_GRAIN_BASE;
    assert_lacks(page_of(sample), ">Views</th><th scope=\"col\">Visitors</th>");
}
END_TEST

START_TEST(chart_has_its_numbers_as_a_table)
{
    sample_t *sample = sample_make("x");
    const char *page = page_of(sample);

    assert_has(page, "<h2 id=\"chart-title\">Views by day</h2>");
    assert_has(page, "<th scope=\"row\">2026-07-13</th>"
                     "<td>40</td>");
    assert_has(page, "<th scope=\"row\">2026-07-14, so far</th>");
    sample->points[2].start = now + 1;
    assert_lacks(page_of(sample), ", so far</th>");
}
END_TEST

START_TEST(health_is_shown)
{
    sample_t *sample = sample_make("x");
    const char *page = page_of(sample);

    assert_has(page, "<dd>12.3% <svg");
    assert_has(page, "3 min ago <small>2026-07-14 15:00 UTC, batch 4,711");
    assert_has(page, "<dd>12 views</dd>");
    assert_has(page, "mod_usage 1.2.3");
    assert_has(page, "<dt>Last error</dt><dd>none</dd>");
    assert_lacks(page, "class=\"notice\"");
    sample->model.health.age = -1;
    assert_has(page_of(sample), "<dd>none yet</dd>");
}
END_TEST

START_TEST(failure_is_told_at_the_top)
{
    sample_t *sample = sample_make("x");
    const char *page;

    sample->model.health.database_error = "no <file>";
    sample->model.health.flush_error = "locked";
    sample->model.health.failing_since = now - 3600;
    page = page_of(sample);
    ck_assert_int_eq(count_of(page, "class=\"notice\""), 2);
    ck_assert(strstr(page, "Live numbers only")
              < strstr(page, "class=\"tiles\""));
    assert_has(page, "<code>no &lt;file&gt;</code>");
    assert_has(page, "since 2026-07-14 14:04 UTC");
    assert_has(page, "<dd>locked <small>since 2026-07-14 14:04 UTC");
}
END_TEST

START_TEST(empty_page_says_what_to_do)
{
    sample_t *sample = empty_make();
    const char *page = page_of(sample);

    assert_has(page, "Nothing has been counted yet.");
    assert_has(page, "<code>Usage On</code>");
    assert_lacks(page, "<figure>");
    assert_lacks(page, "<table");
    assert_lacks(page, "Top pages");
    sample->model.sites = sample->sites;
    sample->model.sites_count = 1;
    assert_has(page_of(sample), "?period=all\">all time, all sites</a>");
    sample->model.hits = 7;
    assert_has(page_of(sample), "7 hits came, but none was a view");
}
END_TEST

START_TEST(problem_is_told_without_markup)
{
    capture_t *capture = capture_begin();

    ck_assert_int_eq(
        usage_html_problem("no <period>", "/usage-stats", &capture->sink),
        APR_SUCCESS);
    assert_has(capture->text, "<p class=\"notice\">no &lt;period&gt;</p>");
    assert_has(capture->text, "<a href=\"?\">");
    assert_has(capture->text, "</html>\n");
}
END_TEST

START_TEST(error_of_the_sink_is_returned)
{
    capture_t *capture = capture_begin();

    capture->status = APR_EPIPE;
    ck_assert_int_eq(
        usage_html_render(&sample_make("x")->model, "/u", &capture->sink),
        APR_EPIPE);
    ck_assert_int_eq(capture->writes, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("html");
    TCase *tcase = unit_case(suite, "html");
    const int hostiles = (int)(sizeof(hostile) / sizeof(hostile[0]));

    tcase_add_loop_test(tcase, hostile_name_leaves_the_page_as_it_is, 0,
                        hostiles);
    tcase_add_loop_test(tcase, hostile_error_leaves_the_page_as_it_is, 0,
                        hostiles);
    tcase_add_test(tcase, name_without_utf8_or_with_controls_is_replaced);
    tcase_add_test(tcase, page_opens_and_closes_its_elements);
    tcase_add_test(tcase, page_needs_nothing_but_its_stylesheet_and_script);
    tcase_add_loop_test(tcase, stylesheet_lies_under_the_base, 0, 7);
    tcase_add_test(tcase, links_keep_the_site_and_mark_the_period);
    tcase_add_test(tcase, form_offers_every_site);
    tcase_add_test(tcase, form_offers_the_asked_site_though_unknown);
    tcase_add_test(tcase, table_has_visitors_of_days_and_of_an_average_day);
    tcase_add_test(tcase, chart_has_its_numbers_as_a_table);
    tcase_add_test(tcase, health_is_shown);
    tcase_add_test(tcase, failure_is_told_at_the_top);
    tcase_add_test(tcase, empty_page_says_what_to_do);
    tcase_add_test(tcase, problem_is_told_without_markup);
    tcase_add_test(tcase, error_of_the_sink_is_returned);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
