/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lets days pass: nodes count hits, flush them into a database and keep that,
 * at the times that stdin says; for test_days.py, which looks into the database
 * after each line, and knows what should be there.
 *
 *     replay_days DRIVER PARAMETERS NODE...
 *
 *   zone   site name                a site's time zone; before all else
 *   hit    node time site agent path    a view, in the order of time
 *   bot    node time site               a hit that is no view
 *   event  node time site category name
 *   flush  node time recent
 *   keep   node time recent rows ticks base day month events
 *          ticks: how often the clock is looked at until the time is over
 *          answered by the report, the most rows that a transaction deleted,
 *          and the longest time that one took, in microseconds
 *   die    calls    die at this call of the store's functions from now on
 *   wait   begins   say "waits" before this transaction from now on, and go on
 *          when the next line comes, whatever it says
 *
 * flush and keep answer by a line: "ok", and of keep what it did. Fields are
 * parted by tabs. All nodes have the same salts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <apr_dbd.h>
#include <apr_general.h>

#include "engine/flush.h"
#include "engine/keep.h"
#include "engine/retention.h"
#include "mortal.h"
#include "store_dbd.h"
#include "visits.h"

enum { FIELDS = 11, NODES = 8 };

typedef struct node_t {
    const char *name;
    usage_memory_t memory;
    bool is_open;
} node_t;

static node_t nodes[NODES];
static apr_pool_t *lasting;
static usage_store_t *store;
static apr_time_t ticks;

__attribute__((noreturn)) static void die(const char *problem)
{
    fprintf(stderr, "replay_days: %s\n", problem);
    exit(EXIT_FAILURE);
}

static const apr_dbd_driver_t *found;
static apr_dbd_t *handle;

static void open_store(const char *driver, const char *params)
{
    const char *problem = NULL;
    if (apr_dbd_init(lasting) != APR_SUCCESS
        || apr_dbd_get_driver(lasting, driver, &found) != APR_SUCCESS
        || apr_dbd_open_ex(found, lasting, params, &handle, &problem)
               != APR_SUCCESS) {
        die(problem != NULL ? problem : "no database");
    }
    store = usage_store_dbd_make(
        usage_connection_make(found, handle, NULL, lasting), "test");
    count_calls(store);
}

/* Sites. */

static usage_zones_t *zones;
static apr_hash_t *clocks; /* site -> usage_clock_t */

static void set_zone(char **field)
{
    usage_clock_t *clock = apr_pcalloc(lasting, sizeof *clock);
    const char *site = apr_pstrdup(lasting, field[1]);
    clock->interval = HOUR;
    if (usage_zone_read(field[2], &clock->zone, lasting) != APR_SUCCESS) {
        die("no such zone");
    }
    usage_zones_set(zones, text_of(site), clock->zone);
    apr_hash_set(clocks, site, APR_HASH_KEY_STRING, clock);
}

static usage_clock_t *clock_of(const char *site)
{
    usage_clock_t *clock = apr_hash_get(clocks, site, APR_HASH_KEY_STRING);
    if (clock == NULL) {
        die("a site without a zone");
    }
    return clock;
}

/* Nodes. */

static node_t *node_of(const char *name)
{
    for (int i = 0; i < NODES && nodes[i].name != NULL; i++) {
        if (strcmp(nodes[i].name, name) == 0) {
            return &nodes[i];
        }
    }
    die("no such node");
}

static apr_status_t no_random(unsigned char *bytes, apr_size_t length)
{
    memset(bytes, 0, length);
    return APR_SUCCESS;
}

/* All nodes have the same salt for a day. */
static void keep_salts(node_t *node, apr_int64_t now)
{
    usage_salts_t *salts = &node->memory.header->salts;
    usage_salts_need_t need = { .zones = zones, .now = now, .window = WINDOW };
    usage_salts_keep(salts, &need, no_random);
    for (int i = 0; i < USAGE_SALTS; i++) {
        apr_int64_t day = salts->of[i].day;
        memcpy(salts->of[i].key, &day, sizeof day);
    }
}

