/* SPDX-License-Identifier: Apache-2.0 */
/* Where something was counted, remembered by what it was read from. */
#include "unit.h"

#include "engine/event.h"
#include "engine/memo.h"
#include "visits.h"

#define SITE "a.example"

static const usage_geometry_t roomy = { .slots = 8192, .visitors = 4096 };

static usage_memory_t memory;

static void setup(void)
{
    memory = visits_segment(&roomy, MIDNIGHT);
}

static usage_memo_t look_at(const char *site, unsigned about, const char *text,
                            apr_int64_t time)
{
    usage_memo_t memo = usage_memo_begin(&memory, visits_host(site), time);
    usage_memo_look(&memo, about, text_of(text));
    return memo;
}

static usage_memo_t look(const char *text)
{
    return look_at(SITE, USAGE_MEMO_SOURCE, text, MIDNIGHT);
}

static apr_uint64_t count(const char *name)
{
    usage_event_t event = { .sort = USAGE_NAMES_EVENT,
                            .category = text_of("memo"),
                            .name = text_of(name),
                            .count = 1 };
    return usage_event_count(&memory, visits_host(SITE), &event, MIDNIGHT);
}

static apr_int64_t counted(const char *name)
{
    return events_of(&memory, SITE, "memo", name);
}

START_TEST(what_is_remembered_counts_once_more)
{
    usage_memo_t memo = look("https://a.example/");
    ck_assert(!usage_memo_count(&memo));
    usage_memo_keep(&memo, count("a"));
    for (int i = 0; i < 4; i++) {
        memo = look("https://a.example/");
        ck_assert(usage_memo_count(&memo));
    }
    ck_assert_int_eq(counted("a"), 5);
}
END_TEST

START_TEST(nothing_else_is_taken_for_it)
{
    usage_memo_t memo = look("text");
    usage_memo_keep(&memo, count("a"));
    usage_memo_t others[] = {
        look("other"),
        look(""),
        look_at("b.example", USAGE_MEMO_SOURCE, "text", MIDNIGHT),
        look_at(SITE, USAGE_MEMO_LANGUAGE, "text", MIDNIGHT),
        look_at(SITE, USAGE_MEMO_SOURCE, "text", MIDNIGHT + HOUR),
        look("text"),
    };
    usage_memo_also(&others[5], text_of("more"));
    for (int i = 0; i < 6; i++) {
        ck_assert(!usage_memo_count(&others[i]));
    }
    ck_assert_int_eq(counted("a"), 1);
}
END_TEST

static usage_memo_t look_number(unsigned about, apr_uint64_t number)
{
    usage_memo_t memo = usage_memo_begin(&memory, visits_host(SITE), MIDNIGHT);
    usage_memo_look_number(&memo, about, number);
    return memo;
}

START_TEST(number_is_known_by_what_it_is_about)
{
    usage_memo_t memo = look_number(USAGE_MEMO_STATUS, 200);
    usage_memo_keep(&memo, count("200"));
    usage_memo_t next = memo;
    usage_memo_next(&next);
    usage_memo_t others[] = {
        look_number(USAGE_MEMO_STATUS, 201),
        look_number(USAGE_MEMO_COUNTRY, 200),
        look_number(USAGE_MEMO_STATUS, APR_UINT64_C(200) << 32),
        next,
    };
    for (int i = 0; i < 4; i++) {
        ck_assert(!usage_memo_count(&others[i]));
    }
    memo = look_number(USAGE_MEMO_STATUS, 200);
    ck_assert(usage_memo_count(&memo));
    ck_assert_int_eq(counted("200"), 2);
}
END_TEST

START_TEST(that_there_is_nothing_is_remembered)
{
    usage_memo_t memo = look("nothing");
    usage_memo_keep(&memo, 0);
    ck_assert(usage_memo_count(&memo));
    memo = look_at(SITE, USAGE_MEMO_SOURCE, "nothing", MIDNIGHT + HOUR);
    ck_assert(!usage_memo_count(&memo));
}
END_TEST

START_TEST(table_that_was_left_is_counted_in_no_more)
{
    usage_memo_t memo = look("text");
    usage_memo_keep(&memo, count("a"));
    ck_assert(
        usage_memory_move(&memory, usage_memory_active(&memory), MIDNIGHT));
    memo = look("text");
    ck_assert(!usage_memo_count(&memo));
    usage_memo_keep(&memo, count("a"));
    memo = look("text");
    ck_assert(usage_memo_count(&memo));
    ck_assert_int_eq(counted("a"), 3);
}
END_TEST

/* Many more than have room: each is known, or not, but never another. */
START_TEST(entries_give_way_and_are_never_another_s)
{
    apr_int64_t known = 0;
    for (int i = 0; i < 5000; i++) {
        const char *text = apr_psprintf(unit_pool, "text %d", i % 700);
        const char *name = apr_psprintf(unit_pool, "%d", i % 700);
        usage_memo_t memo = look(text);
        if (usage_memo_count(&memo)) {
            known++;
        }
        else {
            usage_memo_keep(&memo, count(name));
        }
    }
    for (int i = 0; i < 700; i++) {
        ck_assert_int_eq(counted(apr_psprintf(unit_pool, "%d", i)),
                         5000 / 700 + (i < 5000 % 700));
    }
    ck_assert_int_gt(known, 1000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memo");
    TCase *tcase = unit_case(suite, "memo");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, what_is_remembered_counts_once_more);
    tcase_add_test(tcase, nothing_else_is_taken_for_it);
    tcase_add_test(tcase, number_is_known_by_what_it_is_about);
    tcase_add_test(tcase, that_there_is_nothing_is_remembered);
    tcase_add_test(tcase, table_that_was_left_is_counted_in_no_more);
    tcase_add_test(tcase, entries_give_way_and_are_never_another_s);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
