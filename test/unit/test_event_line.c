/* SPDX-License-Identifier: Apache-2.0 */
/* What is read of a Usage-Event header. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "counting.h"
#include "engine/event_line.h"

static usage_event_line_t room;

static const char *text_at(usage_text_t text)
{
    return apr_pstrmemdup(unit_pool, text.data, text.length);
}

/* All events of a line, as "name|category|count", with "!" for what is none. */
static const char *events_in(const char *line)
{
    usage_event_reader_t reader = usage_event_read(line, &room);
    usage_event_words_t words;
    const char *all = "";
    apr_status_t rv;
    while ((rv = usage_event_next(&reader, &words)) != APR_EOF) {
        const char *one =
            rv != APR_SUCCESS
                ? "!"
                : apr_psprintf(unit_pool, "%s|%s|%" APR_INT64_T_FMT,
                               text_at(words.name), text_at(words.category),
                               words.count);
        all = apr_pstrcat(unit_pool, all, *all != '\0' ? " " : "", one, NULL);
    }
    return all;
}

static const struct {
    const char *line;
    const char *events;
} lines[] = {
    { "", "" },
    { " , ,\t", "" },
    { "signup", "signup||1" },
    { "signup; category=account; count=3", "signup|account|3" },
    { "signup;category=account;count=3", "signup|account|3" },
    { " signup ;\tCATEGORY = account ; Count=0 ", "signup|account|0" },
    { "a, b;count=2,c", "a||1 b||2 c||1" },
    { "a name of words; category=two words", "a name of words|two words|1" },
    { "\"a, b; c\"", "a, b; c||1" },
    { "\"say \\\"hi\\\"\"; category=\"a\\\\b\"", "say \"hi\"|a\\b|1" },
    { "\"\"", "||1" },
    { "; category=account", "|account|1" },
    { "a; category=", "a||1" },
    { "a; count=1000000", "a||1000000" },
    { "\xc3\xbc; category=\xff", "\xc3\xbc|\xff|1" },
    /* What is none, and what comes after it. */
    { "a; count=1000001, b", "! b||1" },
    { "a; count=99999999999999999999, b", "! b||1" },
    { "a; count=-1, b", "! b||1" },
    { "a; count=, b", "! b||1" },
    { "a; count=1.5, b", "! b||1" },
    { "a; weight=3, b", "! b||1" },
    { "a; category, b", "! b||1" },
    { "a;, b", "! b||1" },
    { "a; weight=\"x, y\", b", "! b||1" },
    { "a; weight=\"x\\\", y\", b", "! b||1" },
    { "\"a\" b, c", "! c||1" },
    { "a, \"b", "a||1 !" },
    { "a, \"b\\", "a||1 !" },
    { "a, b; category=\"c, d", "a||1 !" },
};

START_TEST(line_is_read_as_it_is_meant)
{
    ck_assert_str_eq(events_in(lines[_i].line), lines[_i].events);
}
END_TEST

/* What is longer than the room is none; the reader still comes to an end. */
START_TEST(line_is_read_as_far_as_there_is_room)
{
    enum { LENGTH = 65535 };
    char *line = apr_palloc(unit_pool, LENGTH + 1);
    int counts[2] = { 0 };
    memset(line, 'x', LENGTH);
    line[LENGTH] = '\0';
    ck_assert_str_eq(events_in(line), "!");
    line[100] = ',';
    ck_assert_uint_eq(strlen(events_in(line)), 100 + strlen("||1 !"));
    for (int i = 0; i < LENGTH; i += 2) {
        line[i] = ',';
    }
    usage_event_reader_t reader = usage_event_read(line, &room);
    usage_event_words_t words;
    apr_status_t rv;
    while ((rv = usage_event_next(&reader, &words)) != APR_EOF) {
        counts[rv == APR_SUCCESS]++;
    }
    ck_assert_int_eq(counts[true], USAGE_EVENT_LINE_MAX);
    ck_assert_int_eq(counts[false], LENGTH / 2 - USAGE_EVENT_LINE_MAX);
}
END_TEST

/* Whatever comes, it ends, and no text leaves the room. */
START_TEST(reader_survives_any_bytes)
{
    static const char bytes[] = "\"\\,;= \tabcount=category1\xc3";
    random_t random = random_make(4711);
    for (int i = 0; i < 30000; i++) {
        char line[48];
        int length = random_below(&random, sizeof line);
        for (int j = 0; j < length; j++) {
            line[j] = bytes[random_below(&random, sizeof bytes - 1)];
        }
        line[length] = '\0';
        usage_event_reader_t reader = usage_event_read(line, &room);
        usage_event_words_t words;
        int count = 0;
        while (usage_event_next(&reader, &words) != APR_EOF) {
            must(reader.at <= line + length && reader.to <= reader.end);
            must(++count <= (int)sizeof line);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("event_line");
    TCase *tcase = unit_case(suite, "event_line");

    tcase_add_loop_test(tcase, line_is_read_as_it_is_meant, 0,
                        sizeof lines / sizeof *lines);
    tcase_add_test(tcase, line_is_read_as_far_as_there_is_room);
    tcase_add_test(tcase, reader_survives_any_bytes);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
