/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments with salts, and views of them, for tests of visitors and visits.
 */
#ifndef VISITS_H
#define VISITS_H

#include <string.h>
#include <sys/mman.h>

#include <apr_strings.h>
#include <check.h>

#include "engine/batch.h"
#include "engine/hit.h"
#include "engine/memory.h"
#include "unit.h"
#include "zoned.h"

#define HOUR   3600
#define DAY    86400
#define WINDOW 1800 /* seconds of a visit's longest gap */

/* 2026-07-14 00:00 */
#define MIDNIGHT APR_INT64_C(1783987200)

/** A usage_random_fn without any chance in it: 0, 1, 2 and so on. */
static inline apr_status_t visits_random(unsigned char *bytes,
                                         apr_size_t length)
{
    static unsigned char next;
    for (apr_size_t i = 0; i < length; i++) {
        bytes[i] = next++;
    }
    return APR_SUCCESS;
}

static inline void visits_keep_salts(const usage_memory_t *memory,
                                     apr_int64_t now)
{
    usage_salts_need_t need = { .zones = all_utc(HOUR, unit_pool),
                                .now = now,
                                .window = WINDOW };
    ck_assert_int_eq(
        usage_salts_keep(&memory->header->salts, &need, visits_random),
        APR_SUCCESS);
}

/** A segment that forked processes share, with the salts of @a now. */
static inline usage_memory_t visits_segment(const usage_geometry_t *geometry,
                                            apr_int64_t now)
{
    usage_memory_t memory;
    void *base = mmap(NULL, usage_memory_size(geometry), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(base, MAP_FAILED);
    usage_memory_create(&memory, base, geometry, APR_UINT64_C(0x5eed), now);
    visits_keep_salts(&memory, now);
    return memory;
}

static inline usage_text_t text_of(const char *text)
{
    return (usage_text_t){ text, strlen(text) };
}

/** The virtual host of an hourly counted site: one for each name. */
static inline usage_host_t *visits_host(const char *site)
{
    enum { HOSTS = 16 };
    static usage_host_t hosts[HOSTS];
    static usage_clock_t clock = { .zone = &usage_zone_utc, .interval = HOUR };
    usage_text_t name = text_of(site);
    usage_host_t *host = &hosts[usage_site_key(name) % HOSTS];
    *host = (usage_host_t){ .site = name,
                            .key = usage_site_key(name),
                            .clock = &clock,
                            .window = WINDOW,
                            .paths = 5000,
                            .mask = { .v4 = 24, .v6 = 48 } };
    return host;
}

/** A number for a text, as good as the hash under a secret. */
static inline apr_uint64_t visits_hash(const char *text)
{
    static usage_secret_t secret;
    usage_secret_make(&secret, APR_UINT64_C(0x5eed));
    return usage_secret_hash(&secret, text, strlen(text));
}

/** A view of an hourly counted site by an agent at a fixed address. */
static inline usage_hit_t visits_view(const char *site, const char *agent,
                                      const char *path, apr_int64_t time)
{
    static const unsigned char address[4] = { 192, 0, 2, 1 };
    usage_agent_t opera = { .device = USAGE_DEVICE_MOBILE,
                            .browser = USAGE_BROWSER_OPERA,
                            .system = USAGE_SYSTEM_BSD };
    return (usage_hit_t){ .host = visits_host(site),
                          .outcome = USAGE_OUTCOME_VIEW,
                          .time = time,
                          .path = text_of(path),
                          .path_hash = visits_hash(path),
                          .agent = usage_agent_pack(&opera),
                          .visitor = { .address = address,
                                       .address_length = sizeof address,
                                       .agent = visits_hash(agent) } };
}

/** What a key counted, in both tables together, whatever was flushed. */
typedef struct visits_sum_t {
    usage_kind_e kind;
    const char *site;
    const char *category; /**< NULL for all */
    const char *name; /**< NULL for all */
    apr_int64_t start; /**< -1 for all */
    usage_values_t values;
} visits_sum_t;

static inline bool visits_is(usage_text_t text, const char *name)
{
    return name == NULL
           || (strlen(name) == text.length
               && memcmp(text.data, name, text.length) == 0);
}

static inline void visits_sum_add(void *baton, const usage_count_t *count)
{
    visits_sum_t *sum = baton;
    if (count->key.kind == sum->kind && visits_is(count->key.site, sum->site)
        && visits_is(count->key.category, sum->category)
        && visits_is(count->key.name, sum->name)
        && (sum->start == -1 || sum->start == count->key.start)) {
        usage_values_add(&sum->values, &count->values);
    }
}

/** The counters of a site's path (NULL: of all) in one interval (-1: all). */
static inline usage_values_t visits_of(const usage_memory_t *memory,
                                       const char *site, const char *path,
                                       apr_int64_t start)
{
    visits_sum_t sum = {
        .kind = USAGE_KIND_VIEW, .site = site, .name = path, .start = start
    };
    ck_assert(usage_batch_read(memory, 0, usage_batch_revision(memory),
                               visits_sum_add, &sum));
    return sum.values;
}

/** The visitors of a site in one interval (-1: in all). */
static inline apr_int64_t visitors_of(const usage_memory_t *memory,
                                      const char *site, apr_int64_t start)
{
    visits_sum_t sum = { .kind = USAGE_KIND_SITE,
                         .site = site,
                         .start = start };
    ck_assert(usage_batch_read(memory, 0, usage_batch_revision(memory),
                               visits_sum_add, &sum));
    return sum.values.of[USAGE_VISITORS];
}

/** How often an event of a site was counted. */
static inline apr_int64_t events_of(const usage_memory_t *memory,
                                    const char *site, const char *category,
                                    const char *name)
{
    visits_sum_t sum = { .kind = USAGE_KIND_EVENT,
                         .site = site,
                         .category = category,
                         .name = name,
                         .start = -1 };
    ck_assert(usage_batch_read(memory, 0, usage_batch_revision(memory),
                               visits_sum_add, &sum));
    return sum.values.of[USAGE_VIEWS];
}

/** How many hits of a site had an outcome. */
static inline apr_int64_t outcomes_of(const usage_memory_t *memory,
                                      const char *site, const char *outcome)
{
    return events_of(memory, site, USAGE_OUTCOME_CATEGORY, outcome);
}

#endif
