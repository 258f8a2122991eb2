/* SPDX-License-Identifier: Apache-2.0 */
/* The sink: buffering, errors that stick, and every letter of its formats. */
#include "capture.h"

#include <signal.h>

#include "words.h"

#define REPLACEMENT   "\xEF\xBF\xBD"
#define INT64(number) ((apr_int64_t)(number))

/* What one value looks like in one format. */
#define WRITTEN(format, value)                                                 \
    (usage_sink_html(&fresh()->sink, format, value), capture_text(current))

static capture_t *current;

static capture_t *fresh(void)
{
    current = capture_begin();
    return current;
}

START_TEST(sink_passes_literals_on)
{
    capture_t *capture = capture_begin();

    usage_sink_html(&capture->sink, "<b>100%% &amp; more</b>");
    ck_assert_str_eq(capture_text(capture), "<b>100% &amp; more</b>");
}
END_TEST

START_TEST(sink_fills_in_values_in_order)
{
    capture_t *capture = capture_begin();

    usage_sink_html(&capture->sink, "<td>%s</td><td>%n</td>", "a", INT64(1234));
    ck_assert_str_eq(capture_text(capture), "<td>a</td><td>1,234</td>");
}
END_TEST

START_TEST(text_loses_its_markup)
{
    ck_assert_str_eq(WRITTEN("%s", "<script>alert(\"1\" & '2')</script>"),
                     "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)"
                     "&lt;/script&gt;");
}
END_TEST

START_TEST(text_keeps_other_scripts)
{
    ck_assert_str_eq(WRITTEN("%s", "\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80"),
                     "\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80");
}
END_TEST

static const char *const hidden[] = {
    "\x01",         "\n",           "\r",           "\t",
    "\x1B",         "\x7F",         "\xC2\x80",     "\xC2\x9F",
    "\xD8\x9C",     "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6",
    "\xE2\x81\xA9", "\xFF",         "\x80",         "\xC2",
};

START_TEST(text_shows_what_hides)
{
    ck_assert_str_eq(WRITTEN("a%sb", hidden[_i]), "a" REPLACEMENT "b");
}
END_TEST

START_TEST(text_survives_broken_utf8)
{
    ck_assert_str_eq(WRITTEN("%s", "\xC0\xAF<"),
                     REPLACEMENT REPLACEMENT "&lt;");
    ck_assert_str_eq(WRITTEN("%s", "\xED\xA0\x80"),
                     REPLACEMENT REPLACEMENT REPLACEMENT);
    ck_assert_str_eq(WRITTEN("%s", "a\xF0\x9F\x98"),
                     "a" REPLACEMENT REPLACEMENT REPLACEMENT);
}
END_TEST

START_TEST(argument_is_percent_encoded)
{
    ck_assert_str_eq(WRITTEN("%u", "a-Z.0_9~ /&=+%#\"<\xC3\xA9\xFF\n"),
                     "a-Z.0_9~%20%2F%26%3D%2B%25%23%22%3C%C3%A9%FF%0A");
}
END_TEST

START_TEST(path_keeps_its_slashes)
{
    ck_assert_str_eq(WRITTEN("%U", "/a b/?:"), "/a%20b/%3F%3A");
}
END_TEST

START_TEST(number_is_grouped_by_thousands)
{
    ck_assert_str_eq(WRITTEN("%n", INT64(0)), "0");
    ck_assert_str_eq(WRITTEN("%n", INT64(999)), "999");
    ck_assert_str_eq(WRITTEN("%n", INT64(1000)), "1,000");
    ck_assert_str_eq(WRITTEN("%n", INT64(-1234567)), "-1,234,567");
    ck_assert_str_eq(WRITTEN("%n", INT64(APR_INT64_MIN)),
                     "-9,223,372,036,854,775,808");
    ck_assert_str_eq(WRITTEN("%d", INT64(-12345)), "-12345");
}
END_TEST

