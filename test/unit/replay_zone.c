/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells what the engine makes of time zones, for test_zones.py, which knows
 * what it should.
 *
 *   in:   zone   name  interval               the zone of what follows
 *         spans                               out: from  offset ...
 *         walk   from  until                  out: start  day ...
 *         at     time  out: offset  date  day  next day  base  next base  again
 *
 * Fields are parted by tabs; each question is answered in one line. `walk`
 * asks a clock for each base interval from that of `from` on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>

#include "engine/clock.h"
#include "engine/zone_read.h"

#define FIELDS 3

static usage_clock_t at;
static apr_pool_t *pool;

static int split(char *line, char *fields[FIELDS])
{
    int count = 0;
    line[strcspn(line, "\n")] = '\0';
    while (line != NULL && count < FIELDS) {
        fields[count++] = strsep(&line, "\t");
    }
    return count;
}

static void set_zone(char *fields[FIELDS])
{
    atomic_store(&at.word, 0);
    at.interval = atoll(fields[2]);
    apr_status_t rv = usage_zone_read(fields[1], &at.zone, pool);
    if (rv != APR_SUCCESS) {
        fprintf(stderr, "replay_zone: no zone %s\n", fields[1]);
        exit(EXIT_FAILURE);
    }
}

static void print_spans(void)
{
    for (int i = 0; i < at.zone->count; i++) {
        printf("%lld\t%lld%c", (long long)at.zone->spans[i].from,
               (long long)at.zone->spans[i].offset,
               i + 1 < at.zone->count ? '\t' : '\n');
    }
}

static void walk(apr_int64_t from, apr_int64_t until)
{
    apr_int64_t time = usage_zone_base(at.zone, from, at.interval);
    while (time < until) {
        usage_moment_t moment = usage_clock_at(&at, time);
        printf("%lld\t%lld\t", (long long)moment.start, (long long)moment.day);
        time = usage_zone_base_next(at.zone, time, at.interval);
    }
    printf("%lld\n", (long long)time);
}

static void print_at(apr_int64_t time)
{
    printf("%lld\t%lld\t%lld\t%lld\t%lld\t%lld\t%d\n",
           (long long)usage_zone_offset(at.zone, time),
           (long long)usage_zone_date(at.zone, time),
           (long long)usage_zone_day(at.zone, time),
           (long long)usage_zone_day_next(at.zone, time),
           (long long)usage_clock_at(&at, time).start,
           (long long)usage_zone_base_next(at.zone, time, at.interval),
           (int)usage_zone_is_repeated(at.zone, time));
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    char *fields[FIELDS];
    apr_initialize();
    apr_pool_create(&pool, NULL);
    while (getline(&line, &size, stdin) > 0) {
        int count = split(line, fields);
        if (count == 3 && strcmp(fields[0], "zone") == 0) {
            set_zone(fields);
        }
        else if (count == 1 && strcmp(fields[0], "spans") == 0) {
            print_spans();
        }
        else if (count == 3 && strcmp(fields[0], "walk") == 0) {
            walk(atoll(fields[1]), atoll(fields[2]));
        }
        else if (count == 2 && strcmp(fields[0], "at") == 0) {
            print_at(atoll(fields[1]));
        }
        else {
            return EXIT_FAILURE;
        }
    }
    free(line);
    apr_terminate();
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
