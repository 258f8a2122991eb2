/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A segment, a store, and a log of all that was counted: what a dashboard's
 * model should have is worked out from the log alone.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "catalog.h"
#include "counting.h"
#include "engine/agent.h"
#include "engine/flush.h"
#include "memory_store.h"
#include "source.h"

enum { LOG = 2000 };

static const char node[] = "node.example";
static const apr_int64_t now = 1784041440; /* 2026-07-14 15:04 */

static usage_memory_t memory;
static memory_state_t *state;
static memory_store_t store;
static random_t random_numbers;
static usage_zones_t *zones;

static struct {
    usage_key_t key;
    usage_values_t values;
} entries[LOG];
static int length;

static inline void setup(void)
{
    memory = memory_make(4096, now);
    state = memory_state_make(20000);
    memory_store_open(&store, state, unit_pool);
    length = 0;
    zones = usage_zones_make(HOUR, &usage_zone_utc, unit_pool);
}

/* Of the sites, one half a day ahead and one half a day behind, with clocks
 * that are set within the time that is counted. */
static inline void setup_zones(void)
{
    static usage_zone_span_t east[2];
    static usage_zone_span_t west[2];
    setup();
    east[0].offset = 21 * HOUR / 2;
    east[1] = (usage_zone_span_t){ .from = midnight - 10 * DAY - HOUR / 2,
                                   .offset = 11 * HOUR };
    west[0].offset = -10 * HOUR;
    west[1] = (usage_zone_span_t){ .from = midnight - 7 * HOUR,
                                   .offset = -11 * HOUR };
    usage_zones_set(zones, text_of("a.example"),
                    usage_zone_make("Test/East", east, 2, unit_pool));
    usage_zones_set(zones, text_of("b.example"),
                    usage_zone_make("Test/West", west, 2, unit_pool));
}

static inline apr_int64_t random_start(const char *site)
{
    static const int ranges[] = { 1, 15, 40, 24 * 90, 24 * 800 };
    int hours =
        random_below(&random_numbers, ranges[random_below(&random_numbers, 5)]);
    return usage_zone_base(usage_zones_of(zones, text_of(site)),
                           now - (apr_int64_t)hours * HOUR, HOUR);
}

/* Categories, and the panels that have them: of names and of kinds. */
static const struct ledger_panel_t {
    const char *category;
    const char *kind; /* as it is shown */
    const char *names;
    const char *kinds;
} ledger_panels[] = {
    { "bot-search", "search", "bots", "bot-kinds" },
    { "bot-ai-crawler", "ai-crawler", "bots", "bot-kinds" },
    { "source-ai", "AI", "sources", "source-kinds" },
    { "source-direct", "direct", "sources", "source-kinds" },
    { "campaign-ref", "ref", "campaigns", NULL },
    { "campaign-name", "name", "campaigns", NULL },
    { "country", "", "countries", NULL },
    { "browser-version", "", "browser-versions", NULL },
    { "status", "", "statuses", NULL },
    { "clicks", "clicks", "events", "event-categories" },
    { "ai", "ai", "events", "event-categories" },
    { "_bot-search", "_bot-search", "events", "event-categories" },
    { "not-found", "a.example", "not-found", NULL },
};
enum { LEDGER_PANELS = sizeof ledger_panels / sizeof *ledger_panels };

static inline usage_key_t random_event(const char *site, int number,
                                       apr_int64_t start)
{
    const char *category =
        ledger_panels[random_below(&random_numbers, LEDGER_PANELS)].category;
    bool is_link = strcmp(category, "not-found") == 0;
    return event_key(site, category,
                     apr_psprintf(unit_pool, "%sThe Name %d",
                                  is_link ? "a.example " : "", number % 7),
                     start);
}

