/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directives: one row each in usage_directives, checked as they are read, so
 * that configtest finds what is wrong with them.
 */
#include "config.h"

#include <stddef.h>

#include <apr_lib.h>
#include <apr_network_io.h>
#include <apr_strings.h>

#include <http_main.h>

#include "engine/memory.h"
#include "engine/path.h"
#include "engine/rules.h"
#include "mod_usage.h"

#define SECONDS_OF_DAY 86400

/* A directive whose value is a number of the global struct. */
typedef struct range_t {
    apr_size_t offset; /* of an apr_int64_t in usage_global_conf_t */
    apr_int64_t least;
    apr_int64_t most;
    const char *words; /* least and most, for people */
} range_t;

static const range_t interval_range = {
    offsetof(usage_global_conf_t, interval), 600, SECONDS_OF_DAY,
    "from 10m to 1d, and an even part of a day"
};
static const range_t flush_interval_range = {
    offsetof(usage_global_conf_t, flush_interval), 10, SECONDS_OF_DAY,
    "from 10s to 1d"
};
static const range_t flush_timeout_range = {
    offsetof(usage_global_conf_t, flush_timeout), 1, 3600, "from 1s to 1h"
};
static const range_t slots_range = { offsetof(usage_global_conf_t, slots),
                                     USAGE_SLOTS_MIN, USAGE_SLOTS_MAX,
                                     "a number of slots from 1024 to 4194304" };

/* Written while the configuration is read, by one thread. */
static bool is_used;

bool usage_conf_is_used(void)
{
    return is_used;
}

void usage_conf_forget(void)
{
    is_used = false;
}

usage_server_conf_t *usage_server_conf(const server_rec *s)
{
    return ap_get_module_config(s->module_config, &usage_module);
}

const usage_dir_conf_t *usage_dir_conf(const request_rec *r)
{
    return ap_get_module_config(r->per_dir_config, &usage_module);
}

static usage_global_conf_t *global_create(apr_pool_t *pool)
{
    usage_global_conf_t *global = apr_palloc(pool, sizeof *global);
    *global = (usage_global_conf_t){ .interval = 3600,
                                     .flush_interval = 60,
                                     .flush_timeout = 30,
                                     .slots = 65536 };
    return global;
}

static apr_array_header_t *words_make(apr_pool_t *pool)
{
    return apr_array_make(pool, 4, sizeof(const char *));
}

static void static_apply(usage_server_conf_t *conf, apr_pool_t *pool)
{
    conf->extensions = usage_rules_set(
        usage_rules_list(usage_rules_static, conf->static_changes, pool), pool);
}

static void excluded_apply(usage_dir_conf_t *conf, apr_pool_t *pool)
{
    conf->excluded =
        usage_rules_list(usage_rules_excluded, conf->excluded_changes, pool);
}

/* The main server's is made first; the others share its global part. */
void *usage_server_conf_create(apr_pool_t *pool, server_rec *s)
{
    usage_server_conf_t *conf = apr_pcalloc(pool, sizeof *conf);
    apr_array_header_t *none = words_make(pool);
    conf->counts_bots = -1;
    conf->bot_rows = apr_array_make(pool, 1, sizeof(usage_agent_pattern_t));
    conf->static_changes = none;
    if (!s->is_virtual) {
        conf->global = global_create(pool);
        static_apply(conf, pool);
        conf->types = usage_rules_set(
            usage_rules_list(usage_rules_types, none, pool), pool);
    }
    return conf;
}

void *usage_server_conf_merge(apr_pool_t *pool, void *base, void *add)
{
    const usage_server_conf_t *under = base;
    const usage_server_conf_t *over = add;
    usage_server_conf_t *conf = apr_pmemdup(pool, over, sizeof *over);
    conf->global = under->global;
    conf->extensions = under->extensions;
    if (over->counts_bots == -1) {
        conf->counts_bots = under->counts_bots;
    }
    conf->bot_rows = apr_array_append(pool, over->bot_rows, under->bot_rows);
    if (over->static_changes->nelts > 0) {
        conf->static_changes =
            apr_array_append(pool, under->static_changes, over->static_changes);
        static_apply(conf, pool);
    }
    if (!over->has_types) {
        conf->types = under->types;
    }
    return conf;
}

