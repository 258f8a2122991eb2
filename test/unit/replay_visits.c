/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts histories of views as the module would, in a segment of its own, with
 * a flush each minute, and prints what came of them: for test_visits.py, which
 * knows what should.
 *
 *   in:   history  slots  visitors  window  interval  paths  zone
 *         time  site  address  agent  path        (in the order of arrival)
 *   out:  view   start  site  path  device  browser  system  counters...
 *         total  start  site  counters...         (day and month as well)
 *         end
 *
 * Fields are parted by tabs. With the argument `agents`, it reads an agent a
 * line and prints the device, the browser and the system of each.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/mman.h>

#include <apr_general.h>

#include "engine/batch.h"
#include "engine/grain.h"
#include "engine/hit.h"
#include "engine/intern.h"
#include "engine/path.h"
#include "engine/zone_read.h"

#define FIELDS 7
#define VIEW   5
#define MINUTE 60
#define IDLE   7200

/* Seconds that a view may be late, in spite of which the page of the view
 * before must be told. */
#define LATEST 600

/* One history, while it is counted. */
typedef struct history_t {
    apr_pool_t *pool;
    usage_geometry_t geometry;
    apr_int64_t window;
    usage_clock_t clock;
    usage_zones_t *zones;
    apr_uint32_t paths;
    usage_memory_t memory;
    apr_int64_t tick; /* when the flusher ran last, 0: not yet */
    apr_int64_t batch;
    bool is_changed; /* since the last flush */
    apr_array_header_t *counts; /* of all batches */
} history_t;

