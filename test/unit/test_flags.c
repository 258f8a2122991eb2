/* SPDX-License-Identifier: Apache-2.0 */
/* Marks on the chart and in the list: each where it belongs, in words too. */
#include "sample.h"

/* A mark of the chart's point, so many seconds into it. */
static usage_flag_t flag_of(const sample_t *sample, int point,
                            apr_int64_t seconds, const char *name)
{
    apr_int64_t start = sample->points[point].start;
    return (usage_flag_t){ .start = start,
                           .mark = { .time = start + seconds,
                                     .site = point == 0 ? "" : "a.example",
                                     .name = name,
                                     .category = "deploy" } };
}

static sample_t *sample_of(const usage_flag_t *flags, int count)
{
    sample_t *sample = sample_make("x");
    sample->model.flags = (usage_flags_t){ .rows = flags, .count = count };
    return sample;
}

static const char *page_of_three(void)
{
    const sample_t *sample = sample_make("x");
    const usage_flag_t flags[] = { flag_of(sample, 2, 7200, "third"),
                                   flag_of(sample, 0, 3600, "second"),
                                   flag_of(sample, 0, 60, "first") };
    return page_of(sample_of(flags, 3));
}

START_TEST(no_mark_no_flag_and_no_list)
{
    const char *page = page_of(sample_of(NULL, 0));
    assert_lacks(page, "class=\"flag\"");
    assert_lacks(page, ">Marks</h2>");
    assert_lacks(page, "listed below");
}
END_TEST

START_TEST(flags_stand_in_the_middle_of_their_intervals)
{
    const char *page = page_of_three();
    ck_assert_int_eq(count_of(page, "<g class=\"flag\">"), 2);
    assert_has(page, "<line x1=\"16.666%\" x2=\"16.666%\"");
    assert_has(page, "<line x1=\"83.333%\" x2=\"83.333%\"");
}
END_TEST

START_TEST(flag_says_what_it_stands_for)
{
    const char *page = page_of_three();
    assert_has(page, "<title>2026-07-12 01:00: second (deploy, all sites); "
                     "2026-07-12 00:01: first (deploy, all sites)</title>");
    assert_has(page,
               "<title>2026-07-14 02:00: third (deploy, a.example)</title>");
    assert_has(page, "3 marks, listed below.");
}
END_TEST

START_TEST(list_has_time_name_category_and_site)
{
    const char *page = page_of_three();
    assert_has(page, "<h2 id=\"marks-title\">Marks</h2>");
    assert_has(page, "<th scope=\"col\">Time (UTC)</th>");
    assert_has(page, "<tr><td>2026-07-14 02:00</td>"
                     "<th scope=\"row\"><bdi>third</bdi></th>"
                     "<td><bdi>deploy</bdi></td>"
                     "<td><bdi>a.example</bdi></td></tr>\n"
                     "<tr><td>2026-07-12 01:00</td>");
    assert_has(page, "<td>all sites</td></tr>");
}
END_TEST

START_TEST(long_list_and_full_flag_tell_of_the_rest)
{
    usage_flag_t flags[60];
    const sample_t *sample = sample_make("x");
    for (int i = 0; i < 60; i++) {
        flags[i] = flag_of(sample, 1, 60 * (60 - i), "one");
    }
    const char *page = page_of(sample_of(flags, 60));
    ck_assert_int_eq(count_of(page, "<bdi>one</bdi></th>"), 50);
    assert_has(page, "and 10 older</th>");
    ck_assert_int_eq(count_of(page, "<g class=\"flag\">"), 1);
    assert_has(page, "; and 52 more</title>");
}
END_TEST

/* Of an interval that the chart hasn't, as when it shows no points. */
START_TEST(mark_without_its_interval_is_listed_alone)
{
    usage_flag_t flag = flag_of(sample_make("x"), 1, 0, "lost");
    flag.start += 60;
    const char *page = page_of(sample_of(&flag, 1));
    assert_lacks(page, "class=\"flag\"");
    assert_has(page, "<bdi>lost</bdi>");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("flags");
    TCase *tcase = unit_case(suite, "flags");

    tcase_add_test(tcase, no_mark_no_flag_and_no_list);
    tcase_add_test(tcase, flags_stand_in_the_middle_of_their_intervals);
    tcase_add_test(tcase, flag_says_what_it_stands_for);
    tcase_add_test(tcase, list_has_time_name_category_and_site);
    tcase_add_test(tcase, long_list_and_full_flag_tell_of_the_rest);
    tcase_add_test(tcase, mark_without_its_interval_is_listed_alone);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