void *usage_dir_conf_create(apr_pool_t *pool, char *dir)
{
    usage_dir_conf_t *conf = apr_pcalloc(pool, sizeof *conf);
    (void)dir;
    conf->is_on = -1;
    conf->excluded_changes = words_make(pool);
    excluded_apply(conf, pool);
    return conf;
}

void *usage_dir_conf_merge(apr_pool_t *pool, void *base, void *add)
{
    const usage_dir_conf_t *under = base;
    const usage_dir_conf_t *over = add;
    usage_dir_conf_t *conf = apr_pmemdup(pool, under, sizeof *under);
    if (over->is_on != -1) {
        conf->is_on = over->is_on;
    }
    if (over->excluded_changes->nelts > 0) {
        conf->excluded_changes = apr_array_append(pool, under->excluded_changes,
                                                  over->excluded_changes);
        excluded_apply(conf, pool);
    }
    return conf;
}

/* Whether a text has 1 to @a most bytes, all of them fit to be stored. */
static bool is_clean(const char *text, apr_size_t most)
{
    const unsigned char *s = (const unsigned char *)text;
    apr_size_t left = strlen(text);
    bool is_fit = left > 0 && left <= most;
    while (is_fit && left > 0) {
        int length = usage_utf8_length(s, left);
        is_fit = length > 0 && !apr_iscntrl(*s);
        s += length;
        left -= (apr_size_t)length;
    }
    return is_fit;
}

static usage_server_conf_t *conf_of(cmd_parms *cmd)
{
    return usage_server_conf(cmd->server);
}

static const char *set_usage(cmd_parms *cmd, void *dir, int on)
{
    usage_dir_conf_t *conf = dir;
    (void)cmd;
    conf->is_on = on;
    is_used = is_used || on;
    return NULL;
}

static const char *set_site(cmd_parms *cmd, void *dir, const char *name)
{
    (void)dir;
    if (!is_clean(name, USAGE_NAME_MAX)) {
        return "UsageSite: a site's name is 1 to 255 bytes of UTF-8 without "
               "control characters";
    }
    conf_of(cmd)->site_name = name;
    return NULL;
}

static const char *set_node(cmd_parms *cmd, void *dir, const char *name)
{
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    if (!is_clean(name, USAGE_NAME_MAX)) {
        return "UsageNode: a node's name is 1 to 255 bytes of UTF-8 without "
               "control characters";
    }
    conf_of(cmd)->global->node = name;
    return NULL;
}

static const char *out_of_range(cmd_parms *cmd, const char *value,
                                const range_t *range)
{
    return apr_psprintf(cmd->pool, "%s: '%s' is not %s", cmd->cmd->name, value,
                        range->words);
}

static apr_int64_t *number_of(cmd_parms *cmd, const range_t *range)
{
    char *global = (char *)conf_of(cmd)->global;
    return (apr_int64_t *)(void *)(global + range->offset);
}

/* Seconds of "90", "90s", "15m", "2h" or "1d"; -1 if it is none of these. */
static apr_int64_t parse_duration(const char *text)
{
    static const struct {
        const char *unit;
        apr_int64_t seconds;
    } units[] = { { "", 1 },     { "s", 1 },    { "m", 60 },
                  { "min", 60 }, { "h", 3600 }, { "d", SECONDS_OF_DAY } };
    char *end;
    apr_int64_t number = apr_strtoi64(text, &end, 10);
    if (end == text || number < 0 || number > SECONDS_OF_DAY * 366) {
        return -1;
    }
    for (apr_size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            return number * units[i].seconds;
        }
    }
    return -1;
}

static const char *set_duration(cmd_parms *cmd, void *dir, const char *value)
{
    const range_t *range = cmd->info;
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    apr_int64_t seconds = parse_duration(value);
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    bool is_uneven = range == &interval_range && seconds > 0
                     && SECONDS_OF_DAY % seconds != 0;
    if (seconds < range->least || seconds > range->most || is_uneven) {
        return out_of_range(cmd, value, range);
    }
    *number_of(cmd, range) = seconds;
    return NULL;
}