/* The segment is made when it is known what time it is. */
static node_t *node_at(const char *name, apr_int64_t now)
{
    static const usage_geometry_t geometry = { .slots = 1024,
                                               .visitors = 16384 };
    node_t *node = node_of(name);
    if (!node->is_open) {
        void *base =
            mmap(NULL, usage_memory_size(&geometry), PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (base == MAP_FAILED) {
            die("no memory");
        }
        usage_memory_create(&node->memory, base, &geometry, 0x5eed, now);
        node->is_open = true;
    }
    keep_salts(node, now);
    return node;
}

static void count_hit(char **field, usage_outcome_e outcome)
{
    apr_int64_t time = apr_atoi64(field[2]);
    node_t *node = node_at(field[1], time);
    bool is_view = outcome == USAGE_OUTCOME_VIEW;
    usage_hit_t hit = visits_view(field[3], is_view ? field[4] : "",
                                  is_view ? field[5] : "/", time);
    usage_host_t host = *hit.host;
    host.clock = clock_of(field[3]);
    hit.host = &host;
    hit.outcome = outcome;
    usage_hit_count(&node->memory, &hit);
}

static void count_event(char **field)
{
    apr_int64_t time = apr_atoi64(field[2]);
    node_t *node = node_at(field[1], time);
    usage_values_t one = { .of = { [USAGE_VIEWS] = 1 } };
    usage_key_t key = { .kind = USAGE_KIND_EVENT,
                        .start = usage_clock_at(clock_of(field[3]), time).start,
                        .site = text_of(field[3]),
                        .category = text_of(field[4]),
                        .name = text_of(field[5]) };
    usage_table_t *table =
        &node->memory.tables[usage_memory_active(&node->memory)];
    usage_slot_t *slot = usage_table_slot(table, &key, USAGE_CLAIM_ORDINARY);
    if (slot == NULL) {
        die("no room for an event");
    }
    usage_slot_add(slot, &one);
}

static void flush(char **field, apr_pool_t *pool)
{
    node_t *node = node_at(field[1], apr_atoi64(field[2]));
    usage_flush_report_t report;
    usage_flush_t flush = { .memory = &node->memory,
                            .store = store,
                            .node = node->name,
                            .zones = zones,
                            .window = WINDOW,
                            .recent = apr_atoi64(field[3]),
                            .now = apr_atoi64(field[2]) };
    if (usage_flush_run(&flush, &report, pool) != APR_SUCCESS) {
        die(report.problem);
    }
    puts("ok");
}

static apr_time_t tick(void)
{
    return ++ticks;
}

static void keep(char **field, apr_pool_t *pool)
{
    usage_retain_t retain = {
        .of = { apr_atoi64(field[6]), apr_atoi64(field[7]),
                apr_atoi64(field[8]), apr_atoi64(field[9]) }
    };
    usage_keep_report_t report;
    usage_keep_t keep = { .store = store,
                          .node = node_of(field[1])->name,
                          .retain = &retain,
                          .window = WINDOW,
                          .now = apr_atoi64(field[2]),
                          .recent = apr_atoi64(field[3]),
                          .rows = (int)apr_atoi64(field[4]),
                          .until = ticks + apr_atoi64(field[5]),
                          .clock = tick };
    most = 0;
    longest = 0;
    if (store->prepare(store) != APR_SUCCESS
        || usage_keep_run(&keep, &report, pool) != APR_SUCCESS) {
        die(store->error(store));
    }
    printf("ok\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%ld\n", report.is_mine,
           report.is_doubted, report.is_complete, report.closed, report.folded,
           report.dropped, report.freed, report.pieces, most, (long)longest);
}

static void obey(char **field, int count, apr_pool_t *pool)
{
    const char *word = field[0];
    if (strcmp(word, "zone") == 0 && count == 3) {
        set_zone(field);
    }
    else if (strcmp(word, "hit") == 0 && count == 6) {
        count_hit(field, USAGE_OUTCOME_VIEW);
    }
    else if (strcmp(word, "bot") == 0 && count == 4) {
        count_hit(field, USAGE_OUTCOME_BOT);
    }
    else if (strcmp(word, "event") == 0 && count == 6) {
        count_event(field);
    }
    else if (strcmp(word, "flush") == 0 && count == 4) {
        flush(field, pool);
    }
    else if (strcmp(word, "keep") == 0 && count == 10) {
        keep(field, pool);
    }
    else if (strcmp(word, "die") == 0 && count == 2) {
        calls_left = (long)apr_atoi64(field[1]);
    }
    else if (strcmp(word, "wait") == 0 && count == 2) {
        begins_left = (long)apr_atoi64(field[1]);
    }
    else {
        die("a line is no order");
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t size = 0;
    apr_initialize();
    apr_pool_create(&lasting, NULL);
    zones = usage_zones_make(HOUR, &usage_zone_utc, lasting);
    clocks = apr_hash_make(lasting);
    for (int i = 3; i < argc && i < 3 + NODES - 1; i++) {
        nodes[i - 3].name = argv[i];
    }
    if (argc < 4) {
        die("no database, or no node");
    }
    open_store(argv[1], argv[2]);
    while (getline(&line, &size, stdin) > 0) {
        char *field[FIELDS] = { NULL };
        char *rest = line;
        int count = 0;
        apr_pool_t *pool;
        line[strcspn(line, "\n")] = '\0';
        while (rest != NULL && count < FIELDS) {
            field[count++] = strsep(&rest, "\t");
        }
        apr_pool_create(&pool, lasting);
        obey(field, count, pool);
        apr_pool_destroy(pool);
    }
    free(line);
    apr_dbd_close(found, handle);
    apr_terminate();
    return EXIT_SUCCESS;
}
