/* SPDX-License-Identifier: Apache-2.0 */
/* What should stand in the database, row by row or as sums of each table. */
#ifndef STANDING_H
#define STANDING_H

#include "counting.h"
#include "engine/agent.h"
#include "memory_store.h"

/** Something that was counted. */
typedef struct addition_t {
    usage_key_t key;
    usage_values_t values;
} addition_t;

/** A row's key, or its table and grain. */
static inline const char *row_name(const memory_row_t *row, bool is_sum)
{
    if (is_sum) {
        return apr_psprintf(unit_pool, "%d|%d", (int)row->fact,
                            (int)row->grain);
    }
    return apr_psprintf(
        unit_pool, "%d|%d|%" APR_INT64_T_FMT "|%s|%s|%s|%s|%s|%s",
        (int)row->fact, (int)row->grain, row->start, row->site, row->category,
        row->name, row->device, row->browser, row->system);
}

/** Add what an addition is in one table and grain. */
static inline void expect(apr_hash_t *sums, const addition_t *addition,
                          int fact, int grain, bool is_sum)
{
    const usage_key_t *key = &addition->key;
    usage_grain_e g = (usage_grain_e)grain;
    memory_row_t row = { .fact = (usage_fact_e)fact,
                         .grain = g,
                         .start = usage_calendar_start(key->start, g, HOUR) };
    usage_values_t values = addition->values;
    apr_cpystrn(row.site, key->site.data, sizeof row.site);
    if (fact == USAGE_FACT_TOTAL || fact == USAGE_FACT_CLIENT) {
        values.of[USAGE_VISITORS] = 0;
    }
    else {
        apr_cpystrn(row.name, key->name.data, sizeof row.name);
    }
    if (fact == USAGE_FACT_EVENT) {
        apr_cpystrn(row.category, key->category.data, sizeof row.category);
        values = views(values.of[USAGE_VIEWS]);
    }
    if (fact == USAGE_FACT_VIEW || fact == USAGE_FACT_CLIENT) {
        apr_cpystrn(row.device, usage_device_word(key->device), 32);
        apr_cpystrn(row.browser, usage_browser_word(key->browser), 32);
        apr_cpystrn(row.system, usage_system_word(key->system), 32);
    }
    sum_into(sums, row_name(&row, is_sum), &values);
}

/** Add what a view is of all sites together in one grain. */
static inline void expect_of_all(apr_hash_t *sums, const addition_t *addition,
                                 int grain, bool is_sum)
{
    const usage_key_t *key = &addition->key;
    usage_grain_e g = (usage_grain_e)grain;
    memory_row_t page = { .fact = USAGE_FACT_ALL,
                          .grain = g,
                          .start = usage_calendar_start(key->start, g, HOUR) };
    memory_row_t client = page;
    memory_row_t both;
    usage_values_t values = addition->values;
    apr_cpystrn(page.name, key->name.data, sizeof page.name);
    apr_cpystrn(client.device, usage_device_word(key->device), 32);
    apr_cpystrn(client.browser, usage_browser_word(key->browser), 32);
    apr_cpystrn(client.system, usage_system_word(key->system), 32);
    both = client;
    apr_cpystrn(both.name, page.name, sizeof both.name);
    sum_into(sums, row_name(&page, is_sum), &values);
    if (g == USAGE_GRAIN_MONTH) {
        sum_into(sums, row_name(&both, is_sum), &values);
    }
    values.of[USAGE_VISITORS] = 0;
    sum_into(sums, row_name(&client, is_sum), &values);
}

#endif
