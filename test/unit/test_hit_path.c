/* SPDX-License-Identifier: Apache-2.0 */
/* Under which path a view is counted. */
#include "visits.h"

#define SITE "www.example"

static usage_memory_t memory;

static void setup(void)
{
    usage_geometry_t roomy = { .slots = 4096, .visitors = 4096 };
    memory = visits_segment(&roomy, MIDNIGHT);
}

static void view(const char *path, apr_int64_t time)
{
    usage_hit_t hit = visits_view(SITE, "Agent/1.0", path, time);
    usage_hit_count(&memory, &hit);
}

static apr_int64_t got(int counter, const char *path)
{
    return visits_of(&memory, SITE, path, -1).of[counter];
}

/* The path comes as it is, and is cleaned when it has no slot. */
START_TEST(paths_count_as_what_they_are_cleaned_to)
{
    static char longest[USAGE_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest - 1);
    for (int i = 0; i < 3; i++) {
        view("/a\tb", MIDNIGHT + i);
        view("/a%09b", MIDNIGHT + i);
        view("/\xff", MIDNIGHT + HOUR * i);
        view("/\xc3\xa4", MIDNIGHT + i);
        view(longest, MIDNIGHT + i);
        view("", MIDNIGHT + i);
    }
    ck_assert_int_eq(got(USAGE_VIEWS, "/a%09b"), 6);
    ck_assert_int_eq(got(USAGE_VISITORS, "/a%09b"), 1);
    ck_assert_int_eq(got(USAGE_VIEWS, "/%FF"), 3);
    ck_assert_int_eq(got(USAGE_VIEWS, "/\xc3\xa4"), 3);
    ck_assert_int_eq(got(USAGE_VIEWS, "/*"), 6);
    ck_assert_int_eq(got(USAGE_VISITORS, "/*"), 1);
    ck_assert_int_eq(got(USAGE_VIEWS, NULL), 18);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hit_path");
    TCase *tcase = unit_case(suite, "hit_path");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, paths_count_as_what_they_are_cleaned_to);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
