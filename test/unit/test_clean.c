/* SPDX-License-Identifier: Apache-2.0 */
/* Names from outside, as they are counted. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "counting.h"
#include "engine/clean.h"
#include "engine/utf8.h"

static usage_clean_buffer_t buffer;

static const char *cleaned(const char *data, apr_size_t length)
{
    usage_text_t text =
        usage_clean_name((usage_text_t){ data, length }, &buffer);
    return apr_pstrmemdup(unit_pool, text.data, text.length);
}

static const struct {
    const char *name;
    const char *clean;
} names[] = {
    { "signup", "signup" },
    { "", "#" },
    { " \t\r\n", "#" },
    { "  two  words\t", "two  words" },
    { "=1+1\"<b>'", "=1+1\"<b>'" },
    { "a\nb\x7f", "a%0Ab%7F" },
    { "Gr\xc3\xbc\xc3\x9f"
      "e \xe2\x98\x83",
      "Gr\xc3\xbc\xc3\x9f"
      "e \xe2\x98\x83" },
    { "\xc2\x85|\xff|\xed\xa0\x80", "%C2%85|%FF|%ED%A0%80" },
    /* What turns the direction of text, or ends a line. */
    { "a\xe2\x80\xae"
      "b",
      "a%E2%80%AEb" },
    { "\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xa8\xe2\x81\xa6\xe2\x81\xa9\xd8\x9c",
      "%E2%80%8E%E2%80%8F%E2%80%A8%E2%81%A6%E2%81%A9%D8%9C" },
    /* Their neighbours: a joiner, a hyphen, a prime, Arabic, an alef. */
    { "\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xb2\xe2\x81\xaa\xd8\xa7",
      "\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xb2\xe2\x81\xaa\xd8\xa7" },
};

START_TEST(name_is_cleaned)
{
    const char *name = names[_i].name;
    ck_assert_str_eq(cleaned(name, strlen(name)), names[_i].clean);
}
END_TEST

START_TEST(zero_byte_shows)
{
    ck_assert_str_eq(cleaned("a\0b", 3), "a%00b");
}
END_TEST

START_TEST(long_name_ends_with_a_whole_character)
{
    char name[600];
    memset(name, 'x', sizeof name);
    ck_assert_uint_eq(strlen(cleaned(name, 255)), 255);
    ck_assert_uint_eq(strlen(cleaned(name, 256)), 255);
    memcpy(name + 254, "\xc3\xbc", 2);
    ck_assert_uint_eq(strlen(cleaned(name, 600)), 254);
    name[253] = '\n';
    ck_assert_uint_eq(strlen(cleaned(name, 600)), 253);
}
END_TEST

START_TEST(any_bytes_become_text_that_may_be_stored)
{
    random_t random = random_make(815);
    for (int i = 0; i < 30000; i++) {
        char name[300];
        int length = random_below(&random, sizeof name);
        for (int j = 0; j < length; j++) {
            name[j] = (char)random_below(&random, 256);
        }
        usage_text_t text = usage_clean_name(
            (usage_text_t){ name, (apr_size_t)length }, &buffer);
        must(text.length > 0 && text.length <= USAGE_NAME_MAX);
        must(usage_utf8_is_clean(text.data, text.length));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clean");
    TCase *tcase = unit_case(suite, "clean");

    tcase_add_loop_test(tcase, name_is_cleaned, 0,
                        sizeof names / sizeof *names);
    tcase_add_test(tcase, zero_byte_shows);
    tcase_add_test(tcase, long_name_ends_with_a_whole_character);
    tcase_add_test(tcase, any_bytes_become_text_that_may_be_stored);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
