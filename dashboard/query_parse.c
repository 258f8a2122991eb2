/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URL arguments to a valid query. Arguments are looked for first and judged
 * afterwards, since of a repeated one only the last counts.
 */
#include "query.h"

#include <string.h>

#include <apr_escape.h>
#include <apr_strings.h>

#include "catalog.h"
#include "engine/utf8.h"
#include "span.h"
#include "translate.h"

enum { SITE_LENGTH_MAX = 255, NAME_LENGTH_MAX = 1023 };

/* Filters that one URL can have. */
enum { FILTERS_MAX = 16 };

#define WORD(id, argument, label) (argument),
static const char *const periods[] = { USAGE_PERIOD_LIST(WORD) };
static const char *const metrics[] = { USAGE_METRIC_LIST(WORD) };
static const char *const compares[] = { USAGE_COMPARE_LIST(WORD) };
static const char *const sorts[] = { USAGE_SORT_LIST(WORD) };
static const char *const filters[] = { USAGE_FILTER_LIST(WORD) };
static const char *const intervals[] = { "hour", "day", "month" };

/* The place of a word in a list, or the list's length. */
static int place_of(const char *word, const char *const *words, int count)
{
    int place = 0;

    while (place < count && strcmp(word, words[place]) != 0) {
        place++;
    }
    return place;
}

/** What is read of a URL before it is a query. */
typedef struct reading_t {
    usage_query_t *query;
    usage_dates_t dates;
} reading_t;

static bool is_name(const char *text, apr_size_t longest)
{
    apr_size_t length = strlen(text);

    return length <= longest && usage_utf8_is_clean(text, length);
}

static bool site_set(reading_t *reading, const char *value)
{
    reading->query->site = value;
    return is_name(value, SITE_LENGTH_MAX);
}

/* Setters of what is one of a list of words. */
#define WORD_SETTER(field, words, count)                                       \
    static bool field##_set(reading_t *reading, const char *value)             \
    {                                                                          \
        int place = place_of(value, words, count);                             \
                                                                               \
        reading->query->field = (usage_##field##_e)place;                      \
        return place < (int)(count);                                           \
    }
WORD_SETTER(period, periods, USAGE_PERIODS)
WORD_SETTER(metric, metrics, USAGE_METRICS)
WORD_SETTER(compare, compares, USAGE_COMPARES)
WORD_SETTER(sort, sorts, USAGE_SORTS)

static bool interval_set(reading_t *reading, const char *value)
{
    int count = sizeof intervals / sizeof *intervals;

    reading->query->interval_word = value;
    return *value == '\0' || place_of(value, intervals, count) < count;
}

/* Digits alone, so many at most. */
static bool number_read(const char *text, apr_size_t digits, int *number)
{
    apr_size_t length = strlen(text);

    *number = 0;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9' || length > digits) {
            return false;
        }
        *number = *number * 10 + *at - '0';
    }
    return length > 0;
}

/* 2026-07-14, and a day that there is. */
static bool date_read(const char *text, apr_int64_t *day, bool *is_there)
{
    char parts[11];
    usage_date_t date;
    usage_date_t same;

    *is_there = *text != '\0';
    if (!*is_there) {
        return true;
    }
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    memcpy(parts, text, sizeof parts);
    parts[4] = parts[7] = '\0';
    if (!number_read(parts, 4, &date.year)
        || !number_read(parts + 5, 2, &date.month)
        || !number_read(parts + 8, 2, &date.day) || date.year < 1970
        || date.month < 1 || date.month > 12) {
        return false;
    }
    *day = usage_calendar_time(date);
    same = usage_calendar_date(*day);
    return same.month == date.month && same.day == date.day;
}

static bool first_set(reading_t *reading, const char *value)
{
    return date_read(value, &reading->dates.first, &reading->dates.has_first);
}

static bool last_set(reading_t *reading, const char *value)
{
    return date_read(value, &reading->dates.last, &reading->dates.has_last);
}

