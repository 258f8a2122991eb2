/* SPDX-License-Identifier: Apache-2.0 */
/* What leaves the dashboard in other forms than HTML is made harmless, too. */
#include "argument.h"
#include "csv.h"
#include "digest.h"
#include "iso.h"
#include "json.h"
#include "json_put.h"
#include "sample.h"
#include "summary.h"
#include "text.h"
#include "text_cell.h"
#include "visible.h"

static const char *visible(const char *text)
{
    return usage_visible_text(text, unit_pool);
}

START_TEST(what_may_not_be_shown_is_replaced)
{
    static const char *const bad[] = { "\x01", "\t",           "\n",
                                       "\r",   "\x1b",         "\x7f",
                                       "\x80", "\xC2\x85",     "\xE2\x80\xAE",
                                       "\xFF", "\xE2\x81\xA6", "\xD8\x9C",
                                       "\xC3", "\xE2\x80\xA8" };
    for (apr_size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *text = apr_pstrcat(unit_pool, "a", bad[i], "b", NULL);
        ck_assert_str_eq(visible(text), "a\xEF\xBF\xBD"
                                        "b");
    }
    ck_assert_str_eq(visible("\xED\xA0\x80"),
                     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    ck_assert_str_eq(visible(""), "");
    ck_assert_str_eq(visible("<\"'&\\ \xF0\x9F\x8C\x8D"),
                     "<\"'&\\ \xF0\x9F\x8C\x8D");
}
END_TEST

START_TEST(columns_are_those_of_terminals)
{
    ck_assert_int_eq(usage_visible_columns('a'), 1);
    ck_assert_int_eq(usage_visible_columns(0xE9), 1);
    ck_assert_int_eq(usage_visible_columns(0x301), 0);
    ck_assert_int_eq(usage_visible_columns(0x200D), 0);
    ck_assert_int_eq(usage_visible_columns(0xFE0F), 0);
    ck_assert_int_eq(usage_visible_columns(0x4F60), 2);
    ck_assert_int_eq(usage_visible_columns(0x1F600), 2);
    ck_assert_int_eq(usage_visible_columns(0xFF1D), 2);
    ck_assert_int_eq(usage_visible_columns(0x10FFFF), 1);
}
END_TEST

static const char *left(const char *text, int columns)
{
    capture_t *capture = capture_begin();
    usage_text_left(&capture->sink, text, columns);
    return capture_text(capture);
}

START_TEST(cells_are_cut_and_filled)
{
    ck_assert_str_eq(left("abc", 5), "abc  ");
    ck_assert_str_eq(left("abcde", 5), "abcde");
    ck_assert_str_eq(left("abcdef", 5), "abcd\xE2\x80\xA6");
    ck_assert_str_eq(left("\xE4\xBD\xA0\xE4\xBD\xA0", 3),
                     "\xE4\xBD\xA0\xE2\x80\xA6");
    ck_assert_str_eq(left("\xE4\xBD\xA0\xE4\xBD\xA0\xE4\xBD\xA0", 4),
                     "\xE4\xBD\xA0\xE2\x80\xA6 ");
    ck_assert_str_eq(left("e\xCC\x81", 2), "e\xCC\x81 ");
    ck_assert_str_eq(left("\x1b[2J", 8), "\xEF\xBF\xBD[2J    ");
}
END_TEST

START_TEST(bars_are_of_eighths)
{
    static const struct {
        apr_int64_t part;
        const char *bar;
    } some[] = { { 0, "" },
                 { 1, "\xE2\x96\x8F" },
                 { 8, "\xE2\x96\x88" },
                 { 12, "\xE2\x96\x88\xE2\x96\x8C" },
                 { 16, "\xE2\x96\x88\xE2\x96\x88" } };
    for (apr_size_t i = 0; i < sizeof some / sizeof *some; i++) {
        capture_t *capture = capture_begin();
        usage_text_bar(&capture->sink, some[i].part, 16, 2);
        ck_assert_str_eq(capture_text(capture), some[i].bar);
    }
}
END_TEST

/* A table with one name. */
static const char *csv_of(const char *name, const char *table)
{
    sample_t *sample = sample_make(name);
    capture_t *capture = capture_begin();
    ck_assert_int_eq(
        usage_csv_render(&sample->model, table, unit_pool, &capture->sink),
        APR_SUCCESS);
    return capture->text;
}

START_TEST(csv_has_no_formula)
{
    static const char *const signs[] = { "=1", "+1", "-1", "@x",
                                         "\xEF\xBC\x9D" };
    for (apr_size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        assert_has(csv_of(signs[i], "devices"),
                   apr_pstrcat(unit_pool, "\r\n\"'", signs[i], "\",", NULL));
    }
    assert_has(csv_of("a=1", "devices"), "\r\n\"a=1\",");
    assert_has(csv_of("\t=1", "devices"), "\r\n\"'\xEF\xBF\xBD=1\",");
}
END_TEST

START_TEST(csv_quotes_quotes)
{
    assert_has(csv_of("a\"b,c\r\n", "devices"),
               "\r\n\"a\"\"b,c\xEF\xBF\xBD\xEF\xBF\xBD\",");
    assert_has(csv_of("x", "marks"), "time,time_iso,name,category,site\r\n");
}
END_TEST

START_TEST(csv_knows_its_tables)
{
    ck_assert(usage_csv_has("pages"));
    ck_assert(usage_csv_has("series"));
    ck_assert(!usage_csv_has("page"));
    ck_assert(!usage_csv_has(""));
    ck_assert(!usage_csv_has(NULL));
    assert_has(usage_csv_tables(unit_pool), "series, compared, ");
}
END_TEST

START_TEST(json_takes_any_name)
{
    static const char *const names[] = { "", "\xFF", "\"\\\x01", "</script>",
                                         "\xE2\x80\xAE" };
    for (apr_size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sample_t *sample = sample_make(names[i]);
        capture_t *capture = capture_begin();
        json_error_t error;
        ck_assert_int_eq(
            usage_json_render(&sample->model, unit_pool, &capture->sink),
            APR_SUCCESS);
        json_t *document =
            json_loads(capture->text, JSON_REJECT_DUPLICATES, &error);
        ck_assert_msg(document != NULL, "%s", error.text);
        const char *name = json_string_value(json_object_get(
            json_array_get(json_object_get(document, "marks"), 0), "name"));
        ck_assert_str_eq(name, visible(names[i]));
        json_decref(document);
    }
}
END_TEST

START_TEST(a_write_that_fails_ends_it)
{
    sample_t *sample = sample_make("x");
    capture_t *capture = capture_begin();
    capture->status = APR_EGENERAL;
    ck_assert_int_eq(
        usage_json_render(&sample->model, unit_pool, &capture->sink),
        APR_EGENERAL);
    capture = capture_begin();
    capture->status = APR_EGENERAL;
    ck_assert_int_eq(
        usage_text_render(&sample->model, unit_pool, &capture->sink),
        APR_EGENERAL);
}
END_TEST

START_TEST(text_has_no_control_character)
{
    sample_t *sample = sample_make("\x1b]0;x\x07\xE2\x80\xAE");
    capture_t *capture = capture_begin();
    ck_assert_int_eq(
        usage_text_render(&sample->model, unit_pool, &capture->sink),
        APR_SUCCESS);
    for (const char *at = capture->text; *at != '\0'; at++) {
        ck_assert(*at == '\n' || (unsigned char)*at >= 0x20);
    }
    assert_lacks(capture->text, "\xE2\x80\xAE");
}
END_TEST

START_TEST(a_digest_tells_bodies_apart)
{
    usage_digest_t *one = usage_digest_make(unit_pool);
    usage_digest_t *two = usage_digest_make(unit_pool);
    usage_digest_write(one, "abc", 3);
    usage_digest_write(two, "a", 1);
    usage_digest_write(two, "bc", 2);
    ck_assert_int_eq(usage_digest_length(one), 3);
    ck_assert_str_eq(usage_digest_etag(one, unit_pool),
                     usage_digest_etag(two, unit_pool));
    usage_digest_write(two, "", 1);
    ck_assert_str_ne(usage_digest_etag(one, unit_pool),
                     usage_digest_etag(two, unit_pool));
}
END_TEST

START_TEST(arguments_are_found)
{
    static const struct {
        const char *args;
        const char *value;
    } some[] = { { NULL, NULL },
                 { "", NULL },
                 { "table", NULL },
                 { "tables=x", NULL },
                 { "xtable=x", NULL },
                 { "table=a", "a" },
                 { "table=", "" },
                 { "a=b&table=a&c", "a" },
                 { "table=a&table=b", "b" },
                 { "table=%41+b", "A b" },
                 { "table=%00", NULL },
                 { "table=%zz", NULL } };
    for (apr_size_t i = 0; i < sizeof some / sizeof *some; i++) {
        const char *value = usage_argument(some[i].args, "table", unit_pool);
        ck_assert_pstr_eq(value, some[i].value);
    }
}
END_TEST

START_TEST(times_are_of_iso_8601)
{
    usage_zone_span_t spans[] = { { .offset = -(3 * 3600 + 1800) } };
    const usage_zone_t *zone =
        usage_zone_make("Test/West", spans, 1, unit_pool);
    ck_assert_str_eq(usage_iso_moment(&usage_zone_utc, now, unit_pool),
                     "2026-07-14T15:04:00Z");
    ck_assert_str_eq(usage_iso_moment(zone, now, unit_pool),
                     "2026-07-14T11:34:00-03:30");
    ck_assert_str_eq(usage_iso_start(zone, USAGE_GRAIN_DAY, now, unit_pool),
                     "2026-07-14");
    ck_assert_str_eq(usage_iso_start(zone, USAGE_GRAIN_MONTH, now, unit_pool),
                     "2026-07");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outputs");
    TCase *tcase = unit_case(suite, "outputs");

    tcase_add_test(tcase, what_may_not_be_shown_is_replaced);
    tcase_add_test(tcase, columns_are_those_of_terminals);
    tcase_add_test(tcase, cells_are_cut_and_filled);
    tcase_add_test(tcase, bars_are_of_eighths);
    tcase_add_test(tcase, csv_has_no_formula);
    tcase_add_test(tcase, csv_quotes_quotes);
    tcase_add_test(tcase, csv_knows_its_tables);
    tcase_add_test(tcase, json_takes_any_name);
    tcase_add_test(tcase, a_write_that_fails_ends_it);
    tcase_add_test(tcase, text_has_no_control_character);
    tcase_add_test(tcase, a_digest_tells_bodies_apart);
    tcase_add_test(tcase, arguments_are_found);
    tcase_add_test(tcase, times_are_of_iso_8601);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