START_TEST(average_is_near_and_small_ones_have_a_decimal)
{
    static const struct {
        apr_int64_t sum, count;
        const char *words;
    } rows[] = {
        { 0, 0, "0.0" },
        { 5, 0, "0.0" },
        { -5, 2, "0.0" },
        { 1, 30, "0.0" },
        { 2, 30, "0.1" },
        { 47, 5, "9.4" },
        { 99, 10, "9.9" },
        { 199, 20, "10" },
        { 199, 10, "20" },
        { 194, 10, "19" },
        { 12345, 10, "1,235" },
        { APR_INT64_MAX, 1, "9,223,372,036,854,775,807" },
    };
    capture_t *capture = capture_begin();

    usage_words_average(&capture->sink, rows[_i].sum, rows[_i].count);
    ck_assert_str_eq(capture_text(capture), rows[_i].words);
}
END_TEST

START_TEST(share_has_a_decimal)
{
    ck_assert_str_eq(WRITTEN("%p", INT64(0)), "0.0%");
    ck_assert_str_eq(WRITTEN("%p", INT64(123)), "12.3%");
    ck_assert_str_eq(WRITTEN("%p", INT64(1000)), "100.0%");
    ck_assert_str_eq(WRITTEN("%p", INT64(-15)), "0.0%");
    ck_assert_str_eq(WRITTEN("%c", INT64(12005)), "12.005%");
}
END_TEST

START_TEST(share_is_near_and_all_only_where_it_is)
{
    ck_assert_int_eq(usage_share(2, 3, 1000), 667);
    ck_assert_int_eq(usage_share(1, 3, 1000), 333);
    ck_assert_int_eq(usage_share(1, 2000, 1000), 1);
    ck_assert_int_eq(usage_share(1, 2001, 1000), 0);
    ck_assert_int_eq(usage_share(9999, 10000, 1000), 999);
    ck_assert_int_eq(usage_share(7, 7, 1000), 1000);
    ck_assert_int_eq(usage_share(0, 0, 1000), 0);
    ck_assert_int_eq(
        usage_share(APR_INT64_MAX / 3 * 2, APR_INT64_MAX, 1000), 667);
}
END_TEST

START_TEST(bytes_have_a_unit)
{
    ck_assert_str_eq(WRITTEN("%b", INT64(999)), "999 B");
    ck_assert_str_eq(WRITTEN("%b", INT64(1000)), "1.0 kB");
    ck_assert_str_eq(WRITTEN("%b", INT64(1299999)), "1.2 MB");
    ck_assert_str_eq(WRITTEN("%b", INT64(APR_INT64_MAX)), "9.2 EB");
}
END_TEST

START_TEST(age_has_a_unit)
{
    ck_assert_str_eq(WRITTEN("%a", INT64(-1)), "never");
    ck_assert_str_eq(WRITTEN("%a", INT64(0)), "0 s ago");
    ck_assert_str_eq(WRITTEN("%a", INT64(59)), "59 s ago");
    ck_assert_str_eq(WRITTEN("%a", INT64(200)), "3 min ago");
    ck_assert_str_eq(WRITTEN("%a", INT64(7200)), "2 h ago");
    ck_assert_str_eq(WRITTEN("%a", INT64(172800)), "2 days ago");
}
END_TEST

START_TEST(length_of_time_has_a_unit)
{
    ck_assert_str_eq(WRITTEN("%l", INT64(59)), "59 s");
    ck_assert_str_eq(WRITTEN("%l", INT64(200)), "3 min");
    ck_assert_str_eq(WRITTEN("%l", INT64(86400)), "24 h");
    ck_assert_str_eq(WRITTEN("%l", INT64(86400000)), "1,000 days");
}
END_TEST

START_TEST(time_is_shown_in_utc)
{
    const apr_int64_t time = 1784041449; /* 2026-07-14 15:04:09 */

    ck_assert_str_eq(WRITTEN("%t", time), "2026-07-14");
    ck_assert_str_eq(WRITTEN("%T", time), "2026-07-14 15:04");
    ck_assert_str_eq(WRITTEN("%m", time), "2026-07");
    ck_assert_str_eq(WRITTEN("%j", time), "14 Jul");
    ck_assert_str_eq(WRITTEN("%h", time), "15:04");
}
END_TEST

