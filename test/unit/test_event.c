/* SPDX-License-Identifier: Apache-2.0 */
/* Events by category and name, and the budget of their names. */
#include "unit.h"

#include <string.h>

#include "engine/event.h"
#include "visits.h"

#define SITE "a.example"

static const usage_geometry_t roomy = { .slots = 8192, .visitors = 4096 };
static const usage_geometry_t small = { .slots = 1024, .visitors = 1024 };

static usage_memory_t memory;

static void setup(void)
{
    memory = visits_segment(&roomy, MIDNIGHT);
}

static void count_on(const char *site, const usage_event_t *event,
                     apr_int64_t time)
{
    usage_hit_t hit = visits_view(site, "", "/a", time);
    usage_event_count(&memory, hit.host, event, time);
}

static void count(const char *category, const char *name, apr_int64_t number)
{
    usage_event_t event = { .sort = USAGE_NAMES_EVENT,
                            .category = text_of(category),
                            .name = text_of(name),
                            .count = number };
    count_on(SITE, &event, MIDNIGHT);
}

static apr_int64_t counted(const char *category, const char *name)
{
    return events_of(&memory, SITE, category, name);
}

START_TEST(event_is_counted_by_category_and_name)
{
    count("account", "signup", 1);
    count("account", "signup", 3);
    count("newsletter", "signup", 5);
    count("account", "login", 7);
    ck_assert_int_eq(counted("account", "signup"), 4);
    ck_assert_int_eq(counted("newsletter", "signup"), 5);
    ck_assert_int_eq(counted("account", "login"), 7);
}
END_TEST

static const char *made(const char *category, const char *name, bool is_free)
{
    usage_event_words_t words = { .category = text_of(category),
                                  .name = text_of(name),
                                  .count = 3 };
    usage_event_room_t room;
    usage_event_t event;
    ck_assert_int_eq(usage_event_make(&words, &room, &event), is_free);
    ck_assert_int_eq(event.sort, USAGE_NAMES_EVENT);
    ck_assert_int_eq(event.count, 3);
    return apr_psprintf(unit_pool, "%.*s/%.*s", (int)event.category.length,
                        event.category.data, (int)event.name.length,
                        event.name.data);
}

START_TEST(event_is_made_of_words)
{
    ck_assert_str_eq(made("account", "sign up", true), "account/sign up");
    ck_assert_str_eq(made("", "", true), "event/#");
    ck_assert_str_eq(made(" \t", " a\x01", true), "#/a%01");
}
END_TEST

START_TEST(category_of_the_module_is_set_apart)
{
    ck_assert_str_eq(made("outcome", "view", false), "_outcome/view");
    ck_assert_str_eq(made(" status ", "200", false), "_status/200");
    ck_assert_str_eq(made("bot-search", "", false), "_bot-search/#");
    ck_assert_str_eq(made("robots", "a", true), "robots/a");
    char longest[USAGE_NAME_MAX + 2] = "source-";
    memset(longest + 7, 'x', USAGE_NAME_MAX - 6);
    ck_assert_uint_eq(strlen(made(longest, "", false)), USAGE_NAME_MAX + 2);
}
END_TEST

START_TEST(nothing_is_counted_of_0_or_less)
{
    count("account", "signup", 0);
    count("account", "signup", -3);
    ck_assert_int_eq(counted(NULL, NULL), 0);
    ck_assert_int_eq(memory.tables[0].head->used, 0);
}
END_TEST

/* Names of all categories of a sort take of one budget, each day anew. */
START_TEST(names_over_the_budget_are_counted_as_others)
{
    usage_event_t event = { .sort = USAGE_NAMES_EVENT, .count = 1 };
    for (int day = 0; day < 2; day++) {
        for (int i = 0; i < USAGE_NAMES_BUDGET + 50; i++) {
            const char *category = i % 2 ? "odd" : "even";
            event.category = text_of(category);
            event.name = text_of(apr_psprintf(unit_pool, "event %d", i));
            count_on(SITE, &event, MIDNIGHT + day * DAY);
            count_on(SITE, &event, MIDNIGHT + day * DAY + HOUR);
        }
    }
    ck_assert_int_eq(counted("odd", "*"), 2 * 2 * 25);
    ck_assert_int_eq(counted("even", "*"), 2 * 2 * 25);
    ck_assert_int_eq(counted("even", "event 0"), 4);
    ck_assert_int_eq(counted("odd", "event 999"), 4);
    ck_assert_int_eq(counted("even", "event 1000"), 0);
}
END_TEST

