/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A family of samples after the other: of sites, then of the server. The sites'
 * counters are those of the segment's lifetime (lifetime.h).
 */
#include "metrics.h"

#include <string.h>

#include "engine/batch.h"
#include "visible.h"
#include "words.h"

#define MILLI 1000

#define COUNTER "counter"

/* Sites, in order; the last may be all others. */
typedef struct counted_t {
    const char *name;
    usage_lifetime_site_t lifetime;
} counted_t;

typedef struct writing_t {
    usage_sink_t *sink;
    bool is_open;
    counted_t *sites;
    int count;
} writing_t;

static void put(usage_sink_t *sink, const char *text)
{
    usage_sink_raw(sink, text, strlen(text));
}

/* A label's value: what is left to escape after control characters. */
static void label_put(usage_sink_t *sink, const char *name, const char *value)
{
    usage_visible_t next;
    put(sink, name);
    put(sink, "=\"");
    while ((next = usage_visible_next(&value)).length > 0) {
        if (next.code == '"' || next.code == '\\') {
            put(sink, "\\");
        }
        usage_sink_raw(sink, next.data, next.length);
    }
    put(sink, "\"");
}

/* One line about a family; none of what is not known of it. */
static void fact_put(usage_sink_t *sink, const char *fact, const char *name,
                     const char *suffix, const char *value)
{
    if (value == NULL) {
        return;
    }
    put(sink, fact);
    put(sink, name);
    put(sink, suffix);
    put(sink, " ");
    put(sink, value);
    put(sink, "\n");
}

/* A counter's family has its samples' name in the older format. */
static void family(const writing_t *writing, const char *name, const char *type,
                   const char *unit, const char *help)
{
    usage_sink_t *sink = writing->sink;
    bool is_counter = strcmp(type, COUNTER) == 0;
    const char *suffix = is_counter && !writing->is_open ? "_total" : "";
    fact_put(sink, "# TYPE ", name, suffix, type);
    if (writing->is_open) {
        fact_put(sink, "# UNIT ", name, suffix, unit);
    }
    fact_put(sink, "# HELP ", name, suffix, help);
}

static void number_put(usage_sink_t *sink, apr_int64_t number)
{
    put(sink, " ");
    usage_words_number(sink, number);
    put(sink, "\n");
}

/* Thousandths of one. */
static void thousandths_put(usage_sink_t *sink, apr_int64_t number)
{
    const char digits[] = { '.', (char)('0' + number % MILLI / 100),
                            (char)('0' + number % 100 / 10),
                            (char)('0' + number % 10) };
    usage_words_number(sink, number / MILLI);
    usage_sink_raw(sink, digits, sizeof digits);
}

/* Of sites. */

static void hits_put(const writing_t *writing)
{
    usage_sink_t *sink = writing->sink;
    family(writing, "usage_hits", COUNTER, NULL,
           "Hits by what became of them, since the segment began.");
    for (int i = 0; i < writing->count; i++) {
        for (int j = 0; j < USAGE_OUTCOMES; j++) {
            put(sink, "usage_hits_total{");
            label_put(sink, "site", writing->sites[i].name);
            put(sink, ",");
            label_put(sink, "outcome", usage_outcome_word((usage_outcome_e)j));
            put(sink, "}");
            number_put(sink, writing->sites[i].lifetime.outcomes[j]);
        }
    }
}

typedef apr_int64_t site_value_fn(const usage_lifetime_site_t *site);

static apr_int64_t views_of(const usage_lifetime_site_t *site)
{
    return site->views;
}

static apr_int64_t visits_of(const usage_lifetime_site_t *site)
{
    return site->visits;
}

static apr_int64_t bytes_of(const usage_lifetime_site_t *site)
{
    return site->bytes;
}

static void counter_put(const writing_t *writing, const char *name,
                        site_value_fn *value)
{
    for (int i = 0; i < writing->count; i++) {
        put(writing->sink, name);
        put(writing->sink, "_total{");
        label_put(writing->sink, "site", writing->sites[i].name);
        put(writing->sink, "}");
        number_put(writing->sink, value(&writing->sites[i].lifetime));
    }
}

static void sites_put(const writing_t *writing)
{
    hits_put(writing);
    family(writing, "usage_views", COUNTER, NULL,
           "Views, since the segment began.");
    counter_put(writing, "usage_views", views_of);
    family(writing, "usage_visits", COUNTER, NULL,
           "Visits begun, since the segment began.");
    counter_put(writing, "usage_visits", visits_of);
    family(writing, "usage_view_bytes", COUNTER, "bytes",
           "Bytes of views' bodies, since the segment began.");
    counter_put(writing, "usage_view_bytes", bytes_of);
}

/* Of the server. */

