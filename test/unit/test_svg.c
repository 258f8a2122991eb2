/* SPDX-License-Identifier: Apache-2.0 */
/* The chart: any number of points, an axis one can read, nothing to run. */
#include "capture.h"

#include "svg.h"

enum { DAY = 24 * 60 * 60 };

/* 2026-07-01 */
static const apr_int64_t start = 1782864000;

static usage_model_t *model_make(usage_grain_e grain, int count,
                                 apr_int64_t views)
{
    usage_query_t *query = apr_pcalloc(unit_pool, sizeof(*query));
    usage_model_t *model = apr_pcalloc(unit_pool, sizeof(*model));
    usage_point_t *points =
        apr_pcalloc(unit_pool, sizeof(*points) * (apr_size_t)(count + 1));

    query->grain = grain;
    query->counted = "";
    query->metric = USAGE_METRIC_VIEWS;
    query->now = start + 1000 * DAY;
    query->today = query->now;
    query->site = "x";
    query->zone = &usage_zone_utc;
    for (int i = 0; i < count; i++) {
        points[i].start = start + (apr_int64_t)i * DAY;
        points[i].values.of[USAGE_VIEWS] = views;
        points[i].is_running = i == count - 1;
    }
    model->query = query;
    model->points = points;
    model->points_count = count;
    return model;
}

static const char *drawn(const usage_model_t *model)
{
    capture_t *capture = capture_begin();

    usage_svg_chart(&capture->sink, model);
    return capture_text(capture);
}

START_TEST(chart_has_a_title_for_each_point)
{
    static const int counts[] = { 0, 1, 7, 30, 800 };
    int count = counts[_i];
    const char *svg = drawn(model_make(USAGE_GRAIN_DAY, count, 5));

    ck_assert_int_eq(count_of(svg, "<title>"), count);
    ck_assert_int_eq(count_of(svg, "<rect x=\""), count);
    ck_assert_int_eq(count_of(svg, "</svg>"), count_of(svg, "<svg"));
    ck_assert_int_le(count_of(svg, "class=\"x"), 6);
}
END_TEST

START_TEST(chart_tells_what_each_bar_is)
{
    const char *svg = drawn(model_make(USAGE_GRAIN_DAY, 2, 1234));

    assert_has(svg, "<title>2026-07-01: 1,234 views</title>");
    assert_has(svg, "<title>2026-07-02: 1,234 views so far</title>");
    assert_has(drawn(model_make(USAGE_GRAIN_MONTH, 2, 1)),
               "<title>2026-07: 1 view</title>");
    assert_has(drawn(model_make(USAGE_GRAIN_BASE, 2, 0)),
               "<title>2026-07-01 00:00: 0 views</title>");
}
END_TEST

START_TEST(chart_marks_the_running_interval)
{
    const char *svg = drawn(model_make(USAGE_GRAIN_DAY, 3, 10));

    ck_assert_int_eq(count_of(svg, "<rect class=\"running\""), 1);
    ck_assert_int_eq(count_of(svg, "<path class=\"bar\" d=\"M"), 1);
    ck_assert_int_eq(count_of(svg, "V0h"), 2);
}
END_TEST

START_TEST(chart_places_bars_side_by_side)
{
    const char *svg = drawn(model_make(USAGE_GRAIN_DAY, 40, 10));

    assert_has(svg, "viewBox=\"0 0 40 1\"");
    assert_has(svg, "<rect x=\"0\"><title>");
    assert_has(svg, "d=\"M50 1000V0h400V1000h100V0h400V1000h100V");
    assert_has(svg, "<rect x=\"39\"><title>");
}
END_TEST

START_TEST(chart_draws_no_bar_of_nothing)
{
    const char *svg = drawn(model_make(USAGE_GRAIN_DAY, 30, 0));

    assert_has(svg, "<path class=\"bar\" d=\"\"/>");
    assert_lacks(svg, "class=\"running\"");
    assert_has(svg, "There are none.");
}
END_TEST

START_TEST(chart_shows_one_view_among_many)
{
    usage_model_t *model = model_make(USAGE_GRAIN_DAY, 2, 1);
    usage_point_t *points = (usage_point_t *)model->points;

    points[1].values.of[USAGE_VIEWS] = 1000000;
    assert_has(drawn(model), "V996h1428V1000");
}
END_TEST