START_TEST(sorts_and_sites_have_budgets_of_their_own)
{
    usage_event_t event = { .sort = USAGE_NAMES_EVENT,
                            .category = text_of("c"),
                            .count = 1 };
    for (int i = 0; i <= USAGE_NAMES_BUDGET; i++) {
        event.name = text_of(apr_psprintf(unit_pool, "event %d", i));
        count_on(SITE, &event, MIDNIGHT);
    }
    event.name = text_of("late");
    count_on("b.example", &event, MIDNIGHT);
    ck_assert_int_eq(events_of(&memory, "b.example", "c", "late"), 1);
    count_on(SITE, &event, MIDNIGHT);
    ck_assert_int_eq(counted("c", "late"), 0);
    event.sort = USAGE_NAMES_SOURCE;
    event.category = text_of("source");
    count_on(SITE, &event, MIDNIGHT);
    ck_assert_int_eq(counted("source", "late"), 1);
}
END_TEST

START_TEST(names_of_a_closed_set_have_no_budget)
{
    usage_event_t event = { .sort = USAGE_NAMES_CLOSED,
                            .category = text_of("status"),
                            .count = 1 };
    for (int i = 0; i <= USAGE_NAMES_BUDGET; i++) {
        event.name = text_of(apr_psprintf(unit_pool, "%d", i));
        count_on(SITE, &event, MIDNIGHT);
    }
    ck_assert_int_eq(counted("status", "*"), 0);
    ck_assert_int_eq(counted("status", NULL), USAGE_NAMES_BUDGET + 1);
}
END_TEST

/* Each is found: by its name, among others of its site, or of all sites. */
START_TEST(full_table_loses_no_event)
{
    enum { SITES = 40, NAMES = 900 };
    memory = visits_segment(&small, MIDNIGHT);
    usage_event_t event = { .sort = USAGE_NAMES_EVENT,
                            .category = text_of("c"),
                            .count = 2 };
    for (int i = 0; i < SITES * NAMES; i++) {
        const char *site = apr_psprintf(unit_pool, "%d.example", i / NAMES);
        event.name = text_of(apr_psprintf(unit_pool, "event %d", i % NAMES));
        count_on(site, &event, MIDNIGHT);
    }
    ck_assert_int_gt(events_of(&memory, "*", "*", "*"), 0);
    ck_assert_int_eq(events_of(&memory, NULL, NULL, NULL), 2 * SITES * NAMES);
}
END_TEST

START_TEST(module_keeps_its_own_categories)
{
    static const char *const own[] = { "outcome",  "bot-search",
                                       "bot-",     "source-direct",
                                       "status",   "download",
                                       "not-found" };
    static const char *const others[] = { "event", "outcomes", "bot",
                                          "",      "sourc",    "Outcome" };
    for (apr_size_t i = 0; i < sizeof own / sizeof *own; i++) {
        ck_assert_msg(usage_event_is_reserved(text_of(own[i])), "%s", own[i]);
    }
    for (apr_size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ck_assert_msg(!usage_event_is_reserved(text_of(others[i])), "%s",
                      others[i]);
    }
    for (int i = 1; i < USAGE_BOT_KINDS; i++) {
        ck_assert(usage_event_is_reserved(text_of(usage_bot_category(i))));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("event");
    TCase *tcase = unit_case(suite, "event");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, event_is_counted_by_category_and_name);
    tcase_add_test(tcase, event_is_made_of_words);
    tcase_add_test(tcase, category_of_the_module_is_set_apart);
    tcase_add_test(tcase, nothing_is_counted_of_0_or_less);
    tcase_add_test(tcase, names_over_the_budget_are_counted_as_others);
    tcase_add_test(tcase, sorts_and_sites_have_budgets_of_their_own);
    tcase_add_test(tcase, names_of_a_closed_set_have_no_budget);
    tcase_add_test(tcase, full_table_loses_no_event);
    tcase_add_test(tcase, module_keeps_its_own_categories);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
