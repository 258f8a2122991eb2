/* SPDX-License-Identifier: Apache-2.0 */
/* The salts that servers share: two of them and one database. */
#include "unit.h"

#include <string.h>

#include "engine/salt_share.h"
#include "memory_store.h"
#include "zoned.h"

#define HOUR     3600
#define DAY      86400
#define WINDOW   1800
#define KEY      16
#define MIDNIGHT APR_INT64_C(1783987200) /* 2026-07-14 00:00 */

static usage_salts_t one;
static usage_salts_t other;
static memory_state_t *state;
static memory_store_t store;
static int calls;
static int news;

/* No two calls fill in the same. */
static apr_status_t counted_random(unsigned char *bytes, apr_size_t length)
{
    memset(bytes, ++calls, length);
    return APR_SUCCESS;
}

static void begin(void)
{
    memset(&one, 0, sizeof one);
    memset(&other, 0, sizeof other);
    usage_salts_let(&one, true, counted_random);
    usage_salts_let(&other, true, counted_random);
    state = memory_state_make(10);
    memory_store_open(&store, state, unit_pool);
}

static usage_salts_need_t need_at(apr_int64_t now)
{
    return (usage_salts_need_t){ .zones = all_utc(HOUR, unit_pool),
                                 .now = now,
                                 .window = WINDOW };
}

/* What a server does by then: the parent's part, then the flusher's. */
static apr_status_t try_to_share(usage_salts_t *salts, apr_int64_t now)
{
    usage_salt_share_t share = { .salts = salts,
                                 .store = &store.store,
                                 .need = need_at(now),
                                 .random = counted_random };
    ck_assert_int_eq(usage_salts_keep(salts, &share.need, counted_random),
                     APR_SUCCESS);
    return usage_salt_share(&share, &news, unit_pool);
}

static void share(usage_salts_t *salts, apr_int64_t now)
{
    ck_assert_int_eq(try_to_share(salts, now), APR_SUCCESS);
}

static const unsigned char *key_of(const usage_salts_t *salts, apr_int64_t day)
{
    const unsigned char *key = usage_salts_of(salts, day);
    ck_assert_ptr_nonnull(key);
    return key;
}

static bool is_stored(apr_int64_t day)
{
    for (int i = 0; i < state->salted; i++) {
        if (state->salts[i].day == day) {
            return true;
        }
    }
    return false;
}

START_TEST(parent_makes_no_salt_that_is_shared)
{
    usage_salts_need_t need = need_at(MIDNIGHT);
    ck_assert_int_eq(usage_salts_keep(&one, &need, counted_random),
                     APR_SUCCESS);
    ck_assert_ptr_null(usage_salts_of(&one, MIDNIGHT));
    ck_assert(usage_salts_lack(&one, &need));
    share(&one, MIDNIGHT);
    ck_assert(!usage_salts_lack(&one, &need));
}
END_TEST

START_TEST(both_have_the_same_today_and_tomorrow)
{
    share(&one, MIDNIGHT);
    ck_assert_int_eq(news, 3);
    share(&other, MIDNIGHT + HOUR);
    ck_assert_int_eq(news, 3);
    for (int i = 0; i < 2; i++) {
        ck_assert_mem_eq(key_of(&one, MIDNIGHT + i * DAY),
                         key_of(&other, MIDNIGHT + i * DAY), KEY);
    }
    ck_assert_mem_ne(key_of(&one, MIDNIGHT), key_of(&one, MIDNIGHT + DAY), KEY);
    ck_assert_mem_eq(&one.agents, &other.agents, sizeof one.agents);
    ck_assert_int_eq(state->salted, 3);
}
END_TEST

START_TEST(what_is_known_is_not_new)
{
    share(&one, MIDNIGHT);
    share(&one, MIDNIGHT + 60);
    ck_assert_int_eq(news, 0);
    share(&one, MIDNIGHT + DAY);
    ck_assert_int_eq(news, 1);
}
END_TEST

START_TEST(local_salts_never_reach_the_database)
{
    usage_salts_let(&one, false, counted_random);
    share(&one, MIDNIGHT);
    ck_assert_ptr_nonnull(usage_salts_of(&one, MIDNIGHT));
    ck_assert_int_eq(state->salted, 0);
    ck_assert_int_eq(store.calls[MEMORY_BEGIN], 0);
}
END_TEST

START_TEST(change_of_mind_begins_with_no_salt)
{
    usage_secret_t agents;
    unsigned char key[KEY];
    usage_salts_let(&one, false, counted_random);
    share(&one, MIDNIGHT);
    memcpy(key, key_of(&one, MIDNIGHT), KEY);
    agents = one.agents;
    ck_assert_int_eq(usage_salts_let(&one, false, counted_random), APR_SUCCESS);
    ck_assert_mem_eq(key_of(&one, MIDNIGHT), key, KEY);
    usage_salts_let(&one, true, counted_random);
    ck_assert_ptr_null(memmem(&one, sizeof one, key, KEY));
    ck_assert_mem_ne(&one.agents, &agents, sizeof agents);
    share(&one, MIDNIGHT);
    ck_assert_mem_ne(key_of(&one, MIDNIGHT), key, KEY);
    memcpy(key, key_of(&one, MIDNIGHT), KEY);
    usage_salts_let(&one, false, counted_random);
    ck_assert_ptr_null(memmem(&one, sizeof one, key, KEY));
}
END_TEST

