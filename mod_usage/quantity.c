/* SPDX-License-Identifier: Apache-2.0 */
/* Directives of the whole server that set a number within a range. */
#include "quantity.h"

#include <stddef.h>
#include <string.h>

#include <apr_strings.h>

#include "config.h"
#include "engine/fault.h"
#include "engine/memory.h"

#define SECONDS_OF_DAY 86400

const usage_range_t usage_range_interval = {
    offsetof(usage_global_conf_t, interval), 600, SECONDS_OF_DAY,
    "from 10m to 1d, and an even part of a day"
};
const usage_range_t usage_range_flush_interval = {
    offsetof(usage_global_conf_t, flush_interval), USAGE_FLUSH_LEAST,
    SECONDS_OF_DAY, "from " USAGE_FLUSH_WORDS
};
const usage_range_t usage_range_flush_timeout = {
    offsetof(usage_global_conf_t, flush_timeout), 1, 3600, "from 1s to 1h"
};
const usage_range_t usage_range_slots = {
    offsetof(usage_global_conf_t, slots), USAGE_SLOTS_MIN, USAGE_SLOTS_MAX,
    "a number of slots from 1024 to 4194304"
};
const usage_range_t usage_range_visitors = {
    offsetof(usage_global_conf_t, visitors), USAGE_VISITORS_MIN,
    USAGE_VISITORS_MAX, "a number of visitors from 1024 to 16777216"
};
const usage_range_t usage_range_paths = {
    offsetof(usage_global_conf_t, paths), 1, 1000000,
    "a number of paths from 1 to 1000000"
};

const usage_range_t usage_range_recent = {
    offsetof(usage_global_conf_t, recent), 0, 1000,
    "a number of views from 0 to 1000"
};

static const char *out_of_range(cmd_parms *cmd, const char *value,
                                const usage_range_t *range)
{
    return apr_psprintf(cmd->pool, "%s: '%s' is not %s", cmd->cmd->name, value,
                        range->words);
}

static apr_int64_t *number_of(cmd_parms *cmd, const usage_range_t *range)
{
    char *global = (char *)usage_server_conf(cmd->server)->global;
    return (apr_int64_t *)(void *)(global + range->offset);
}

/* Seconds of "90", "90s", "15m", "2h" or "1d"; -1 if it is none of these. */
apr_int64_t usage_duration_parse(const char *text)
{
    static const struct {
        const char *unit;
        apr_int64_t seconds;
    } units[] = { { "", 1 },     { "s", 1 },    { "m", 60 },
                  { "min", 60 }, { "h", 3600 }, { "d", SECONDS_OF_DAY } };
    char *end;
    apr_int64_t number = apr_strtoi64(text, &end, 10);
    if (end == text || number < 0
        || number > SECONDS_OF_DAY * APR_INT64_C(366)) {
        return -1;
    }
    for (apr_size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            return number * units[i].seconds;
        }
    }
    return -1;
}

const char *usage_set_duration(cmd_parms *cmd, void *dir, const char *value)
{
    const usage_range_t *range = cmd->info;
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    apr_int64_t seconds = usage_duration_parse(value);
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    bool is_uneven = range == &usage_range_interval && seconds > 0
                     && SECONDS_OF_DAY % seconds != 0;
    if (seconds < range->least || seconds > range->most || is_uneven) {
        return out_of_range(cmd, value, range);
    }
    *number_of(cmd, range) = seconds;
    return NULL;
}

/* How long what is kept, and in which unit. */
static const struct {
    const char *word;
    const char *unit;
    apr_int64_t most;
} retained[USAGE_RETAINS] = {
#define ROW(id, word, unit, standard, most) { word, unit, most },
    USAGE_RETAIN_LIST(ROW)
};

static int find_retained(const char *word)
{
    int i = 0;
    while (i < USAGE_RETAINS && ap_cstr_casecmp(retained[i].word, word) != 0) {
        i++;
    }
    return i;
}

const char *usage_set_retain(cmd_parms *cmd, void *dir, const char *word,
                             const char *value)
{
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    int found = find_retained(word);
    char *end;
    apr_int64_t number = apr_strtoi64(value, &end, 10);
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    if (found == USAGE_RETAINS) {
        return apr_psprintf(cmd->pool,
                            "UsageRetain: '%s' is none of base, day, month "
                            "and events",
                            word);
    }
    if (end == value || (*end != '\0' && strcmp(end, retained[found].unit) != 0)
        || number < 1 || number > retained[found].most) {
        return apr_psprintf(cmd->pool,
                            "UsageRetain %s: '%s' is not from 1%s to "
                            "%" APR_INT64_T_FMT "%s",
                            retained[found].word, value, retained[found].unit,
                            retained[found].most, retained[found].unit);
    }
    usage_server_conf(cmd->server)->global->retain.of[found] = number;
    return NULL;
}

static const char *parse_number(cmd_parms *cmd, const char *value,
                                apr_int64_t *number)
{
    const usage_range_t *range = cmd->info;
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    char *end;
    *number = apr_strtoi64(value, &end, 10);
    if (problem == NULL
        && (end == value || *end != '\0' || *number < range->least
            || *number > range->most)) {
        problem = out_of_range(cmd, value, range);
    }
    return problem;
}

const char *usage_set_number(cmd_parms *cmd, void *dir, const char *value)
{
    apr_int64_t number;
    const char *problem = parse_number(cmd, value, &number);
    (void)dir;
    if (problem == NULL) {
        *number_of(cmd, cmd->info) = number;
    }
    return problem;
}

/* A number of places, raised to the next power of two. */
const char *usage_set_places(cmd_parms *cmd, void *dir, const char *value)
{
    const usage_range_t *range = cmd->info;
    apr_int64_t number;
    const char *problem = parse_number(cmd, value, &number);
    apr_int64_t places = range->least;
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    while (places < number) {
        places *= 2;
    }
    *number_of(cmd, range) = places;
    return NULL;
}
