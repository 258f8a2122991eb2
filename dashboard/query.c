/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URL arguments to a valid query. Arguments are looked for first and judged
 * afterwards, since of a repeated one only the last counts.
 */
#include "query.h"

#include <stdbool.h>
#include <string.h>

#include <apr_escape.h>
#include <apr_strings.h>

#include "engine/utf8.h"

enum { DAY = 24 * 60 * 60, SITE_LENGTH_MAX = 255 };

#define PERIOD_WORD(id, argument, label)  [USAGE_PERIOD_##id] = (argument),
#define PERIOD_LABEL(id, argument, label) [USAGE_PERIOD_##id] = (label),
static const char *const words[] = { USAGE_PERIOD_LIST(PERIOD_WORD) };
static const char *const labels[] = { USAGE_PERIOD_LIST(PERIOD_LABEL) };

/** What a period covers: the running day or month and some before it. */
typedef struct usage_span_t {
    usage_grain_e grain;
    int days; /**< this many, with the running one */
    int months; /**< this many, with the running one */
    bool is_whole; /**< everything there is */
} usage_span_t;

/* clang-format off */
static const usage_span_t spans[USAGE_PERIODS] = {
    [USAGE_PERIOD_DAY]   = { .grain = USAGE_GRAIN_BASE,  .days = 1 },
    [USAGE_PERIOD_7D]    = { .grain = USAGE_GRAIN_DAY,   .days = 7 },
    [USAGE_PERIOD_30D]   = { .grain = USAGE_GRAIN_DAY,   .days = 30 },
    [USAGE_PERIOD_90D]   = { .grain = USAGE_GRAIN_DAY,   .days = 90 },
    [USAGE_PERIOD_MONTH] = { .grain = USAGE_GRAIN_DAY,   .months = 1 },
    [USAGE_PERIOD_12MO]  = { .grain = USAGE_GRAIN_MONTH, .months = 12 },
    [USAGE_PERIOD_ALL]   = { .grain = USAGE_GRAIN_MONTH, .is_whole = true },
};
/* clang-format on */

const char *usage_period_word(usage_period_e period)
{
    return words[period];
}

const char *usage_period_label(usage_period_e period)
{
    return labels[period];
}

static apr_int64_t span_from(const usage_span_t *span,
                             const usage_query_t *query)
{
    if (span->is_whole) {
        return 0;
    }
    if (span->grain == USAGE_GRAIN_BASE) {
        return usage_zone_day(query->zone, query->now);
    }
    if (span->months > 0) {
        return usage_calendar_month_add(query->today, 1 - span->months);
    }
    return query->today - (apr_int64_t)(span->days - 1) * DAY;
}

/* The day that holds now; of all sites, wherever it is the latest. */
static apr_int64_t last_day(const usage_query_t *query)
{
    return *query->site == '\0'
               ? usage_zones_last_date(query->zones, query->now) * DAY
               : query->today;
}

static apr_int64_t span_to(const usage_span_t *span, const usage_query_t *query)
{
    apr_int64_t last = last_day(query);

    switch (span->grain) {
    case USAGE_GRAIN_MONTH:
        return usage_calendar_month_add(last, 1);
    case USAGE_GRAIN_DAY:
        return last + DAY;
    default:
        return usage_zone_day_next(query->zone, query->now);
    }
}

apr_int64_t usage_query_next(const usage_query_t *query, apr_int64_t start)
{
    return usage_zone_next(query->zone, start, query->grain, query->interval);
}

/* Starts of days and months are dates, and so measured by one. */

bool usage_query_is_ahead(const usage_query_t *query, apr_int64_t start)
{
    return start
           > (query->grain == USAGE_GRAIN_BASE ? query->now : last_day(query));
}

bool usage_query_is_running(const usage_query_t *query, apr_int64_t start)
{
    apr_int64_t present =
        query->grain == USAGE_GRAIN_BASE ? query->now : query->today;

    return !usage_query_is_ahead(query, start)
           && usage_query_next(query, start) > present;
}

