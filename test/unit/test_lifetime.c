/* SPDX-License-Identifier: Apache-2.0 */
/* Counters that only grow, however often tables are cleared. */
#include "engine/lifetime.h"

#include "engine/batch.h"
#include "ledger.h"
#include "threads.h"

enum { SITES = 2, CLEARINGS = 300 };

static const char *const names[SITES] = { "a.example", "b.example" };
static usage_lifetime_site_t sites[SITES];
static usage_lifetime_site_t others;

static void read_lifetime(void)
{
    apr_hash_t *by_key = apr_hash_make(unit_pool);
    for (int i = 0; i < SITES; i++) {
        sites[i].key = usage_site_key(text_of(names[i]));
        apr_hash_set(by_key, &sites[i].key, sizeof sites[i].key, &sites[i]);
    }
    usage_lifetime_read(&memory, by_key, &others);
}

/* What the log has of a site, from its beginning. */
static usage_lifetime_site_t logged(const char *site)
{
    usage_lifetime_site_t sum = { .key = usage_site_key(text_of(site)) };
    for (int i = 0; i < length; i++) {
        const usage_key_t *key = &entries[i].key;
        const apr_int64_t *of = entries[i].values.of;
        if (strcmp(site, key->site.data) != 0) {
            continue;
        }
        if (key->kind == USAGE_KIND_VIEW) {
            sum.views += of[USAGE_VIEWS];
            sum.visits += of[USAGE_VISITS];
            sum.bytes += of[USAGE_BYTES];
            sum.millis += of[USAGE_MILLIS];
        }
        for (int j = 0; j < USAGE_OUTCOMES; j++) {
            bool is_it = key->kind == USAGE_KIND_EVENT
                         && strcmp(key->category.data, "outcome") == 0
                         && strcmp(key->name.data,
                                   usage_outcome_word((usage_outcome_e)j))
                                == 0;
            sum.outcomes[j] += is_it ? of[USAGE_VIEWS] : 0;
        }
    }
    return sum;
}

static void assert_lifetime(void)
{
    read_lifetime();
    for (int i = 0; i < SITES; i++) {
        usage_lifetime_site_t wanted = logged(names[i]);
        ck_assert_int_gt(wanted.views, 0);
        ck_assert_mem_eq(&sites[i], &wanted, sizeof wanted);
    }
    ck_assert_int_eq(others.views, 0);
}

/* Let the active table be drained and cleared. */
static apr_uint32_t clear_active(void)
{
    unsigned active = usage_memory_active(&memory);
    ck_assert(usage_memory_move(&memory, active, now - 100));
    flush_well();
    ck_assert_int_eq(atomic_load(&memory.tables[active].head->state),
                     USAGE_TABLE_READY);
    return active;
}

START_TEST(lifetime_is_over_many_tables)
{
    for (int i = 0; i < 6; i++) {
        count_some(200);
        assert_lifetime();
        flush_well();
        assert_lifetime();
        clear_active();
        assert_lifetime();
    }
    ck_assert_int_ge(atomic_load(&memory.tables[0].head->epoch), 3);
}
END_TEST

/* The flusher dies between a fold and what it was for. */
START_TEST(a_table_is_folded_once)
{
    count_some(200);
    usage_lifetime_fold(&memory, 0);
    assert_lifetime();
    usage_lifetime_fold(&memory, 0);
    assert_lifetime();
    clear_active();
    assert_lifetime();
    count_some(200);
    assert_lifetime();
}
END_TEST

START_TEST(a_table_half_cleared_is_not_folded)
{
    count_some(200);
    unsigned cleared = clear_active();
    atomic_store(&memory.tables[cleared].head->state, USAGE_TABLE_CLEARING);
    atomic_store(&memory.tables[cleared].slots[0].total[USAGE_VIEWS], 5);
    usage_lifetime_fold(&memory, cleared);
    assert_lifetime();
}
END_TEST

static _Atomic bool is_cleared;
static _Atomic int lessened;
static apr_hash_t *read_by[THREADS];

/* One counts and clears tables; the others read sums that must only grow. */
static void watch(int number)
{
    usage_lifetime_site_t site = { .key = usage_site_key(text_of(names[0])) };
    usage_lifetime_site_t rest;
    apr_int64_t last = 0;
    if (number == 0) {
        for (int i = 0; i < CLEARINGS; i++) {
            usage_key_t key = view_key(names[0], "/", now);
            usage_values_t one = views(1);
            count_key(&memory, &key, &one, now);
            clear_active();
        }
        atomic_store(&is_cleared, true);
        return;
    }
    apr_hash_set(read_by[number], &site.key, sizeof site.key, &site);
    while (!atomic_load(&is_cleared)) {
        usage_lifetime_read(&memory, read_by[number], &rest);
        atomic_fetch_add(&lessened, site.views < last);
        last = site.views;
    }
}

START_TEST(sums_only_grow_while_tables_are_cleared)
{
    for (int i = 0; i < THREADS; i++) {
        read_by[i] = apr_hash_make(unit_pool);
    }
    threads_run(watch);
    ck_assert_int_eq(atomic_load(&lessened), 0);
    ck_assert_int_ge(atomic_load(&memory.tables[0].head->epoch), CLEARINGS / 2);
}
END_TEST

START_TEST(sites_without_a_place_are_others)
{
    const int many = USAGE_LIFETIME_SITES + 100;
    usage_values_t one = views(1);
    apr_int64_t sum = 0;
    for (int i = 0; i < many; i++) {
        usage_key_t key =
            view_key(apr_psprintf(unit_pool, "%d.test", i), "/", now);
        count_key(&memory, &key, &one, now);
    }
    for (int i = 0; i < 2; i++) {
        read_lifetime();
        ck_assert_int_eq(others.views, many);
        clear_active();
    }
    for (int i = 0; i <= USAGE_LIFETIME_SITES; i++) {
        sum += memory.lifetime->sums[1].sites[i].views;
    }
    ck_assert_int_eq(sum, many);
    ck_assert_int_eq(memory.lifetime->sums[1].sites[USAGE_LIFETIME_SITES].views,
                     100);
}
END_TEST

START_TEST(latency_counts_by_powers_of_two)
{
    static const struct {
        apr_int64_t millis;
        int at;
    } some[] = { { 0, 0 },
                 { 1, 1 },
                 { 2, 2 },
                 { 3, 2 },
                 { 4, 3 },
                 { 7, 3 },
                 { 8, 4 },
                 { 32767, 15 },
                 { 32768, 16 },
                 { -1, 16 },
                 { APR_INT64_MAX, 16 } };
    for (apr_size_t i = 0; i < sizeof some / sizeof *some; i++) {
        usage_latency_t latency = { 0 };
        usage_latency_add(&latency, some[i].millis);
        ck_assert_int_eq(atomic_load(&latency.views[some[i].at]), 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lifetime");
    TCase *tcase = unit_case(suite, "lifetime");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, lifetime_is_over_many_tables);
    tcase_add_test(tcase, a_table_is_folded_once);
    tcase_add_test(tcase, a_table_half_cleared_is_not_folded);
    tcase_add_test(tcase, sums_only_grow_while_tables_are_cleared);
    tcase_add_test(tcase, sites_without_a_place_are_others);
    tcase_add_test(tcase, latency_counts_by_powers_of_two);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