START_TEST(interval_is_named_by_its_grain)
{
    static const struct {
        usage_grain_e grain;
        const char *name;
    } rows[] = {
        { USAGE_GRAIN_BASE, "2026-07-01 00:00|00:00" },
        { USAGE_GRAIN_DAY, "2026-07-01|1 Jul" },
        { USAGE_GRAIN_MONTH, "2026-07|Jul 2026" },
    };
    capture_t *capture = capture_begin();

    usage_words_interval(&capture->sink, rows[_i].grain, 1782864000);
    usage_sink_html(&capture->sink, "|");
    usage_words_tick(&capture->sink, rows[_i].grain, 1782864000);
    ck_assert_str_eq(capture_text(capture), rows[_i].name);
}
END_TEST

START_TEST(ratio_stays_within_its_scale)
{
    ck_assert_int_eq(usage_ratio(1, 3, 1000), 333);
    ck_assert_int_eq(usage_ratio(5, 3, 1000), 1000);
    ck_assert_int_eq(usage_ratio(-1, 3, 1000), 0);
    ck_assert_int_eq(usage_ratio(1, 0, 1000), 0);
    ck_assert_int_eq(usage_ratio(APR_INT64_MAX / 2 + 1, APR_INT64_MAX, 100000),
                     50000);
}
END_TEST

START_TEST(sink_writes_in_larger_pieces)
{
    capture_t *capture = capture_begin();

    for (int i = 0; i < 1000; i++) {
        usage_sink_html(&capture->sink, "<i>%s</i>", "123");
    }
    ck_assert_uint_eq(strlen(capture_text(capture)), 10000);
    ck_assert_int_eq(count_of(capture->text, "<i>123</i>"), 1000);
    ck_assert_int_eq(capture->writes, 3);
}
END_TEST

START_TEST(sink_keeps_its_first_error)
{
    capture_t *capture = capture_begin();

    capture->status = APR_EPIPE;
    usage_sink_html(&capture->sink, "a");
    ck_assert_int_eq(usage_sink_flush(&capture->sink), APR_EPIPE);
    capture->status = APR_SUCCESS;
    usage_sink_html(&capture->sink, "b");
    ck_assert_int_eq(usage_sink_flush(&capture->sink), APR_EPIPE);
    ck_assert_int_eq(capture->writes, 1);
}
END_TEST

START_TEST(sink_refuses_an_unknown_letter)
{
    usage_sink_html(&capture_begin()->sink, "%x");
}
END_TEST

START_TEST(sink_refuses_a_lone_percent_sign)
{
    usage_sink_html(&capture_begin()->sink, "100%");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sink");
    TCase *tcase = unit_case(suite, "sink");

    tcase_add_test(tcase, sink_passes_literals_on);
    tcase_add_test(tcase, sink_fills_in_values_in_order);
    tcase_add_test(tcase, text_loses_its_markup);
    tcase_add_test(tcase, text_keeps_other_scripts);
    tcase_add_loop_test(tcase, text_shows_what_hides, 0,
                        (int)(sizeof(hidden) / sizeof(hidden[0])));
    tcase_add_test(tcase, text_survives_broken_utf8);
    tcase_add_test(tcase, argument_is_percent_encoded);
    tcase_add_test(tcase, path_keeps_its_slashes);
    tcase_add_test(tcase, number_is_grouped_by_thousands);
    tcase_add_loop_test(tcase, average_is_near_and_small_ones_have_a_decimal, 0,
                        12);
    tcase_add_test(tcase, share_has_a_decimal);
    tcase_add_test(tcase, share_is_near_and_all_only_where_it_is);
    tcase_add_test(tcase, bytes_have_a_unit);
    tcase_add_test(tcase, age_has_a_unit);
    tcase_add_test(tcase, length_of_time_has_a_unit);
    tcase_add_test(tcase, time_is_shown_in_utc);
    tcase_add_loop_test(tcase, interval_is_named_by_its_grain, 0, 3);
    tcase_add_test(tcase, ratio_stays_within_its_scale);
    tcase_add_test(tcase, sink_writes_in_larger_pieces);
    tcase_add_test(tcase, sink_keeps_its_first_error);
    tcase_add_test_raise_signal(tcase, sink_refuses_an_unknown_letter, SIGABRT);
    tcase_add_test_raise_signal(tcase, sink_refuses_a_lone_percent_sign,
                                SIGABRT);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
