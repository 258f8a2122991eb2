/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes: which one a response has, and what they are called. */
#include "unit.h"

#include <string.h>

#include "engine/outcome.h"

static const char *outcome_word(int status, bool is_page, bool begins_at_zero)
{
    usage_response_t response = { .status = status,
                                  .is_page_type = is_page,
                                  .begins_at_zero = begins_at_zero };
    return usage_outcome_word(usage_outcome_of(&response));
}

START_TEST(status_and_type_decide)
{
    static const struct {
        int status;
        const char *page;
        const char *other;
    } rows[] = {
        { 200, "view", "type" },         { 203, "view", "type" },
        { 204, "view", "type" },         { 304, "view", "type" },
        { 206, "partial", "partial" },   { 300, "redirect", "redirect" },
        { 301, "redirect", "redirect" }, { 302, "redirect", "redirect" },
        { 303, "redirect", "redirect" }, { 305, "redirect", "redirect" },
        { 307, "redirect", "redirect" }, { 308, "redirect", "redirect" },
        { 399, "redirect", "redirect" }, { 400, "error", "error" },
        { 404, "error", "error" },       { 416, "error", "error" },
        { 499, "error", "error" },       { 500, "failure", "failure" },
        { 503, "failure", "failure" },   { 599, "failure", "failure" },
    };
    ck_assert_str_eq(outcome_word(rows[_i].status, true, false), rows[_i].page);
    ck_assert_str_eq(outcome_word(rows[_i].status, false, false),
                     rows[_i].other);
}
END_TEST

START_TEST(part_with_the_first_byte_is_like_the_whole)
{
    ck_assert_str_eq(outcome_word(206, true, true), "view");
    ck_assert_str_eq(outcome_word(206, false, true), "type");
    ck_assert_str_eq(outcome_word(416, true, true), "error");
}
END_TEST

/* What comes before the response is decided by others. */
START_TEST(every_status_has_one_of_six_outcomes)
{
    for (int status = 0; status < 1000; status++) {
        for (int i = 0; i < 4; i++) {
            usage_response_t response = { status, i & 1, i & 2 };
            usage_outcome_e outcome = usage_outcome_of(&response);
            ck_assert_int_lt(outcome, USAGE_OUTCOMES);
            ck_assert_int_ne(outcome, USAGE_OUTCOME_EXCLUDED);
            ck_assert_int_ne(outcome, USAGE_OUTCOME_METHOD);
            ck_assert_int_ne(outcome, USAGE_OUTCOME_BOT);
        }
    }
}
END_TEST

START_TEST(words_are_those_in_the_database)
{
    static const char *const words[] = { "excluded", "asset",     "method",
                                         "bot",      "opted-out", "prefetch",
                                         "fetch",    "redirect",  "error",
                                         "failure",  "partial",   "type",
                                         "view" };
    ck_assert_int_eq(USAGE_OUTCOMES, (int)(sizeof words / sizeof *words));
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        ck_assert_str_eq(usage_outcome_word((usage_outcome_e)i), words[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outcome");
    TCase *tcase = unit_case(suite, "outcome");

    tcase_add_loop_test(tcase, status_and_type_decide, 0, 20);
    tcase_add_test(tcase, part_with_the_first_byte_is_like_the_whole);
    tcase_add_test(tcase, every_status_has_one_of_six_outcomes);
    tcase_add_test(tcase, words_are_those_in_the_database);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