START_TEST(axis_ends_in_a_round_number)
{
    static const struct {
        apr_int64_t views;
        const char *top, *below;
    } rows[] = {
        { 0, ">1</text>", ">0</text>" },
        { 1, ">1</text>", ">0</text>" },
        { 4, ">4</text>", ">3</text>" },
        { 5, ">6</text>", ">4</text>" },
        { 9, ">10</text>", ">5</text>" },
        { 400, ">400</text>", ">300</text>" },
        { 401, ">600</text>", ">400</text>" },
        { 2000, ">2,000</text>", ">1,500</text>" },
        { 2001, ">3k</text>", ">2k</text>" },
        { 7300000, ">8M</text>", ">6M</text>" },
        { APR_INT64_MAX, ">1,000,000,000B</text>", ">500,000,000B</text>" },
    };
    const char *svg = drawn(model_make(USAGE_GRAIN_DAY, 3, rows[_i].views));

    assert_has(svg, rows[_i].top);
    assert_has(svg, rows[_i].below);
    ck_assert_int_le(count_of(svg, "class=\"y\""), 5);
}
END_TEST

START_TEST(chart_describes_itself)
{
    usage_model_t *model = model_make(USAGE_GRAIN_DAY, 3, 10);
    usage_point_t *points = (usage_point_t *)model->points;

    points[1].values.of[USAGE_VIEWS] = 4321;
    assert_has(drawn(model), "role=\"img\"");
    assert_has(drawn(model), "The most: 2026-07-02: 4,321 views.");
}
END_TEST

/* A course of bounces: of ten visits, each point's number. */
static usage_model_t *ratios_make(const int *bounces, int count)
{
    usage_model_t *model = model_make(USAGE_GRAIN_DAY, count, 10);
    usage_query_t *query = (usage_query_t *)model->query;

    query->metric = USAGE_METRIC_BOUNCE;
    for (int i = 0; i < count; i++) {
        model->points[i].values.of[USAGE_VISITS] = 10;
        model->points[i].values.of[USAGE_BOUNCES] = bounces[i];
    }
    return model;
}

START_TEST(ratio_is_a_line_with_a_dotted_end)
{
    static const int bounces[] = { 2, 4, 1 };
    const char *svg = drawn(ratios_make(bounces, 3));

    assert_has(svg, "<path class=\"line\" d=\"M166 500 500 0\"/>");
    assert_has(svg, "<path class=\"line dotted\" d=\"M500 0 833 750\"/>");
    assert_has(svg, "<title>2026-07-02: 40.0%</title>");
    assert_has(svg, ">40%</text>");
    assert_lacks(svg, "class=\"bar\" d");
}
END_TEST

START_TEST(compared_period_lies_behind)
{
    usage_model_t *model = model_make(USAGE_GRAIN_DAY, 2, 10);
    usage_query_t *query = (usage_query_t *)model->query;
    const char *svg;

    model->compared_points = model_make(USAGE_GRAIN_DAY, 2, 20)->points;
    model->compared_count = 2;
    assert_lacks(drawn(model), "class=\"was\"");
    query->compared = (usage_range_t){ 1, 2 };
    svg = drawn(model);
    assert_has(svg, "<path class=\"was\" d=\"M0 1000V0H500V0H1000V1000Z\"/>");
    ck_assert(strstr(svg, "class=\"was\"") < strstr(svg, "class=\"bar\" d"));
    assert_has(svg, "10 views; before: 20</title>");
}
END_TEST

START_TEST(chart_holds_neither_style_nor_script)
{
    const char *svg = drawn(model_make(USAGE_GRAIN_DAY, 300, 10));

    assert_lacks(svg, "style");
    assert_lacks(svg, "script");
    assert_lacks(svg, "href");
}
END_TEST

START_TEST(share_is_as_wide_as_its_part)
{
    capture_t *capture = capture_begin();

    usage_svg_share(&capture->sink, 1, 3);
    assert_has(capture_text(capture), "<rect width=\"33.333%\"");
    usage_svg_share(&capture->sink, 1, 0);
    assert_has(capture_text(capture), "<rect width=\"0%\"");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("svg");
    TCase *tcase = unit_case(suite, "svg");

    tcase_add_loop_test(tcase, chart_has_a_title_for_each_point, 0, 5);
    tcase_add_test(tcase, chart_tells_what_each_bar_is);
    tcase_add_test(tcase, chart_marks_the_running_interval);
    tcase_add_test(tcase, chart_places_bars_side_by_side);
    tcase_add_test(tcase, chart_draws_no_bar_of_nothing);
    tcase_add_test(tcase, chart_shows_one_view_among_many);
    tcase_add_loop_test(tcase, axis_ends_in_a_round_number, 0, 11);
    tcase_add_test(tcase, chart_describes_itself);
    tcase_add_test(tcase, ratio_is_a_line_with_a_dotted_end);
    tcase_add_test(tcase, compared_period_lies_behind);
    tcase_add_test(tcase, chart_holds_neither_style_nor_script);
    tcase_add_test(tcase, share_is_as_wide_as_its_part);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