START_TEST(salt_is_deleted_one_window_past_its_day)
{
    share(&one, MIDNIGHT);
    share(&one, MIDNIGHT + DAY + WINDOW - 1);
    ck_assert(is_stored(MIDNIGHT));
    share(&other, MIDNIGHT + DAY + WINDOW);
    ck_assert(!is_stored(MIDNIGHT));
    ck_assert(is_stored(0) && is_stored(MIDNIGHT + DAY));
    ck_assert_int_eq(state->salted, 3);
}
END_TEST

START_TEST(late_server_does_not_bring_it_back)
{
    share(&one, MIDNIGHT);
    share(&other, MIDNIGHT + DAY + WINDOW);
    share(&one, MIDNIGHT + DAY + WINDOW - 60);
    ck_assert(!is_stored(MIDNIGHT));
    ck_assert_ptr_nonnull(usage_salts_of(&one, MIDNIGHT));
}
END_TEST

START_TEST(clock_that_was_ahead_leaves_no_salt)
{
    share(&one, MIDNIGHT + 300 * (apr_int64_t)DAY);
    share(&other, MIDNIGHT);
    ck_assert_int_eq(state->salted, 3);
    ck_assert(is_stored(MIDNIGHT));
}
END_TEST

START_TEST(database_that_was_emptied_gets_the_day_s_salt_back)
{
    share(&one, MIDNIGHT);
    state->salted = 0;
    share(&one, MIDNIGHT + 60);
    ck_assert_int_eq(news, 1); /* the agents' */
    share(&other, MIDNIGHT + 60);
    ck_assert_mem_eq(key_of(&one, MIDNIGHT), key_of(&other, MIDNIGHT), KEY);
    ck_assert_mem_eq(&one.agents, &other.agents, sizeof one.agents);
}
END_TEST

START_TEST(database_is_right)
{
    share(&one, MIDNIGHT);
    memset(state->salts[1].salt, 'a', 32);
    share(&one, MIDNIGHT + 60);
    ck_assert_int_eq(news, 1);
    ck_assert_int_eq(key_of(&one, MIDNIGHT)[KEY - 1], 0xaa);
}
END_TEST

START_TEST(salt_that_is_none_is_refused)
{
    share(&one, MIDNIGHT);
    state->salts[1].salt[5] = 'x';
    ck_assert_int_eq(try_to_share(&other, MIDNIGHT), APR_EINVAL);
    ck_assert_ptr_null(usage_salts_of(&other, MIDNIGHT));
}
END_TEST

START_TEST(nothing_is_used_before_it_is_committed)
{
    memory_store_order(&store, MEMORY_FAILS, MEMORY_COMMIT, 0);
    ck_assert_int_ne(try_to_share(&one, MIDNIGHT), APR_SUCCESS);
    ck_assert_ptr_null(usage_salts_of(&one, MIDNIGHT));
    memory_store_order(&store, MEMORY_NO_TROUBLE, 0, 0);
    share(&one, MIDNIGHT);
    ck_assert_ptr_nonnull(usage_salts_of(&one, MIDNIGHT));
}
END_TEST

START_TEST(each_zone_s_day_has_its_salt)
{
    static const char *const names[] = { "Europe/Berlin", "Asia/Kolkata",
                                         "Europe/Paris", "Pacific/Apia" };
    usage_zones_t *zones = usage_zones_make(HOUR, &usage_zone_utc, unit_pool);
    for (int i = 0; i < 4; i++) {
        usage_text_t site = { names[i], strlen(names[i]) };
        usage_zones_set(zones, site, zone_named(names[i], unit_pool));
    }
    usage_salt_share_t ours = { .salts = &one,
                                .store = &store.store,
                                .need = { .zones = zones, .now = MIDNIGHT },
                                .random = counted_random };
    ck_assert_int_eq(usage_salt_share(&ours, &news, unit_pool), APR_SUCCESS);
    ck_assert_int_eq(news, 9); /* Paris begins its days with Berlin */
    ck_assert_int_eq(state->salted, 9);
    ck_assert(!usage_salts_lack(&one, &ours.need));
    ours.salts = &other;
    ck_assert_int_eq(usage_salt_share(&ours, &news, unit_pool), APR_SUCCESS);
    for (int i = 1; i < state->salted; i++) {
        ck_assert_mem_eq(key_of(&one, state->salts[i].day),
                         key_of(&other, state->salts[i].day), KEY);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("salt_share");
    TCase *shared = unit_case(suite, "shared");

    tcase_add_checked_fixture(shared, begin, NULL);
    tcase_add_test(shared, parent_makes_no_salt_that_is_shared);
    tcase_add_test(shared, both_have_the_same_today_and_tomorrow);
    tcase_add_test(shared, what_is_known_is_not_new);
    tcase_add_test(shared, local_salts_never_reach_the_database);
    tcase_add_test(shared, change_of_mind_begins_with_no_salt);
    tcase_add_test(shared, salt_is_deleted_one_window_past_its_day);
    tcase_add_test(shared, late_server_does_not_bring_it_back);
    tcase_add_test(shared, clock_that_was_ahead_leaves_no_salt);
    tcase_add_test(shared, database_that_was_emptied_gets_the_day_s_salt_back);
    tcase_add_test(shared, database_is_right);
    tcase_add_test(shared, salt_that_is_none_is_refused);
    tcase_add_test(shared, nothing_is_used_before_it_is_committed);
    tcase_add_test(shared, each_zone_s_day_has_its_salt);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