static bool panel_set(reading_t *reading, const char *value)
{
    reading->query->panel = value;
    if (*value == '\0') {
        return true;
    }
    for (int i = 0; i < usage_catalog_count; i++) {
        if (strcmp(value, usage_catalog[i].id) == 0) {
            return true;
        }
    }
    return false;
}

static bool page_set(reading_t *reading, const char *value)
{
    return number_read(value, 4, &reading->query->page)
           && reading->query->page > 0;
}

/* Of a newer page, perhaps: another language is no mistake. */
static bool lang_set(reading_t *reading, const char *value)
{
    const usage_language_t *found = usage_language_find(value);

    reading->query->lang = found ? found->tag : "";
    return true;
}

static bool limit_set(reading_t *reading, const char *value)
{
    usage_query_t *query = reading->query;

    if (*value == '\0') {
        query->limit = *query->panel ? USAGE_ROWS_ALONE : USAGE_ROWS;
        return true;
    }
    query->has_limit = true;
    return number_read(value, 5, &query->limit) && query->limit > 0
           && query->limit <= USAGE_ROWS_MAX;
}

/** An argument we know: its setter returns whether the value is good. */
typedef struct usage_argument_t {
    const char *name;
    const char *absent;
    bool (*set)(reading_t *reading, const char *value);
    const char *problem;
} usage_argument_t;

#define NAMED(id, argument, label) " " argument
#define DATE_PROBLEM                                                           \
    " day in this address is not a date since 1970, such as 2026-07-14."
static const usage_argument_t arguments[] = {
    { "site", "", site_set,
      "The site in this address is not a name: up to 255 bytes of UTF-8 "
      "without control characters." },
    { "period", "30d", period_set,
      "The period in this address is unknown. It can be one "
      "of:" USAGE_PERIOD_LIST(NAMED) "." },
    { "from", "", first_set, "The first" DATE_PROBLEM },
    { "to", "", last_set, "The last" DATE_PROBLEM },
    { "interval", "", interval_set,
      "The interval in this address is unknown. It can be one of: hour day "
      "month." },
    { "compare", "previous", compare_set,
      "The comparison in this address is unknown. It can be one "
      "of:" USAGE_COMPARE_LIST(NAMED) "." },
    { "metric", "views", metric_set,
      "The metric in this address is unknown. It can be one "
      "of:" USAGE_METRIC_LIST(NAMED) "." },
    { "sort", "views", sort_set,
      "The order in this address is unknown. It can be one "
      "of:" USAGE_SORT_LIST(NAMED) "." },
    { "panel", "", panel_set, "There is no list of the name in this address." },
    { "page", "1", page_set,
      "The page in this address is not a number from 1 to 9999." },
    { "lang", "", lang_set, "" },
    { "limit", "", limit_set,
      "The limit in this address is not a number of rows from 1 to 10000." },
};

enum { ARGUMENTS = sizeof(arguments) / sizeof(arguments[0]) };

/** Values as they are in the URL, still encoded. */
typedef struct values_t {
    const char *of[ARGUMENTS];
    const char *filters[FILTERS_MAX];
    int filters_count;
} values_t;

/* NULL when what is encoded is malformed or holds a NUL. */
static const char *decode(const char *text, apr_pool_t *pool)
{
    return apr_punescape_url(pool, text, NULL, NULL, 1);
}

/* Keep the value of one `name=value`, if we know its name; of too many filters
 * the last. */
static void pair_keep(char *pair, values_t *values, apr_pool_t *pool)
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
            values->of[i] = value;
        }
    }
    if (name && strcmp(name, "f") == 0) {
        int last = FILTERS_MAX - 1;

        values->filters_count += values->filters_count <= last;
        values->filters[values->filters_count - 1] = value;
    }
}

static void values_find(const char *args, values_t *values, apr_pool_t *pool)
{
    char *rest = apr_pstrdup(pool, args);
    char *state = NULL;
    char *pair = apr_strtok(rest, "&", &state);

    for (; pair; pair = apr_strtok(NULL, "&", &state)) {
        pair_keep(pair, values, pool);
    }
}

