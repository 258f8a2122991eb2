/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted of a hit that is no more than its outcome, as an asset's. */
#include "unit.h"

#include "visits.h"

#define SITE "a.example"

static const usage_geometry_t roomy = { .slots = 1024, .visitors = 1024 };

static usage_memory_t memory;

static void setup(void)
{
    memory = visits_segment(&roomy, MIDNIGHT);
}

static void take_hour(void *baton, const usage_count_t *count)
{
    apr_int64_t *hours = baton;
    hours[(count->key.start - MIDNIGHT) / HOUR] +=
        count->values.of[USAGE_VIEWS];
}

static void count_asset(usage_host_t *host, apr_int64_t second)
{
    usage_hit_count_outcome(&memory, host, USAGE_OUTCOME_ASSET,
                            apr_time_from_sec(MIDNIGHT + second)
                                + APR_USEC_PER_SEC - 1);
}

/* Which the host's clock remembers, or does not. */
START_TEST(outcome_alone_is_counted_in_its_interval)
{
    usage_host_t *host = visits_host(SITE);
    apr_int64_t hours[3] = { 0 };
    count_asset(host, 0);
    count_asset(host, HOUR - 1);
    count_asset(host, HOUR);
    count_asset(host, 3 * HOUR - 1);
    count_asset(host, 1);
    usage_batch_read(&memory, 0, usage_batch_revision(&memory), take_hour,
                     hours);
    ck_assert_int_eq(hours[0], 3);
    ck_assert_int_eq(hours[1], 1);
    ck_assert_int_eq(hours[2], 1);
}
END_TEST

static bool is_remembered(const usage_host_t *host)
{
    usage_active_t active = usage_memory_now(&memory);
    return usage_hit_outcome(&active, host, USAGE_OUTCOME_ASSET, MIDNIGHT / 60)
           != NULL;
}

/* Though the host remembers a counter in a table that was left, or cleared. */
START_TEST(outcome_alone_is_counted_where_all_are)
{
    usage_host_t *host = visits_host(SITE);
    count_asset(host, 0);
    ck_assert(is_remembered(host));
    ck_assert(usage_memory_move(&memory, 0, MIDNIGHT));
    usage_memory_clear(&memory, 0);
    ck_assert(usage_memory_move(&memory, 1, MIDNIGHT));
    ck_assert(!is_remembered(host));
    count_asset(host, 0);
    ck_assert_int_eq(outcomes_of(&memory, SITE, "asset"), 1);
    ck_assert(!usage_memory_move(&memory, 0, MIDNIGHT));
    usage_memory_clear(&memory, 1);
    ck_assert(usage_memory_move(&memory, 0, MIDNIGHT));
    count_asset(host, 0);
    count_asset(host, 0);
    ck_assert_int_eq(outcomes_of(&memory, SITE, "asset"), 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hit_outcome");
    TCase *tcase = unit_case(suite, "hit_outcome");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, outcome_alone_is_counted_in_its_interval);
    tcase_add_test(tcase, outcome_alone_is_counted_where_all_are);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