__attribute__((noreturn, format(printf, 1, 2))) static void
die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("replay_visits: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

static long long number_of(const char *field)
{
    char *end;
    long long number = strtoll(field, &end, 10);
    if (end == field || *end != '\0') {
        die("'%s' is no number", field);
    }
    return number;
}

/* Split a line at its tabs: @return how many fields it has. */
static int split(char *line, char *fields[FIELDS])
{
    int count = 0;
    line[strcspn(line, "\n")] = '\0';
    while (line != NULL && count < FIELDS) {
        fields[count++] = strsep(&line, "\t");
    }
    return line == NULL ? count : 0;
}

static usage_text_t text_of(const char *text)
{
    return (usage_text_t){ text, strlen(text) };
}

/* No chance in it, so that a run can be repeated. */
static apr_status_t fixed_random(unsigned char *bytes, apr_size_t length)
{
    static unsigned next;
    for (apr_size_t i = 0; i < length; i++) {
        next = next * 1103515245 + 12345;
        bytes[i] = (unsigned char)(next >> 16);
    }
    return APR_SUCCESS;
}

static void begin(history_t *history, char **fields)
{
    *history = (history_t){
        .geometry = { .slots = (apr_uint32_t)number_of(fields[1]),
                      .visitors = (apr_uint32_t)number_of(fields[2]) },
        .window = number_of(fields[3]),
        .clock = { .interval = number_of(fields[4]) },
        .paths = (apr_uint32_t)number_of(fields[5]),
    };
    apr_pool_create(&history->pool, NULL);
    if (usage_zone_read(fields[6], &history->clock.zone, history->pool)
        != APR_SUCCESS) {
        die("there is no zone %s", fields[6]);
    }
    history->zones = usage_zones_make(history->clock.interval,
                                      history->clock.zone, history->pool);
    history->counts = apr_array_make(history->pool, 64, sizeof(usage_count_t));
}

static void keep_salts(history_t *history, apr_int64_t now)
{
    usage_salts_need_t need = { .zones = history->zones,
                                .now = now,
                                .window = history->window };
    if (usage_salts_keep(&history->memory.header->salts, &need, fixed_random)
        != APR_SUCCESS) {
        die("no salt");
    }
}

/* The segment is made when the first view tells what time it is; its salts are
 * those of a server that has been there for a window. */
static void open_at(history_t *history, apr_int64_t now)
{
    void *base =
        mmap(NULL, usage_memory_size(&history->geometry),
             PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        die("no memory");
    }
    usage_memory_create(&history->memory, base, &history->geometry, 0x5eed,
                        now);
    history->tick = now - now % MINUTE;
    keep_salts(history, now - history->window);
    keep_salts(history, now);
}

/* What a flush does when the database takes everything. */
static void flush(history_t *history)
{
    int lost;
    apr_array_header_t *counts =
        usage_batch_take(&history->memory, "node.example", ++history->batch,
                         &lost, history->pool);
    if (lost > 0) {
        die("%d slots are lost", lost);
    }
    apr_array_cat(history->counts, counts);
    usage_batch_mark(&history->memory);
    history->is_changed = false;
}

/* What the parent and its flusher do each minute, up to @a now; seldom while
 * nobody comes for long. */
static void tick(history_t *history, apr_int64_t now)
{
    while (history->tick + MINUTE <= now) {
        bool is_idle = history->tick + IDLE < now && !history->is_changed;
        history->tick += is_idle ? 10 * MINUTE : MINUTE;
        keep_salts(history, history->tick);
        if (history->is_changed) {
            flush(history);
        }
        usage_recycle_t recycle = { .interval = history->clock.interval,
                                    .window = history->window + LATEST,
                                    .now = history->tick };
        usage_batch_recycle(&history->memory, &recycle);
    }
}

static void count(history_t *history, char **fields)
{
    unsigned char address[16];
    bool is_v6 = strchr(fields[2], ':') != NULL;
    usage_agent_t agent = usage_agent_classify(fields[3], strlen(fields[3]));
    usage_host_t host = {
        .site = text_of(fields[1]),
        .key = usage_site_key(text_of(fields[1])),
        .clock = &history->clock,
        .window = history->window,
        .paths = history->paths,
        .mask = { .v4 = 24, .v6 = 48 },
    };
    usage_hit_t hit = {
        .host = &host,
        .time = number_of(fields[0]),
        .outcome = USAGE_OUTCOME_VIEW,
        .path = text_of(fields[4]),
        .agent = usage_agent_pack(&agent),
        .visitor = { .address = address, .address_length = is_v6 ? 16 : 4 },
    };
    if (inet_pton(is_v6 ? AF_INET6 : AF_INET, fields[2], address) != 1) {
        die("'%s' is no address", fields[2]);
    }
    if (history->tick == 0) {
        open_at(history, hit.time);
    }
    tick(history, hit.time);
    const usage_header_t *header = history->memory.header;
    hit.path_hash =
        usage_secret_hash(&header->secret, hit.path.data, hit.path.length);
    hit.visitor.agent =
        usage_secret_hash(&header->salts.agents, fields[3], strlen(fields[3]));
    usage_hit_count(&history->memory, &hit);
    history->is_changed = true;
}

static void print_rows(const history_t *history, const char *word,
                       usage_fact_e fact, usage_grain_e grain)
{
    apr_array_header_t *rows =
        usage_grain_rows(history->counts, fact, grain, history->zones,
                         history->tick, history->pool);
    for (int i = 0; i < rows->nelts; i++) {
        const usage_row_t *row = &APR_ARRAY_IDX(rows, i, usage_row_t);
        bool is_view = fact == USAGE_FACT_VIEW;
        printf("%s\t%lld\t%s", word, (long long)row->start, row->site);
        if (is_view) {
            printf("\t%s\t%s\t%s\t%s", row->name, row->device, row->browser,
                   row->system);
        }
        for (int j = 0; j < USAGE_COUNTERS; j++) {
            printf("\t%lld", (long long)row->values.of[j]);
        }
        putchar('\n');
    }
}

static void finish(history_t *history)
{
    if (history->tick != 0) {
        flush(history);
        usage_intern(history->counts, history->pool);
        print_rows(history, "view", USAGE_FACT_VIEW, USAGE_GRAIN_BASE);
        print_rows(history, "total", USAGE_FACT_TOTAL, USAGE_GRAIN_BASE);
        print_rows(history, "day", USAGE_FACT_TOTAL, USAGE_GRAIN_DAY);
        print_rows(history, "month", USAGE_FACT_TOTAL, USAGE_GRAIN_MONTH);
        munmap(history->memory.header, usage_memory_size(&history->geometry));
    }
    puts("end");
    apr_pool_destroy(history->pool);
    history->pool = NULL;
}

static void replay(char *line, size_t size)
{
    history_t history = { 0 };
    char *fields[FIELDS];
    while (getline(&line, &size, stdin) > 0) {
        int found = split(line, fields);
        if (found == FIELDS && strcmp(fields[0], "history") == 0) {
            if (history.pool != NULL) {
                finish(&history);
            }
            begin(&history, fields);
        }
        else if (found == VIEW && history.pool != NULL) {
            count(&history, fields);
        }
        else {
            die("a line is neither a history nor a view");
        }
    }
    if (history.pool != NULL) {
        finish(&history);
    }
    free(line);
}

static void print_agents(char *line, size_t size)
{
    while (getline(&line, &size, stdin) > 0) {
        usage_agent_t agent = usage_agent_classify(line, strcspn(line, "\n"));
        printf("%s\t%s\t%s\n", usage_device_word((int)agent.device),
               usage_browser_word((int)agent.browser),
               usage_system_word((int)agent.system));
    }
    free(line);
}

int main(int argc, char **argv)
{
    apr_initialize();
    if (argc == 2 && strcmp(argv[1], "agents") == 0) {
        print_agents(NULL, 0);
    }
    else {
        replay(NULL, 0);
    }
    apr_terminate();
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
