/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structs that directives fill in: made, merged, completed. What the
 * directives are, and what they take, is in directives.c.
 */
#include "config.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_network_io.h>
#include <apr_strings.h>
#include <http_main.h>

#include "afterwards.h"
#include "breakdown.h"
#include "doors.h"
#include "download.h"
#include "engine/rules.h"
#include "mod_usage.h"
#include "timezone.h"

/* Seconds of UsageSessionWindow where it is not set. */
#define WINDOW 1800

/* Written while the configuration is read, by one thread. */
static bool is_used;

bool usage_conf_is_used(void)
{
    return is_used;
}

void usage_conf_note_used(void)
{
    is_used = true;
}

void usage_conf_forget(void)
{
    is_used = false;
}

bool usage_conf_counts(const server_rec *s)
{
    const usage_dir_conf_t *conf =
        ap_get_module_config(s->lookup_defaults, &usage_module);
    return conf->is_on == 1;
}

static usage_global_conf_t *global_create(apr_pool_t *pool)
{
    usage_global_conf_t *global = apr_palloc(pool, sizeof *global);
    *global = (usage_global_conf_t){ .interval = 3600,
                                     .flush_interval = 60,
                                     .flush_timeout = 30,
                                     .slots = 65536,
                                     .visitors = 131072,
                                     .paths = 5000,
                                     .recent = 50,
                                     .retain = usage_retain_standard(),
                                     .mask = { .v4 = 24, .v6 = 48 } };
    return global;
}

apr_array_header_t *usage_conf_words(apr_pool_t *pool)
{
    return apr_array_make(pool, 4, sizeof(const char *));
}

void usage_conf_apply_excluded(usage_dir_conf_t *conf, apr_pool_t *pool)
{
    conf->excluded = usage_rules_prefixes(
        usage_rules_list(usage_rules_excluded, conf->excluded_changes, pool),
        pool);
}

/* The main server's is made first; the others share its global part. */
void *usage_server_conf_create(apr_pool_t *pool, server_rec *s)
{
    usage_server_conf_t *conf = apr_pcalloc(pool, sizeof *conf);
    apr_array_header_t *none = usage_conf_words(pool);
    conf->counts_bots = -1;
    conf->opt_outs = -1;
    conf->bot_rows = apr_array_make(pool, 1, sizeof(usage_agent_pattern_t));
    conf->static_changes = none;
    if (!s->is_virtual) {
        conf->window = WINDOW;
        conf->breakdowns = USAGE_BREAKDOWN_BIT(SOURCE);
        conf->users = USAGE_USERS_OFF;
        conf->global = global_create(pool);
        conf->types = usage_rules_page_types(
            usage_rules_list(usage_rules_types, none, pool), pool);
    }
    return conf;
}

static bool is_empty(const apr_array_header_t *array)
{
    return array == NULL || array->nelts == 0;
}

apr_array_header_t *usage_conf_join(apr_pool_t *pool, apr_array_header_t *first,
                                    apr_array_header_t *second)
{
    if (is_empty(first) || is_empty(second)) {
        return is_empty(first) ? second : first;
    }
    return apr_array_append(pool, first, second);
}

void *usage_server_conf_merge(apr_pool_t *pool, void *base, void *add)
{
    const usage_server_conf_t *under = base;
    const usage_server_conf_t *over = add;
    usage_server_conf_t *conf = apr_pmemdup(pool, over, sizeof *over);
    conf->global = under->global;
    if (over->counts_bots == -1) {
        conf->counts_bots = under->counts_bots;
    }
    conf->bot_rows = usage_conf_join(pool, over->bot_rows, under->bot_rows);
    conf->log_rules = usage_conf_join(pool, over->log_rules, under->log_rules);
    conf->static_changes =
        usage_conf_join(pool, under->static_changes, over->static_changes);
    if (over->opt_outs == -1) {
        conf->opt_outs = under->opt_outs;
    }
    conf->path_rules =
        usage_conf_join(pool, under->path_rules, over->path_rules);
    if (over->window == 0) {
        conf->window = under->window;
    }
    if (over->zone == NULL) {
        conf->zone = under->zone;
    }
    if (over->download_words == NULL) {
        conf->download_words = under->download_words;
    }
    if (!over->has_types) {
        conf->types = under->types;
    }
    if (over->users == USAGE_USERS_UNSET) {
        conf->users = under->users;
    }
    if (over->shows == USAGE_SHOWS_UNSET) {
        conf->shows = under->shows;
    }
    if (!over->has_breakdowns) {
        conf->breakdowns = under->breakdowns;
    }
    return conf;
}