static void histogram_put(const writing_t *writing,
                          const usage_latency_t *latency, apr_int64_t millis)
{
    usage_sink_t *sink = writing->sink;
    apr_int64_t views = 0;
    family(writing, "usage_view_duration_seconds", "histogram", "seconds",
           "Time until a view's response was generated.");
    for (int i = 0; i < USAGE_LATENCY_COUNTERS; i++) {
        views += atomic_load(&latency->views[i]);
        put(sink, "usage_view_duration_seconds_bucket{le=\"");
        if (i + 1 < USAGE_LATENCY_COUNTERS) {
            thousandths_put(sink, (apr_int64_t)1 << i);
        }
        else {
            put(sink, "+Inf");
        }
        put(sink, "\"}");
        number_put(sink, views);
    }
    put(sink, "usage_view_duration_seconds_count");
    number_put(sink, views);
    put(sink, "usage_view_duration_seconds_sum ");
    thousandths_put(sink, millis);
    put(sink, "\n");
}

static void gauge_put(const writing_t *writing, const char *name,
                      const char *unit, const char *help, apr_int64_t value)
{
    family(writing, name, "gauge", unit, help);
    put(writing->sink, name);
    number_put(writing->sink, value);
}

static void add_waiting(void *baton, const usage_count_t *count)
{
    if (count->key.kind == USAGE_KIND_VIEW) {
        *(apr_int64_t *)baton += count->values.of[USAGE_VIEWS];
    }
}

/* Views that no flush has written, or none that is known to. */
static apr_int64_t waiting_of(const usage_memory_t *memory)
{
    apr_int64_t waiting = 0;
    usage_batch_read(memory, -1, 0, add_waiting, &waiting);
    return waiting;
}

static void flushes_put(const writing_t *writing,
                        const usage_metrics_t *metrics)
{
    usage_sink_t *sink = writing->sink;
    const usage_header_t *header = metrics->memory->header;
    apr_int64_t last = atomic_load(&header->health.last);
    if (last != 0) {
        gauge_put(writing, "usage_flush_age_seconds", "seconds",
                  "Time since the last flush that went well.",
                  metrics->now > last ? metrics->now - last : 0);
    }
    gauge_put(writing, "usage_flush_failing", NULL,
              "1 while flushes fail, 0 while they go well.",
              atomic_load(&header->health.failing) != 0);
    family(writing, "usage_flush_failures", COUNTER, NULL,
           "Flushes that failed, since the segment began.");
    put(sink, "usage_flush_failures_total");
    number_put(sink, atomic_load(&header->health.failures));
    gauge_put(writing, "usage_batch_number", NULL,
              "Number of the last batch that was taken to be flushed.",
              atomic_load(&header->batch_number));
    gauge_put(writing, "usage_waiting_views", NULL,
              "Views that the database does not have yet.",
              waiting_of(metrics->memory));
}

static void fill_put(const writing_t *writing, const usage_memory_t *memory)
{
    usage_sink_t *sink = writing->sink;
    const usage_table_t *table = &memory->tables[usage_memory_active(memory)];
    family(writing, "usage_table_fill_ratio", "gauge", "ratio",
           "Part of the table of counters that is in use, 0 to 1.");
    put(sink, "usage_table_fill_ratio ");
    thousandths_put(sink, usage_table_fill(table));
    put(sink, "\n");
}

static void server_put(const writing_t *writing, const usage_metrics_t *metrics)
{
    usage_sink_t *sink = writing->sink;
    apr_int64_t millis = 0;
    for (int i = 0; i < writing->count; i++) {
        millis += writing->sites[i].lifetime.millis;
    }
    histogram_put(writing, &metrics->memory->header->latency, millis);
    fill_put(writing, metrics->memory);
    flushes_put(writing, metrics);
    family(writing, "usage_build_info", "gauge", NULL,
           "Always 1; which mod_usage this is, and of which server.");
    put(sink, "usage_build_info{");
    label_put(sink, "version", metrics->version);
    put(sink, ",");
    label_put(sink, "node", metrics->node);
    put(sink, "} 1\n");
}

static writing_t read_sites(const usage_metrics_t *metrics, apr_pool_t *pool,
                            usage_sink_t *sink)
{
    const apr_array_header_t *names = metrics->sites;
    int count =
        names->nelts < USAGE_METRICS_SITES ? names->nelts : USAGE_METRICS_SITES;
    counted_t *sites =
        apr_pcalloc(pool, (apr_size_t)(count + 1) * sizeof *sites);
    apr_hash_t *by_key = apr_hash_make(pool);
    for (int i = 0; i < count; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);
        usage_text_t text = { name, strlen(name) };
        sites[i].name = name;
        sites[i].lifetime.key = usage_site_key(text);
        apr_hash_set(by_key, &sites[i].lifetime.key, sizeof(apr_uint64_t),
                     &sites[i].lifetime);
    }
    sites[count].name = "";
    usage_lifetime_read(metrics->memory, by_key, &sites[count].lifetime);
    return (writing_t){ .sink = sink,
                        .is_open = metrics->is_open,
                        .sites = sites,
                        .count = metrics->is_whole ? count + 1 : count };
}

apr_status_t usage_metrics_render(const usage_metrics_t *metrics,
                                  apr_pool_t *pool, usage_sink_t *sink)
{
    const writing_t writing = read_sites(metrics, pool, sink);
    sites_put(&writing);
    if (metrics->is_whole) {
        server_put(&writing, metrics);
    }
    put(sink, "# EOF\n");
    return usage_sink_flush(sink);
}