static bool is_site(const char *site)
{
    const unsigned char *s = (const unsigned char *)site;
    apr_size_t left = strlen(site);

    if (left > SITE_LENGTH_MAX) {
        return false;
    }
    while (left > 0) {
        int length = usage_utf8_length(s, left);

        if (length == 0 || *s < 0x20 || *s == 0x7F) {
            return false;
        }
        s += length;
        left -= (apr_size_t)length;
    }
    return true;
}

static bool site_set(usage_query_t *query, const char *value)
{
    query->site = value;
    return is_site(value);
}

static bool period_set(usage_query_t *query, const char *value)
{
    for (int i = 0; i < USAGE_PERIODS; i++) {
        if (strcmp(value, words[i]) == 0) {
            query->period = (usage_period_e)i;
            return true;
        }
    }
    return false;
}

/** An argument we know: its setter returns whether the value is good. */
typedef struct usage_argument_t {
    const char *name;
    const char *absent;
    bool (*set)(usage_query_t *query, const char *value);
    const char *problem;
} usage_argument_t;

#define PERIOD_NAMED(id, argument, label) " " argument
static const usage_argument_t arguments[] = {
    { "site", "", site_set,
      "The site in this address is not a name: up to 255 bytes of UTF-8 "
      "without control characters." },
    { "period", "30d", period_set,
      "The period in this address is unknown. It can be one "
      "of:" USAGE_PERIOD_LIST(PERIOD_NAMED) "." },
};

enum { ARGUMENTS = sizeof(arguments) / sizeof(arguments[0]) };

/* NULL when what is encoded is malformed or holds a NUL. */
static const char *decode(const char *text, apr_pool_t *pool)
{
    return apr_punescape_url(pool, text, NULL, NULL, 1);
}

/* Keep the value of one `name=value`, still encoded, if we know its name. */
static void pair_keep(char *pair, const char *values[ARGUMENTS],
                      apr_pool_t *pool)
{
    char *equals = strchr(pair, '=');
    const char *value = "";
    const char *name;

    if (equals) {
        *equals = '\0';
        value = equals + 1;
    }
    name = decode(pair, pool);
    for (int i = 0; name && i < ARGUMENTS; i++) {
        if (strcmp(name, arguments[i].name) == 0) {
            values[i] = value;
        }
    }
}

static void values_find(const char *args, const char *values[ARGUMENTS],
                        apr_pool_t *pool)
{
    char *rest = apr_pstrdup(pool, args);
    char *state = NULL;
    char *pair = apr_strtok(rest, "&", &state);

    for (; pair; pair = apr_strtok(NULL, "&", &state)) {
        pair_keep(pair, values, pool);
    }
}

static const usage_zone_t *zone_of(const usage_query_t *query,
                                   const usage_page_t *page)
{
    usage_text_t site = { query->site, strlen(query->site) };

    return *query->site ? usage_zones_of(page->zones, site) : page->zone;
}

/* What the query's site and period mean now. */
static void time_set(usage_query_t *query, const usage_page_t *page)
{
    const usage_span_t *span = &spans[query->period];

    query->grain = span->grain;
    query->zone = zone_of(query, page);
    query->today =
        usage_zone_start(query->zone, query->now, USAGE_GRAIN_DAY, 0);
    query->from = span_from(span, query);
    query->to = span_to(span, query);
}

apr_status_t usage_query_parse(const char *args, const usage_page_t *page,
                               usage_query_t *query, const char **problem,
                               apr_pool_t *pool)
{
    const char *values[ARGUMENTS] = { NULL };

    *query = (usage_query_t){ .zones = page->zones,
                              .interval = page->zones->interval,
                              .now = page->now };
    values_find(args ? args : "", values, pool);
    for (int i = 0; i < ARGUMENTS; i++) {
        const char *value =
            values[i] ? decode(values[i], pool) : arguments[i].absent;

        if (!value || !arguments[i].set(query, value)) {
            *problem = arguments[i].problem;
            return APR_EINVAL;
        }
    }
    time_set(query, page);
    return APR_SUCCESS;
}
