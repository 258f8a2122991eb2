/* SPDX-License-Identifier: Apache-2.0 */
/* From a batch to rows: every count in every grain, once. */
#include "counting.h"

#include <time.h>

#include "engine/agent.h"
#include "engine/grain.h"
#include "engine/intern.h"

enum { COUNTS = 500 };

static const apr_int64_t now = 1784041440; /* 2026-07-14 15:04 */

/* The C library's idea of where an interval begins. */
static apr_int64_t start_of(apr_int64_t seconds, int grain)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    gmtime_r(&time, &parts);
    parts.tm_sec = parts.tm_min = 0;
    parts.tm_hour = grain == USAGE_GRAIN_BASE ? parts.tm_hour : 0;
    parts.tm_mday = grain == USAGE_GRAIN_MONTH ? 1 : parts.tm_mday;
    return timegm(&parts);
}

static usage_count_t random_count(random_t *random)
{
    static const char *const sites[] = { "a.example", "b.example", "*" };
    usage_count_t count = { .values = random_values(random) };
    const char *name = apr_psprintf(unit_pool, "/%d", random_below(random, 9));
    count.key = random_chance(random, 30) ? event_key("", "outcome", name, 0)
                                          : view_key("", name, 0);
    count.key.site = text_of(sites[random_below(random, 3)]);
    count.key.device = random_below(random, 300);
    count.key.browser = random_below(random, 2);
    count.key.system = random_below(random, 2);
    if (random_chance(random, 90)) {
        int hours = random_below(random, 24 * 70);
        count.key.start = start_of(now, 0) - (apr_int64_t)hours * HOUR;
    }
    return count;
}

static apr_array_header_t *random_batch(random_t *random)
{
    apr_array_header_t *counts =
        apr_array_make(unit_pool, COUNTS, sizeof(usage_count_t));
    for (int i = 0; i < COUNTS; i++) {
        APR_ARRAY_PUSH(counts, usage_count_t) = random_count(random);
    }
    usage_intern(counts, unit_pool);
    return counts;
}

static const char *row_string(const usage_row_t *row)
{
    return apr_psprintf(unit_pool, "%d|%020" APR_INT64_T_FMT "|%s|%s|%s|%s|%s",
                        (int)row->grain, row->start, row->site, row->name,
                        row->device, row->browser, row->system);
}

static usage_row_t expected_row(const usage_count_t *count, int fact, int grain)
{
    bool is_client = fact == USAGE_FACT_CLIENT;
    bool is_view = fact == USAGE_FACT_VIEW || is_client;
    const usage_key_t *key = &count->key;
    apr_int64_t time = key->start != 0 ? key->start : now;
    return (usage_row_t){
        .grain = (usage_grain_e)grain,
        .start = start_of(time, grain),
        .site = key->site.data,
        .name = fact == USAGE_FACT_TOTAL || is_client ? "" : key->name.data,
        .device = is_view ? usage_device_word(key->device) : "",
        .browser = is_view ? usage_browser_word(key->browser) : "",
        .system = is_view ? usage_system_word(key->system) : "",
    };
}

static apr_hash_t *expected_sums(const apr_array_header_t *counts, int fact,
                                 int grain)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    for (int i = 0; i < counts->nelts; i++) {
        const usage_count_t *count = &APR_ARRAY_IDX(counts, i, usage_count_t);
        bool is_event = count->key.kind == USAGE_KIND_EVENT;
        if (is_event == (fact == USAGE_FACT_EVENT)) {
            usage_row_t row = expected_row(count, fact, grain);
            usage_values_t values = count->values;
            if (fact == USAGE_FACT_TOTAL || fact == USAGE_FACT_CLIENT) {
                values.of[USAGE_VISITORS] = 0;
            }
            sum_into(sums, row_string(&row), &values);
        }
    }
    return sums;
}

/* Fact tables that sum in every grain: all before this one. */
enum { SUMMED = USAGE_FACT_USER };

START_TEST(rows_have_every_count_once)
{
    random_t random = random_make(_i);
    apr_array_header_t *counts = random_batch(&random);
    for (int i = 0; i < SUMMED * USAGE_GRAINS; i++) {
        int fact = i % SUMMED;
        int grain = i / SUMMED;
        apr_array_header_t *rows =
            usage_grain_rows(counts, (usage_fact_e)fact, (usage_grain_e)grain,
                             all_utc(HOUR, unit_pool), now, unit_pool);
        apr_hash_t *sums = apr_hash_make(unit_pool);
        for (int j = 0; j < rows->nelts; j++) {
            usage_row_t *row = &APR_ARRAY_IDX(rows, j, usage_row_t);
            sum_into(sums, row_string(row), &row->values);
        }
        assert_same_sums(sums, expected_sums(counts, fact, grain));
        ck_assert_uint_eq(apr_hash_count(sums), (unsigned)rows->nelts);
    }
}
END_TEST

static const char *order_string(const usage_row_t *row)
{
    return apr_psprintf(unit_pool,
                        "%020" APR_INT64_T_FMT "\1%s\1%s\1%s\1%s\1%s\1%s",
                        row->start, row->site, row->category, row->name,
                        row->device, row->browser, row->system);
}

START_TEST(rows_are_sorted_by_key)
{
    random_t random = random_make(_i);
    apr_array_header_t *counts = random_batch(&random);
    for (int i = 0; i < SUMMED * USAGE_GRAINS; i++) {
        apr_array_header_t *rows = usage_grain_rows(
            counts, (usage_fact_e)(i % SUMMED), (usage_grain_e)(i / SUMMED),
            all_utc(HOUR, unit_pool), now, unit_pool);
        ck_assert_int_gt(rows->nelts, 3);
        for (int j = 1; j < rows->nelts; j++) {
            ck_assert_str_lt(
                order_string(&APR_ARRAY_IDX(rows, j - 1, usage_row_t)),
                order_string(&APR_ARRAY_IDX(rows, j, usage_row_t)));
        }
    }
}
END_TEST