static inline usage_key_t random_key(void)
{
    int number = random_below(&random_numbers, 30);
    const char *site = number % 3 == 0 ? "b.example" : "a.example";
    const char *path = apr_psprintf(unit_pool, "/%d", number);
    apr_int64_t start = random_start(site);
    if (random_chance(&random_numbers, 40)) {
        int word = random_below(&random_numbers, USAGE_OUTCOMES);
        return event_key(site, "outcome",
                         usage_outcome_word((usage_outcome_e)word), start);
    }
    if (random_chance(&random_numbers, 10)) {
        return event_key("c.example", "clicks", path, start);
    }
    if (random_chance(&random_numbers, 40)) {
        return random_event(site, number, start);
    }
    usage_key_t key = view_key(site, path, start);
    key.device = random_below(&random_numbers, USAGE_DEVICES);
    key.browser = random_below(&random_numbers, USAGE_BROWSERS);
    key.system = random_below(&random_numbers, USAGE_SYSTEMS);
    return key;
}

static inline void count_some(int times)
{
    for (int i = 0; i < times; i++, length++) {
        entries[length].key = random_key();
        entries[length].values = random_values(&random_numbers);
        count_key(&memory, &entries[length].key, &entries[length].values, now);
    }
}

static inline apr_status_t flush_through(memory_store_t *through)
{
    usage_flush_report_t report;
    usage_flush_t flush = { .memory = &memory,
                            .store = &through->store,
                            .node = node,
                            .zones = zones,
                            .now = now };
    return usage_flush_run(&flush, &report, unit_pool);
}

static inline void flush_well(void)
{
    ck_assert_int_eq(flush_through(&store), APR_SUCCESS);
}

/* A flush whose flusher dies at its commit. */
static inline void flush_and_die(memory_trouble_e trouble)
{
    jmp_buf death;
    store.death = &death;
    memory_store_order(&store, trouble, MEMORY_COMMIT, 0);
    if (setjmp(death) == 0) {
        flush_through(&store);
        ck_abort_msg("it did not die");
    }
    memory_state_recover(state);
    memory_store_order(&store, MEMORY_NO_TROUBLE, 0, 0);
}

static inline usage_query_t query_of(const char *site, int period)
{
    usage_query_t query;
    const char *problem;
    const char *args =
        apr_psprintf(unit_pool, "site=%s&period=%s&limit=10000", site,
                     usage_period_word((usage_period_e)period));
    usage_page_t page = { .zones = zones, .zone = &usage_zone_utc, .now = now };
    ck_assert_int_eq(
        usage_query_parse(args, &page, &query, &problem, unit_pool),
        APR_SUCCESS);
    return query;
}

static inline usage_model_t read_model(usage_query_t *query,
                                       usage_store_t *from)
{
    usage_model_t model;
    usage_source_t source = {
        .store = from, .memory = &memory, .node = node, .version = "1.2.3"
    };
    usage_model_read(&source, query, &model, unit_pool);
    return model;
}

/* What the model should have: sums by "panel|name", of the log from a place. */

static inline void expect(apr_hash_t *sums, const char *panel, const char *name,
                          const usage_values_t *values)
{
    sum_into(sums, apr_pstrcat(unit_pool, panel, "|", name, NULL), values);
}

/* A page's visitors are not its site's. */
static inline usage_values_t of_site(const usage_values_t *values)
{
    usage_values_t its = *values;
    its.of[USAGE_VISITORS] = 0;
    return its;
}

/* The start of an interval in the database, in the zone of the key's site. */
static inline apr_int64_t start_of(const usage_key_t *key, usage_grain_e grain)
{
    return usage_zone_start(usage_zones_of(zones, key->site), key->start, grain,
                            HOUR);
}

static inline void expect_view(apr_hash_t *sums, const usage_query_t *query,
                               const usage_key_t *key,
                               const usage_values_t *values)
{
    apr_int64_t start = start_of(key, query->grain);
    if (query->grain == USAGE_GRAIN_BASE) {
        start = usage_zone_base(query->zone, start, HOUR);
    }
    usage_values_t some = views(values->of[USAGE_VIEWS]);
    usage_values_t its = of_site(values);
    expect(sums, "period", "", &its);
    expect(sums, "points", apr_psprintf(unit_pool, "%ld", (long)start), &its);
    expect(sums, "pages", key->name.data, values);
    expect(sums, "devices", usage_device_word(key->device), &some);
    expect(sums, "browsers", usage_browser_word(key->browser), &some);
    expect(sums, "systems", usage_system_word(key->system), &some);
}

