/* SPDX-License-Identifier: Apache-2.0 */
/* The panel of servers: what it says of each, and no more than it knows. */
#include "sample.h"

static sample_t *sample_of(int count)
{
    const usage_node_t rows[] = {
        { .name = "silent",
          .version = "1.0",
          .last_flush = now - 900,
          .age = 900,
          .late = 840,
          .batch = 1234,
          .is_silent = true },
        { .name = "ahead", .version = "1.0", .ahead = 600 },
        { .name = "late", .version = "1.0", .age = 180, .late = 120 },
        { .name = "own", .version = "1.2.3", .age = 9, .is_own = true },
        { .name = "well", .version = "1.0", .age = 9 },
    };
    sample_t *sample = sample_make("x");
    sample->model.nodes =
        (usage_nodes_t){ .rows = apr_pmemdup(unit_pool, rows, sizeof rows),
                         .count = count,
                         .patience = 300,
                         .keeper = "well",
                         .kept = now - 600 };
    return sample;
}

/* What the page says of a server: its row. */
static const char *row_of(const sample_t *sample, const char *name)
{
    const char *page = page_of(sample);
    const char *bdi =
        apr_pstrcat(unit_pool, "<bdi>", name, "</bdi> <small>", NULL);
    const char *begin = strstr(page, bdi);
    ck_assert_ptr_nonnull(begin);
    return apr_pstrmemdup(unit_pool, begin,
                          (apr_size_t)(strstr(begin, "</tr>") - begin));
}

START_TEST(table_has_a_caption_and_heads)
{
    const char *page = page_of(sample_of(5));
    assert_has(page, "<h2 id=\"nodes-title\">The servers</h2>");
    assert_has(page, "<table><caption>");
    assert_has(page, "silent for more than 5 min is marked");
    assert_has(page, "<th scope=\"col\">Last flush (UTC)</th>");
    ck_assert_int_eq(count_of(page, "<tr class=\"silent\">"), 1);
}
END_TEST

START_TEST(no_server_no_panel)
{
    assert_lacks(page_of(sample_of(0)), "The servers");
}
END_TEST

START_TEST(silence_is_told_and_not_its_reason)
{
    const char *row = row_of(sample_of(5), "silent");
    assert_has(row, "Has not flushed for 15 min");
    assert_has(row, "15 min ago <small>2026-07-14 14:49, batch 1,234</small>");
    assert_has(row, "<td>14 min late</td>");
}
END_TEST

START_TEST(others_are_late_or_on_time)
{
    sample_t *sample = sample_of(5);
    assert_has(row_of(sample, "late"), "<td>2 min late</td>");
    assert_has(row_of(sample, "well"), "<td>on time</td>");
    assert_has(row_of(sample, "ahead"), "<td>its clock is 10 min ahead</td>");
}
END_TEST

START_TEST(this_one_knows_what_waits)
{
    sample_t *sample = sample_of(5);
    assert_has(row_of(sample, "own"), "shows this page, mod_usage 1.2.3");
    assert_has(row_of(sample, "own"), "<td>12 views since then</td>");
    sample->model.health.waiting = 0;
    assert_has(row_of(sample, "own"), "<td>nothing waits</td>");
}
END_TEST

START_TEST(keeper_is_told)
{
    sample_t *sample = sample_of(5);
    assert_has(row_of(sample, "well"), "mod_usage 1.0, deletes what is old");
    ck_assert_int_eq(count_of(page_of(sample), "deletes what is old"), 1);
    assert_has(page_of(sample), "<dt>Old rows deleted</dt><dd>10 min ago "
                                "<small>by <bdi>well</bdi></small></dd>");
    sample->model.nodes.kept = 0;
    sample->model.nodes.keeper = "";
    assert_has(page_of(sample), "<dt>Old rows deleted</dt><dd>not yet</dd>");
    sample->model.nodes.keeper = NULL;
    assert_lacks(page_of(sample), "Old rows deleted");
}
END_TEST

START_TEST(what_is_not_listed_is_told)
{
    sample_t *sample = sample_of(5);
    sample->model.nodes.more = 1234;
    sample->model.nodes.gone = 5678;
    assert_has(page_of(sample), ">and 1,234 more</th>");
    assert_has(page_of(sample), ">and 5,678 that flushed before</th>"
                                "<td>more than a week ago</td>");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("servers");
    TCase *tcase = unit_case(suite, "servers");

    tcase_add_test(tcase, table_has_a_caption_and_heads);
    tcase_add_test(tcase, no_server_no_panel);
    tcase_add_test(tcase, silence_is_told_and_not_its_reason);
    tcase_add_test(tcase, others_are_late_or_on_time);
    tcase_add_test(tcase, this_one_knows_what_waits);
    tcase_add_test(tcase, keeper_is_told);
    tcase_add_test(tcase, what_is_not_listed_is_told);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