void *usage_dir_conf_create(apr_pool_t *pool, char *dir)
{
    usage_dir_conf_t *conf = apr_pcalloc(pool, sizeof *conf);
    (void)dir;
    conf->is_on = -1;
    conf->takes_marks = -1;
    conf->excluded_changes = usage_conf_words(pool);
    usage_conf_apply_excluded(conf, pool);
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
    if (over->takes_marks != -1) {
        conf->takes_marks = over->takes_marks;
    }
    conf->doors = usage_doors_merge(pool, under->doors, over->doors);
    conf->patterns = usage_conf_join(pool, under->patterns, over->patterns);
    if (over->excluded_changes->nelts > 0) {
        conf->excluded_changes = apr_array_append(pool, under->excluded_changes,
                                                  over->excluded_changes);
        usage_conf_apply_excluded(conf, pool);
    }
    return conf;
}

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

static usage_host_t *host_of(const server_rec *s,
                             const usage_server_conf_t *conf, apr_pool_t *pool)
{
    usage_host_t *host = apr_pcalloc(pool, sizeof *host);
    host->site = site_of(s, conf->site_name, pool);
    host->key = usage_site_key(host->site);
    host->window = conf->window;
    host->paths = (apr_uint32_t)conf->global->paths;
    host->mask = conf->global->mask;
    return host;
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

/* A virtual host without a directive of ours has the main server's struct. */
static usage_server_conf_t *own_conf(server_rec *s, server_rec *main_server,
                                     apr_pool_t *pool)
{
    usage_server_conf_t *conf = usage_server_conf(s);
    if (s != main_server && conf == usage_server_conf(main_server)) {
        conf = apr_pmemdup(pool, conf, sizeof *conf);
        conf->site_name = NULL;
        conf->marks = NULL;
        ap_set_module_config(s->module_config, &usage_module, conf);
    }
    return conf;
}

/* What virtual hosts have in common is made once: there may be thousands. */
typedef struct completion_t {
    const usage_server_conf_t *mains; /* the main server's, NULL before it */
    apr_hash_t *extensions; /* changes, as one text -> usage_wordset_t */
    apr_pool_t *pool;
} completion_t;

static const usage_wordset_t *extensions_of(const completion_t *completion,
                                            const usage_server_conf_t *conf)
{
    apr_pool_t *pool = completion->pool;
    const char *changes = apr_array_pstrcat(pool, conf->static_changes, '\n');
    const usage_wordset_t *set =
        apr_hash_get(completion->extensions, changes, APR_HASH_KEY_STRING);
    if (set == NULL) {
        set = usage_wordset_make(
            usage_rules_list(usage_rules_static, conf->static_changes, pool),
            pool);
        apr_hash_set(completion->extensions, changes, APR_HASH_KEY_STRING, set);
    }
    return set;
}

static const usage_agent_patterns_t *
bot_patterns_of(const completion_t *completion, const usage_server_conf_t *conf)
{
    const usage_server_conf_t *mains = completion->mains;
    return mains != NULL && conf->bot_rows == mains->bot_rows
               ? mains->host->patterns
               : usage_agent_patterns_make(conf->bot_rows, completion->pool);
}

static void complete(const completion_t *completion, usage_server_conf_t *conf)
{
    usage_global_conf_t *global = conf->global;
    conf->extensions = extensions_of(completion, conf);
    conf->downloads =
        usage_download_set(conf, completion->mains, completion->pool);
    conf->afterwards = usage_afterwards_due(conf);
    conf->host->patterns = bot_patterns_of(completion, conf);
    if (conf->window > global->longest_window) {
        global->longest_window = conf->window;
    }
}

void usage_conf_complete(server_rec *main_server, apr_pool_t *pool)
{
    completion_t completion = { .extensions = apr_hash_make(pool),
                                .pool = pool };
    usage_global_conf_t *global = usage_server_conf(main_server)->global;
    if (global->node == NULL) {
        global->node = default_node(pool);
    }
    global->own_hosts = usage_breakdown_own_hosts(main_server, pool);
    for (server_rec *s = main_server; s != NULL; s = s->next) {
        usage_server_conf_t *conf = own_conf(s, main_server, pool);
        conf->host = host_of(s, conf, pool);
        complete(&completion, conf);
        if (completion.mains == NULL) {
            completion.mains = conf;
        }
    }
    usage_timezone_complete(main_server, pool);
}