static const char *all_order_string(const usage_row_t *row)
{
    return apr_psprintf(unit_pool,
                        "%d\1%020" APR_INT64_T_FMT "\1%s\1%s\1%s\1%s",
                        (int)row->part, row->start, row->device, row->browser,
                        row->system, row->name);
}

static usage_part_e part_of(const usage_row_t *row)
{
    return *row->device == '\0' ? USAGE_PART_PAGE
           : *row->name == '\0' ? USAGE_PART_CLIENT
                                : USAGE_PART_BOTH;
}

/* By page, by client, and of months by both, in the order of their table's key;
 * of no site. */
START_TEST(rows_of_all_sites_are_summed_in_parts)
{
    random_t random = random_make(_i);
    apr_array_header_t *counts = random_batch(&random);
    for (int grain = 0; grain < USAGE_GRAINS; grain++) {
        apr_array_header_t *rows =
            usage_grain_rows(counts, USAGE_FACT_ALL, (usage_grain_e)grain,
                             all_utc(HOUR, unit_pool), now, unit_pool);
        apr_int64_t sums[] = { 0, 0, 0 };
        for (int i = 0; i < rows->nelts; i++) {
            const usage_row_t *row = &APR_ARRAY_IDX(rows, i, usage_row_t);
            ck_assert_str_eq(row->site, "");
            sums[row->part] += row->values.of[USAGE_VIEWS];
            ck_assert_int_eq(row->part, part_of(row));
            ck_assert(*row->name != '\0' || *row->device != '\0');
            if (i > 0) {
                ck_assert_str_lt(all_order_string(row - 1),
                                 all_order_string(row));
            }
        }
        apr_int64_t expected = 0;
        for (int i = 0; i < counts->nelts && grain > 0; i++) {
            const usage_count_t *count =
                &APR_ARRAY_IDX(counts, i, usage_count_t);
            bool is_view = count->key.kind == USAGE_KIND_VIEW;
            expected += is_view ? count->values.of[USAGE_VIEWS] : 0;
        }
        ck_assert_int_eq(sums[USAGE_PART_PAGE], expected);
        ck_assert_int_eq(sums[USAGE_PART_CLIENT], expected);
        ck_assert_int_eq(sums[USAGE_PART_BOTH],
                         grain == USAGE_GRAIN_MONTH ? expected : 0);
    }
}
END_TEST

/* However often they came, and of the day alone. */
START_TEST(users_are_rows_of_their_day)
{
    apr_array_header_t *counts =
        apr_array_make(unit_pool, 4, sizeof(usage_count_t));
    static const char *const names[] = { "bert", "anna", "anna" };
    for (int i = 0; i < 3; i++) {
        usage_count_t *count = apr_array_push(counts);
        *count = (usage_count_t){ .values = views(5) };
        count->key =
            event_key("a.example", "user", names[i], midnight + i * HOUR);
        count->key.kind = USAGE_KIND_USER;
    }
    usage_intern(counts, unit_pool);
    for (int grain = 0; grain < USAGE_GRAINS; grain++) {
        apr_array_header_t *rows =
            usage_grain_rows(counts, USAGE_FACT_USER, (usage_grain_e)grain,
                             all_utc(HOUR, unit_pool), now, unit_pool);
        ck_assert_int_eq(rows->nelts, grain == USAGE_GRAIN_DAY ? 2 : 0);
        for (int i = 0; i < rows->nelts; i++) {
            const usage_row_t *row = &APR_ARRAY_IDX(rows, i, usage_row_t);
            ck_assert_str_eq(row->name, i == 0 ? "anna" : "bert");
            ck_assert_str_eq(row->category, "user");
            ck_assert_int_eq(row->start, midnight);
        }
    }
}
END_TEST

START_TEST(no_counts_make_no_rows)
{
    apr_array_header_t *counts =
        apr_array_make(unit_pool, 1, sizeof(usage_count_t));
    apr_array_header_t *rows =
        usage_grain_rows(counts, USAGE_FACT_VIEW, USAGE_GRAIN_DAY,
                         all_utc(HOUR, unit_pool), now, unit_pool);
    ck_assert_int_eq(rows->nelts, 0);
}
END_TEST

/* Children can write anything into a slot's name. */
START_TEST(count_of_an_unknown_kind_is_in_no_table)
{
    random_t random = random_make(1);
    usage_count_t count = random_count(&random);
    count.key.kind = (usage_kind_e)200;
    apr_array_header_t *counts =
        apr_array_make(unit_pool, 1, sizeof(usage_count_t));
    APR_ARRAY_PUSH(counts, usage_count_t) = count;
    for (int fact = 0; fact < USAGE_FACTS; fact++) {
        apr_array_header_t *rows =
            usage_grain_rows(counts, (usage_fact_e)fact, USAGE_GRAIN_DAY,
                             all_utc(HOUR, unit_pool), now, unit_pool);
        ck_assert_int_eq(rows->nelts, 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("grain");
    TCase *tcase = unit_case(suite, "grain");

    tcase_add_loop_test(tcase, rows_have_every_count_once, 0, 5);
    tcase_add_loop_test(tcase, rows_are_sorted_by_key, 0, 5);
    tcase_add_loop_test(tcase, rows_of_all_sites_are_summed_in_parts, 0, 5);
    tcase_add_test(tcase, users_are_rows_of_their_day);
    tcase_add_test(tcase, no_counts_make_no_rows);
    tcase_add_test(tcase, count_of_an_unknown_kind_is_in_no_table);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