/* `count:category/name`, or `count:category` for all that has. */
static bool counted_set(usage_query_t *query, const char *value,
                        apr_pool_t *pool)
{
    const char *slash = strchr(value, '/');

    query->counted =
        slash ? apr_pstrmemdup(pool, value, (apr_size_t)(slash - value))
              : value;
    query->name = slash ? slash + 1 : "";
    return *query->counted != '\0';
}

static bool filter_set(usage_query_t *query, const char *text, apr_pool_t *pool)
{
    const char *colon = text ? strchr(text, ':') : NULL;
    const char *word;
    int place;

    if (!colon || colon[1] == '\0' || !is_name(colon + 1, NAME_LENGTH_MAX)) {
        return false;
    }
    word = apr_pstrmemdup(pool, text, (apr_size_t)(colon - text));
    if (strcmp(word, "count") == 0) {
        return counted_set(query, colon + 1, pool);
    }
    place = place_of(word, filters, USAGE_FILTERS);
    if (place < USAGE_FILTERS) {
        query->filters[place] = colon + 1;
    }
    return place < USAGE_FILTERS;
}

static const char *filters_set(usage_query_t *query, const values_t *values,
                               apr_pool_t *pool)
{
    for (int i = 0; i < values->filters_count; i++) {
        if (!filter_set(query, decode(values->filters[i], pool), pool)) {
            return "A filter in this address is unknown. It can be one "
                   "of:" USAGE_FILTER_LIST(NAMED) " count, a colon and a name.";
        }
    }
    return *query->counted && usage_query_is_filtered(query)
               ? "The filters in this address can't be combined: a count knows "
                 "nothing of pages and clients."
               : NULL;
}

static const char *arguments_set(reading_t *reading, const values_t *values,
                                 apr_pool_t *pool)
{
    for (int i = 0; i < ARGUMENTS; i++) {
        const char *value =
            values->of[i] ? decode(values->of[i], pool) : arguments[i].absent;

        if (!value || !arguments[i].set(reading, value)) {
            return arguments[i].problem;
        }
    }
    return NULL;
}

static const usage_zone_t *zone_of(const usage_query_t *query,
                                   const usage_page_t *page)
{
    usage_text_t site = { query->site, strlen(query->site) };

    return *query->site ? usage_zones_of(page->zones, site) : page->zone;
}

/* What the query's site and period mean now. */
static const char *time_set(reading_t *reading, const usage_page_t *page)
{
    usage_query_t *query = reading->query;
    const char *problem;

    if (reading->dates.has_first || reading->dates.has_last) {
        query->period = USAGE_PERIOD_DATES;
    }
    query->zone = zone_of(query, page);
    query->today =
        usage_zone_start(query->zone, query->now, USAGE_GRAIN_DAY, 0);
    problem = usage_span_set(query, &reading->dates);
    if (!usage_query_is_compared(query)) {
        query->sort = USAGE_SORT_VIEWS;
    }
    return problem;
}

apr_status_t usage_query_parse(const char *args, const usage_page_t *page,
                               usage_query_t *query, const char **problem,
                               apr_pool_t *pool)
{
    values_t values = { .filters_count = 0 };
    reading_t reading = { .query = query };
    const char *found;

    *query = (usage_query_t){ .zones = page->zones,
                              .retain = page->retain,
                              .interval = page->zones->interval,
                              .filters = { "", "", "", "" },
                              .counted = "",
                              .name = "",
                              .lang = "",
                              .now = page->now };
    values_find(args ? args : "", &values, pool);
    found = arguments_set(&reading, &values, pool);
    if (!found) {
        found = filters_set(query, &values, pool);
    }
    if (!found) {
        found = time_set(&reading, page);
    }
    if (found) {
        *problem = found;
        return APR_EINVAL;
    }
    return APR_SUCCESS;
}
