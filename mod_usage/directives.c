/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directives: one row each in usage_directives, checked as they are read, so
 * that configtest finds what is wrong with them and says what would be right.
 */
#include "directives.h"

#include <stddef.h>
#include <string.h>

#include <apr_strings.h>

#include "breakdown.h"
#include "config.h"
#include "dashboard/handler.h"
#include "doors.h"
#include "download.h"
#include "engine/memory.h"
#include "engine/rules.h"
#include "engine/utf8.h"
#include "mark.h"
#include "pattern.h"
#include "headers.h"
#include "log_event.h"
#include "quantity.h"
#include "timezone.h"
#include "users.h"

/* Whether a text has 1 to @a most bytes, all of them fit to be stored. */
static bool is_clean(const char *text, apr_size_t most)
{
    apr_size_t length = strlen(text);
    return length > 0 && length <= most && usage_utf8_is_clean(text, length);
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
    if (on) {
        usage_conf_note_used();
    }
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

#define WINDOW_LONGEST 43200 /* seconds */

static const char *set_window(cmd_parms *cmd, void *dir, const char *value)
{
    apr_int64_t seconds = usage_duration_parse(value);
    (void)dir;
    if (seconds < 60 || seconds > WINDOW_LONGEST) {
        return apr_psprintf(cmd->pool,
                            "UsageSessionWindow: '%s' is not from "
                            "1m to 12h",
                            value);
    }
    conf_of(cmd)->window = seconds;
    return NULL;
}

static const char *set_visitor(cmd_parms *cmd, void *dir, const char *value)
{
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    bool is_address = ap_cstr_casecmp(value, "address") == 0;
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    if (!is_address && ap_cstr_casecmp(value, "address+agent") != 0) {
        return apr_psprintf(cmd->pool,
                            "UsageVisitor: '%s' is neither address "
                            "nor address+agent",
                            value);
    }
    conf_of(cmd)->global->ignores_agents = is_address;
    return NULL;
}

static const char *set_salt(cmd_parms *cmd, void *dir, const char *value)
{
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    bool is_shared = ap_cstr_casecmp(value, "shared") == 0;
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    if (!is_shared && ap_cstr_casecmp(value, "local") != 0) {
        return apr_psprintf(
            cmd->pool, "UsageSalt: '%s' is neither local nor shared", value);
    }
    conf_of(cmd)->global->shares_salts = is_shared;
    return NULL;
}

static bool parse_bits(const char *value, int most, int *bits)
{
    char *end;
    apr_int64_t number = apr_strtoi64(value, &end, 10);
    *bits = (int)number;
    return end != value && *end == '\0' && number >= 0 && number <= most;
}

static const char *set_mask(cmd_parms *cmd, void *dir, const char *v4,
                            const char *v6)
{
    const char *problem = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    usage_mask_t mask;
    (void)dir;
    if (problem != NULL) {
        return problem;
    }
    if (!parse_bits(v4, 32, &mask.v4) || !parse_bits(v6, 128, &mask.v6)) {
        return "UsageAddressMask needs the bits of an address that count: 0 to "
               "32 of IPv4, and 0 to 128 of IPv6";
    }
    conf_of(cmd)->global->mask = mask;
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
    usage_bot_kind_e its = usage_bot_kind_of(kind);
    apr_size_t length = strlen(text);
    (void)dir;
    if (its == USAGE_BOT_KIND_NONE) {
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
    APR_ARRAY_PUSH(conf_of(cmd)->bot_rows, usage_agent_pattern_t) =
        usage_agent_pattern_make(its, text, cmd->pool);
    return NULL;
}

static const char *add_static(cmd_parms *cmd, void *dir, const char *value)
{
    usage_server_conf_t *conf = conf_of(cmd);
    const char *word = value + (*value == '+' || *value == '-');
    (void)dir;
    if (!is_clean(word, USAGE_WORD_MAX) || strpbrk(word, "./") != NULL) {
        return apr_psprintf(cmd->pool,
                            "UsageStatic: '%s' is no extension of "
                            "1 to %d bytes without its dot, after + or -",
                            value, USAGE_WORD_MAX);
    }
    if (conf->static_changes->nelts == 0) {
        conf->static_changes = usage_conf_words(cmd->pool);
    }
    APR_ARRAY_PUSH(conf->static_changes, const char *) = value;
    return NULL;
}

/* Prefixes change the default list; all else is a pattern besides it. */
static const char *add_excluded(cmd_parms *cmd, void *dir, const char *value)
{
    usage_dir_conf_t *conf = dir;
    const char *word = value + (*value == '+' || *value == '-');
    if (*word != '/') {
        return usage_pattern_add(cmd, conf, value, false);
    }
    APR_ARRAY_PUSH(conf->excluded_changes, const char *) = value;
    usage_conf_apply_excluded(conf, cmd->pool);
    return NULL;
}

static const char *add_included(cmd_parms *cmd, void *dir, const char *value)
{
    return usage_pattern_add(cmd, dir, value, true);
}

static const char *add_path(cmd_parms *cmd, void *dir, const char *regex,
                            const char *replacement)
{
    (void)dir;
    return usage_pattern_add_path(cmd, conf_of(cmd), regex, replacement);
}

static const char *add_opt_out(cmd_parms *cmd, void *dir, const char *value)
{
    usage_server_conf_t *conf = conf_of(cmd);
    int bits = conf->opt_outs == -1 ? 0 : conf->opt_outs;
    (void)dir;
    if (ap_cstr_casecmp(value, "gpc") == 0) {
        bits |= USAGE_OPT_OUT_GPC;
    }
    else if (ap_cstr_casecmp(value, "dnt") == 0) {
        bits |= USAGE_OPT_OUT_DNT;
    }
    else if (ap_cstr_casecmp(value, "none") == 0) {
        bits = 0;
    }
    else {
        return apr_psprintf(cmd->pool,
                            "UsageOptOut: '%s' is none of gpc, dnt "
                            "and none",
                            value);
    }
    conf->opt_outs = bits;
    return NULL;
}

static const char *add_event(cmd_parms *cmd, void *dir, const char *name,
                             const char *second, const char *third)
{
    const char *const words[] = { name, second, third };
    return usage_doors_add(cmd, dir, words);
}

static const char *open_variable(cmd_parms *cmd, void *dir, int on)
{
    usage_doors_of(dir, cmd->pool)->reads_variable = on;
    return NULL;
}

static const char *open_header(cmd_parms *cmd, void *dir, int on)
{
    usage_doors_of(dir, cmd->pool)->reads_header = on;
    return NULL;
}

static const char *set_types(cmd_parms *cmd, void *dir, int argc,
                             char *const argv[])
{
    static const char *const none[] = { NULL };
    usage_server_conf_t *conf = conf_of(cmd);
    apr_array_header_t *types = usage_conf_words(cmd->pool);
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
    conf->types = usage_rules_page_types(
        usage_rules_list(none, types, cmd->pool), cmd->pool);
    return NULL;
}

#define DURATION(name, range, help)                                            \
    AP_INIT_TAKE1(name, usage_set_duration, (void *)(apr_uintptr_t) & (range), \
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
    AP_INIT_ITERATE("UsageInclude", add_included, NULL,
                    RSRC_CONF | ACCESS_CONF,
                    "paths to count in spite of UsageExclude and UsageStatic"),
    AP_INIT_TAKE2("UsagePath", add_path, NULL, RSRC_CONF,
                  "a regular expression of paths, and what to count them as"),
    AP_INIT_ITERATE("UsageOptOut", add_opt_out, NULL, RSRC_CONF,
                    "signals to honour: gpc, dnt"),
    AP_INIT_ITERATE("UsageStatic", add_static, NULL, RSRC_CONF,
                    "extensions of assets, besides the default list; "
                    "-ext takes one off it"),
    AP_INIT_ITERATE("UsageDownload", usage_download_add, NULL, RSRC_CONF,
                    "extensions of files whose downloads are counted; none"),
    AP_INIT_TAKE_ARGV("UsageTypes", set_types, NULL, RSRC_CONF,
                      "the media types of pages"),
    AP_INIT_TAKE1("UsageBots", set_bots, NULL, RSRC_CONF,
                  "Exclude: a bot's hit is no view; Count: it may be one"),
    AP_INIT_TAKE_ARGV("UsageBreakdown", usage_set_breakdowns, NULL, RSRC_CONF,
                      "what visits are broken down by: source, country, "
                      "language, version, campaign, status, not-found; none"),
    AP_INIT_TAKE1("UsageGeoDB", usage_set_geo, NULL, RSRC_CONF,
                  "a database of countries in MaxMind's format"),
    AP_INIT_TAKE123("UsageEvent", add_event, NULL, RSRC_CONF | ACCESS_CONF,
                    "an event that requests count, its category, and "
                    "expr=expression that they match"),
    AP_INIT_FLAG("UsageEventEnv", open_variable, NULL, RSRC_CONF | ACCESS_CONF,
                 "On: the variable or note usage-event counts events"),
    AP_INIT_FLAG("UsageEventHeader", open_header, NULL,
                 RSRC_CONF | ACCESS_CONF,
                 "On: the header Usage-Event of a response counts events"),
    AP_INIT_TAKE23("UsageLogEvent", usage_log_event_add, NULL, RSRC_CONF,
                   "a part of lines of the error log or ~regex, the event "
                   "that they count, and its category"),
    AP_INIT_TAKE12("UsageMark", usage_mark_set, NULL, RSRC_CONF,
                  "a mark's name, and its category if that is not mark"),
    AP_INIT_FLAG("UsageMarkPost", usage_mark_set_post, NULL, ACCESS_CONF,
                 "On: a POST to the page's /mark puts a mark"),
    AP_INIT_TAKE1("UsageDashboard", usage_set_dashboard, NULL, RSRC_CONF,
                  "site: it shows the virtual host's site alone; all: all"),
    DURATION("UsageInterval", usage_range_interval,
             "length of the base interval, 10m to 1d"),
    AP_INIT_TAKE1("UsageTimezone", usage_set_timezone, NULL, RSRC_CONF,
                  "the time zone of the site's days, such as Europe/Berlin"),
    DURATION("UsageFlushInterval", usage_range_flush_interval,
             "time between two flushes, at least 10s"),
    DURATION("UsageFlushTimeout", usage_range_flush_timeout,
             "time after which a flush is given up"),
    AP_INIT_TAKE1("UsageTable", usage_set_places,
                  (void *)(apr_uintptr_t)&usage_range_slots, RSRC_CONF,
                  "slots of a table of counters in shared memory"),
    AP_INIT_TAKE1("UsageVisitors", usage_set_places,
                  (void *)(apr_uintptr_t)&usage_range_visitors, RSRC_CONF,
                  "visitors that are remembered"),
    AP_INIT_TAKE1("UsagePaths", usage_set_number,
                  (void *)(apr_uintptr_t)&usage_range_paths, RSRC_CONF,
                  "distinct paths of a site that are counted a day"),
    AP_INIT_TAKE1("UsageRecent", usage_set_number,
                  (void *)(apr_uintptr_t)&usage_range_recent, RSRC_CONF,
                  "newest views of a site that are kept"),
    AP_INIT_TAKE2("UsageRetain", usage_set_retain, NULL, RSRC_CONF,
                  "base, day, month or events, and how long they are kept"),
    AP_INIT_TAKE1("UsageSessionWindow", set_window, NULL, RSRC_CONF,
                  "time without a view after which a visit is over"),
    AP_INIT_TAKE1("UsageVisitor", set_visitor, NULL, RSRC_CONF,
                  "what a visitor is told by: address or address+agent"),
    AP_INIT_TAKE1("UsageSalt", set_salt, NULL, RSRC_CONF,
                  "local: the day's salt is this server's own; shared: it is "
                  "that of all servers of the database"),
    AP_INIT_TAKE1("UsageUsers", usage_set_users, NULL, RSRC_CONF,
                  "off; random: users who logged in are counted by the day, "
                  "known by a hash; stored: by name, until the day is over"),
    AP_INIT_TAKE2("UsageAddressMask", set_mask, NULL, RSRC_CONF,
                  "bits of an IPv4 and of an IPv6 address that count"),
    AP_INIT_ITERATE2("UsageBotPattern", add_bot_pattern, NULL, RSRC_CONF,
                     "a kind of bot, and texts that its agent strings have"),
    AP_INIT_TAKE1("UsageNode", set_node, NULL, RSRC_CONF,
                  "this server's name among those of one database"),
    { .name = NULL }
};
/* clang-format on */