/* A number of slots, raised to the next power of two. */
static const char *set_slots(cmd_parms *cmd, void *dir, const char *value)
{
    const range_t *range = cmd->info;
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    char *end;
    apr_int64_t number = apr_strtoi64(value, &end, 10);
    apr_int64_t slots = range->least;
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    if (end == value || *end != '\0' || number < range->least
        || number > range->most) {
        return out_of_range(cmd, value, range);
    }
    while (slots < number) {
        slots *= 2;
    }
    *number_of(cmd, range) = slots;
    return NULL;
}

static const char *set_bots(cmd_parms *cmd, void *dir, const char *value)
{
    (void)dir;
    bool is_count = ap_cstr_casecmp(value, "Count") == 0;
    if (!is_count && ap_cstr_casecmp(value, "Exclude") != 0) {
        return apr_psprintf(cmd->pool,
                            "UsageBots: '%s' is neither Exclude "
                            "nor Count",
                            value);
    }
    conf_of(cmd)->counts_bots = is_count;
    return NULL;
}

static const char *add_bot_pattern(cmd_parms *cmd, void *dir, const char *kind,
                                   const char *text)
{
    usage_agent_pattern_t row = { usage_bot_kind_of(kind), text };
    apr_size_t length = strlen(text);
    (void)dir;
    if (row.kind == USAGE_BOT_KIND_NONE) {
        return apr_psprintf(cmd->pool,
                            "UsageBotPattern: '%s' is no kind of bot: search, "
                            "ai-crawler, ai-assistant, ai-search, preview, "
                            "feed, monitor, seo, security, library or other",
                            kind);
    }
    if (length < USAGE_AGENT_PATTERN_MIN || length > USAGE_AGENT_PATTERN_MAX) {
        return apr_psprintf(
            cmd->pool, "UsageBotPattern: '%s' has not %d to %d bytes", text,
            USAGE_AGENT_PATTERN_MIN, USAGE_AGENT_PATTERN_MAX);
    }
    APR_ARRAY_PUSH(conf_of(cmd)->bot_rows, usage_agent_pattern_t) = row;
    return NULL;
}

static const char *add_static(cmd_parms *cmd, void *dir, const char *value)
{
    usage_server_conf_t *conf = conf_of(cmd);
    const char *word = value + (*value == '+' || *value == '-');
    (void)dir;
    if (!is_clean(word, USAGE_EXTENSION_MAX) || strpbrk(word, "./") != NULL) {
        return apr_psprintf(cmd->pool,
                            "UsageStatic: '%s' is no extension of "
                            "1 to %d letters without its dot, after + or -",
                            value, USAGE_EXTENSION_MAX);
    }
    if (conf->static_changes->nelts == 0) {
        conf->static_changes = words_make(cmd->pool);
    }
    APR_ARRAY_PUSH(conf->static_changes, const char *) = value;
    static_apply(conf, cmd->pool);
    return NULL;
}

static const char *add_excluded(cmd_parms *cmd, void *dir, const char *value)
{
    usage_dir_conf_t *conf = dir;
    const char *word = value + (*value == '+' || *value == '-');
    if (*word != '/') {
        return apr_psprintf(cmd->pool,
                            "UsageExclude: '%s' is no path: begin "
                            "it with /, after + or -",
                            value);
    }
    APR_ARRAY_PUSH(conf->excluded_changes, const char *) = value;
    excluded_apply(conf, cmd->pool);
    return NULL;
}

static const char *set_types(cmd_parms *cmd, void *dir, int argc,
                             char *const argv[])
{
    static const char *const none[] = { NULL };
    usage_server_conf_t *conf = conf_of(cmd);
    apr_array_header_t *types = words_make(cmd->pool);
    (void)dir;
    for (int i = 0; i < argc; i++) {
        const char *slash = strchr(argv[i], '/');
        if (slash == NULL || slash == argv[i] || slash[1] == '\0'
            || strpbrk(argv[i], ";* \t") != NULL) {
            return apr_psprintf(cmd->pool,
                                "UsageTypes: '%s' is no media type "
                                "such as text/html, without parameters",
                                argv[i]);
        }
        APR_ARRAY_PUSH(types, const char *) = argv[i];
    }
    if (argc == 0) {
        return "UsageTypes needs media types, such as text/html";
    }
    conf->has_types = true;
    conf->types =
        usage_rules_set(usage_rules_list(none, types, cmd->pool), cmd->pool);
    return NULL;
}