static inline void expect_event(apr_hash_t *sums, const usage_key_t *key,
                                apr_int64_t count)
{
    const usage_values_t some = views(count);
    int i = 0;
    while (strcmp(ledger_panels[i].category, key->category.data) != 0) {
        i++;
    }
    bool is_link = strcmp(key->category.data, "not-found") == 0;
    expect(sums, ledger_panels[i].names,
           apr_pstrcat(unit_pool, key->name.data + (is_link ? 10 : 0),
                       ledger_panels[i].kind, NULL),
           &some);
    if (ledger_panels[i].kinds != NULL) {
        expect(sums, ledger_panels[i].kinds, ledger_panels[i].kind, &some);
    }
}

static inline void expect_one(apr_hash_t *sums, const usage_query_t *query,
                              const usage_key_t *key,
                              const usage_values_t *values)
{
    apr_int64_t start = start_of(key, query->grain);
    apr_int64_t day = start_of(key, USAGE_GRAIN_DAY);
    apr_int64_t today = DAY * usage_zone_date(query->zone, now);
    bool is_view = key->kind == USAGE_KIND_VIEW;
    if (*query->site != '\0' && strcmp(query->site, key->site.data) != 0) {
        return;
    }
    if (is_view && (day == today || day == today - DAY)) {
        usage_values_t its = of_site(values);
        expect(sums, day == today ? "today" : "yesterday", "", &its);
    }
    if (start < query->from || start >= query->to) {
        return;
    }
    if (is_view) {
        expect_view(sums, query, key, values);
    }
    else if (strcmp(key->category.data, "outcome") == 0) {
        usage_values_t some = views(values->of[USAGE_VIEWS]);
        expect(sums, "outcomes", key->name.data, &some);
    }
    else {
        expect_event(sums, key, values->of[USAGE_VIEWS]);
    }
}

static inline apr_hash_t *expected(const usage_query_t *query, int from)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    for (int i = from; i < length; i++) {
        expect_one(sums, query, &entries[i].key, &entries[i].values);
    }
    return sums;
}

/* Of what the database counts by views alone, the rest is the live part's. */
static inline void find_ranking(apr_hash_t *sums, const char *panel,
                                const usage_ranking_t *ranking, bool has_all)
{
    apr_int64_t sum = 0;
    for (int i = 0; i < ranking->count; i++) {
        const usage_ranked_t *row = &ranking->rows[i];
        usage_values_t some = views(row->values.of[USAGE_VIEWS]);
        const char *note = row->note != NULL ? row->note : "";
        expect(sums, panel, apr_pstrcat(unit_pool, row->name, note, NULL),
               has_all ? &row->values : &some);
        sum += row->values.of[USAGE_VIEWS];
    }
    ck_assert_int_eq(sum, ranking->sum);
    ck_assert_int_eq(ranking->count, ranking->distinct);
}

static inline apr_hash_t *found(const usage_model_t *model)
{
    apr_hash_t *sums = apr_hash_make(unit_pool);
    expect(sums, "period", "", &model->period);
    expect(sums, "today", "", &model->today);
    expect(sums, "yesterday", "", &model->yesterday);
    for (int i = 0; i < model->points_count; i++) {
        const usage_point_t *point = &model->points[i];
        expect(sums, "points",
               apr_psprintf(unit_pool, "%ld", (long)point->start),
               &point->values);
    }
    find_ranking(sums, "pages", &model->pages, true);
    find_ranking(sums, "devices", &model->devices, false);
    find_ranking(sums, "browsers", &model->browsers, false);
    find_ranking(sums, "systems", &model->systems, false);
    find_ranking(sums, "outcomes", &model->outcomes, false);
    for (int i = 0; i < usage_catalog_count; i++) {
        find_ranking(sums, usage_catalog[i].id, &model->events[i], false);
    }
    return sums;
}

static inline void begin(int seed)
{
    random_numbers = random_make(seed);
    count_some(300);
}

#endif
