/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C library tells offsets, but not when they change: so it is asked for
 * each week of the years in question, and where two differ, for the second.
 * (No zone goes and comes back within a week.) An unknown name is UTC to it,
 * so the file of the zone is looked for first, and then given to it by its
 * path.
 */
#include "zone_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <apr_file_info.h>
#include <apr_strings.h>
#include <apr_tables.h>

#define WEEK   (7 * 86400)
#define FOLDER "/usr/share/zoneinfo"
#define MAGIC  "TZif"

const char *usage_zone_folder(void)
{
    const char *folder = getenv("TZDIR");
    return folder != NULL && *folder != '\0' ? folder : FOLDER;
}

/* Names of zones: no path can leave the folder by one. */
static bool is_name(const char *name)
{
    apr_size_t length = strlen(name);
    return length > 0 && length < 100 && strstr(name, "..") == NULL
           && name[0] != '/'
           && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_/"
                           "abcdefghijklmnopqrstuvwxyz")
                  == length;
}

static bool has_magic(const char *path)
{
    char magic[sizeof MAGIC - 1];
    FILE *file = fopen(path, "rb");
    bool is_good = file != NULL && fread(magic, sizeof magic, 1, file) == 1
                   && memcmp(magic, MAGIC, sizeof magic) == 0;
    if (file != NULL) {
        fclose(file);
    }
    return is_good;
}

static apr_status_t find_file(const char *name, const char **path,
                              apr_pool_t *pool)
{
    apr_finfo_t info;
    const char *folder = usage_zone_folder();
    if (apr_stat(&info, folder, APR_FINFO_TYPE, pool) != APR_SUCCESS) {
        return APR_ENODIR;
    }
    *path = apr_pstrcat(pool, folder, "/", name, NULL);
    return is_name(name) && has_magic(*path) ? APR_SUCCESS : APR_ENOENT;
}

static void set_rules(const char *rules)
{
    if (rules != NULL) {
        setenv("TZ", rules, 1);
    }
    else {
        unsetenv("TZ");
    }
    tzset();
}

static apr_int64_t offset_at(apr_int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    return localtime_r(&time, &parts) != NULL ? parts.tm_gmtoff : 0;
}

/* The first second after @a low that has the offset of @a high. */
static apr_int64_t change_between(apr_int64_t low, apr_int64_t high)
{
    apr_int64_t offset = offset_at(high);
    while (high - low > 1) {
        apr_int64_t middle = low + (high - low) / 2;
        if (offset_at(middle) == offset) {
            high = middle;
        }
        else {
            low = middle;
        }
    }
    return high;
}

static apr_array_header_t *read_spans(apr_pool_t *pool)
{
    usage_date_t first = { USAGE_ZONE_YEAR_FIRST, 1, 1 };
    usage_date_t last = { USAGE_ZONE_YEAR_LAST, 12, 31 };
    apr_int64_t time = usage_calendar_time(first);
    apr_int64_t end = usage_calendar_time(last);
    apr_array_header_t *spans =
        apr_array_make(pool, 160, sizeof(usage_zone_span_t));
    usage_zone_span_t span = { .from = time, .offset = offset_at(time) };
    APR_ARRAY_PUSH(spans, usage_zone_span_t) = span;
    for (; time < end; time += WEEK) {
        apr_int64_t offset = offset_at(time + WEEK);
        if (offset != span.offset) {
            span =
                (usage_zone_span_t){ .from = change_between(time, time + WEEK),
                                     .offset = offset };
            APR_ARRAY_PUSH(spans, usage_zone_span_t) = span;
        }
    }
    return spans;
}

apr_status_t usage_zone_read(const char *name, const usage_zone_t **zone,
                             apr_pool_t *pool)
{
    const char *path = NULL;
    if (strcmp(name, usage_zone_utc.name) == 0) {
        *zone = &usage_zone_utc;
        return APR_SUCCESS;
    }
    apr_status_t rv = find_file(name, &path, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    const char *before = getenv("TZ");
    before = before != NULL ? apr_pstrdup(pool, before) : NULL;
    set_rules(apr_pstrcat(pool, ":", path, NULL));
    apr_array_header_t *spans = read_spans(pool);
    set_rules(before);
    *zone = usage_zone_make(apr_pstrdup(pool, name),
                            (usage_zone_span_t *)(void *)spans->elts,
                            spans->nelts, pool);
    return APR_SUCCESS;
}