#define DURATION(name, range, help)                                            \
    AP_INIT_TAKE1(name, set_duration, (void *)(apr_uintptr_t) & (range),       \
                  RSRC_CONF, help)

/* clang-format off */
const command_rec usage_directives[] = {
    AP_INIT_FLAG("Usage", set_usage, NULL, RSRC_CONF | ACCESS_CONF,
                 "On: count the use of this site, directory or location"),
    AP_INIT_TAKE1("UsageSite", set_site, NULL, RSRC_CONF,
                  "the site's name in the counts, instead of ServerName"),
    AP_INIT_ITERATE("UsageExclude", add_excluded, NULL,
                    RSRC_CONF | ACCESS_CONF,
                    "paths not to count as views, besides the default list; "
                    "-path takes one off it"),
    AP_INIT_ITERATE("UsageStatic", add_static, NULL, RSRC_CONF,
                    "extensions of assets, besides the default list; "
                    "-ext takes one off it"),
    AP_INIT_TAKE_ARGV("UsageTypes", set_types, NULL, RSRC_CONF,
                      "the media types of pages"),
    AP_INIT_TAKE1("UsageBots", set_bots, NULL, RSRC_CONF,
                  "Exclude: a bot's hit is no view; Count: it may be one"),
    AP_INIT_ITERATE2("UsageBotPattern", add_bot_pattern, NULL, RSRC_CONF,
                     "a kind of bot, and texts that its agent strings have"),
    DURATION("UsageInterval", interval_range,
             "length of the base interval, 10m to 1d"),
    DURATION("UsageFlushInterval", flush_interval_range,
             "time between two flushes, at least 10s"),
    DURATION("UsageFlushTimeout", flush_timeout_range,
             "time after which a flush is given up"),
    AP_INIT_TAKE1("UsageTable", set_slots,
                  (void *)(apr_uintptr_t)&slots_range, RSRC_CONF,
                  "slots of a table of counters in shared memory"),
    AP_INIT_TAKE1("UsageNode", set_node, NULL, RSRC_CONF,
                  "this server's name among those of one database"),
    { NULL }
};
/* clang-format on */

static usage_text_t site_of(const server_rec *s, const char *name,
                            apr_pool_t *pool)
{
    const char *site = name != NULL ? name : s->server_hostname;
    char *lowered = apr_pstrdup(pool, site != NULL ? site : "default");
    if (name == NULL) {
        ap_str_tolower(lowered);
    }
    apr_size_t length = strlen(lowered);
    return (usage_text_t){ lowered,
                           length < USAGE_NAME_MAX ? length : USAGE_NAME_MAX };
}

/* Two servers of one machine can't share a runtime directory. */
static const char *default_node(apr_pool_t *pool)
{
    char host[APRMAXHOSTLEN + 1];
    char *folder = apr_pstrdup(pool, ap_runtime_dir_relative(pool, ""));
    apr_size_t length = strlen(folder);
    if (apr_gethostname(host, sizeof host, pool) != APR_SUCCESS) {
        apr_cpystrn(host, "localhost", sizeof host);
    }
    if (length > 1 && folder[length - 1] == '/') {
        folder[length - 1] = '\0';
    }
    return apr_pstrcat(pool, host, ":", folder, NULL);
}

void usage_conf_complete(server_rec *main_server, apr_pool_t *pool)
{
    usage_global_conf_t *global = usage_server_conf(main_server)->global;
    if (global->node == NULL) {
        global->node = default_node(pool);
    }
    for (server_rec *s = main_server; s != NULL; s = s->next) {
        usage_server_conf_t *conf = usage_server_conf(s);
        conf->site = site_of(s, conf->site_name, pool);
        conf->bot_patterns = usage_agent_patterns_make(conf->bot_rows, pool);
    }
}
