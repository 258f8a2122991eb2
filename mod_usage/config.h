/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the directives say, as structs. Written while the configuration is
 * read, read-only once the server runs.
 */
#ifndef USAGE_CONFIG_H
#define USAGE_CONFIG_H

#include <stdbool.h>

#include <httpd.h>
#include <http_config.h>

#include "engine/agent_patterns.h"
#include "engine/hit.h"
#include "engine/retention.h"
#include "engine/rules.h"
#include "engine/visitor.h"
#include "engine/wordset.h"
#include "engine/zones.h"
#include "geo.h"
#include "mod_usage.h"

/** Of the whole server: one for all virtual hosts. */
typedef struct usage_global_conf_t {
    apr_int64_t interval; /**< seconds of a base interval */
    apr_int64_t flush_interval; /**< seconds */
    apr_int64_t flush_timeout; /**< seconds */
    apr_int64_t slots; /**< of one table, a power of two */
    apr_int64_t visitors; /**< remembered, a power of two */
    apr_int64_t paths; /**< distinct paths of a site a day */
    apr_int64_t recent; /**< newest views of a site to keep */
    apr_int64_t longest_window; /**< of all sites; set in post_config */
    usage_retain_t retain;
    usage_mask_t mask;
    bool ignores_agents; /**< UsageVisitor address */
    bool shares_salts; /**< UsageSalt shared */
    const char *node; /**< never NULL after post_config */
    usage_zones_t *zones; /**< of all sites; set in post_config */
    usage_geo_t *geo; /**< UsageGeoDB, or NULL */
    apr_hash_t *own_hosts; /**< of all sites; set in post_config */
} usage_global_conf_t;

/** UsageUsers. */
typedef enum usage_users_e {
    USAGE_USERS_UNSET,
    USAGE_USERS_OFF,
    USAGE_USERS_RANDOM,
    USAGE_USERS_STORED
} usage_users_e;

/** UsageDashboard. */
typedef enum usage_shows_e {
    USAGE_SHOWS_UNSET, /**< in a virtual host its site, else all */
    USAGE_SHOWS_SITE,
    USAGE_SHOWS_ALL
} usage_shows_e;

/** Of a virtual host. */
typedef struct usage_server_conf_t {
    usage_global_conf_t *global;
    const char *site_name; /**< UsageSite, or NULL */
    usage_host_t *host; /**< set in post_config */
    const usage_zone_t *zone; /**< UsageTimezone, or NULL */
    apr_int64_t window; /**< seconds of UsageSessionWindow, 0 unset */
    int counts_bots; /**< -1 unset, 0 or 1 */
    int opt_outs; /**< headers.h, -1 unset */
    usage_users_e users;
    usage_shows_e shows;
    unsigned breakdowns; /**< breakdown.h: a bit for each */
    bool has_breakdowns; /**< UsageBreakdown stands here */
    apr_array_header_t *path_rules; /**< pattern.c's, or NULL */
    apr_array_header_t *log_rules; /**< log_event.c's, or NULL */
    apr_array_header_t *bot_rows; /**< of usage_agent_pattern_t */
    apr_array_header_t *static_changes; /**< of const char * */
    const usage_wordset_t *extensions; /**< static; set in post_config */
    apr_array_header_t *download_words; /**< of const char *, NULL unset */
    const usage_wordset_t *downloads; /**< NULL: none; set in post_config */
    apr_array_header_t *types; /**< usage_rules_page_types */
    bool has_types; /**< UsageTypes stands here */
    unsigned afterwards; /**< usage_afterwards_due; set in post_config */
    apr_array_header_t *marks; /**< usage_mark_row_t of UsageMark, or NULL */
} usage_server_conf_t;

typedef struct usage_doors_t usage_doors_t; /* doors.h */

/** Of a directory or location. */
typedef struct usage_dir_conf_t {
    int is_on; /**< -1 unset, 0 or 1 */
    int takes_marks; /**< UsageMarkPost: -1 unset, 0 or 1 */
    usage_doors_t *doors; /**< for events; NULL: all are shut */
    apr_array_header_t *excluded_changes; /**< of const char * */
    const usage_prefixes_t *excluded;
    apr_array_header_t *patterns; /**< pattern.c's, or NULL */
} usage_dir_conf_t;

void *usage_server_conf_create(apr_pool_t *pool, server_rec *s);
void *usage_server_conf_merge(apr_pool_t *pool, void *base, void *add);
void *usage_dir_conf_create(apr_pool_t *pool, char *dir);
void *usage_dir_conf_merge(apr_pool_t *pool, void *base, void *add);

/** The configuration of a virtual host. */
static inline usage_server_conf_t *usage_server_conf(const server_rec *s)
{
    return ap_get_module_config(s->module_config, &usage_module);
}

/** The configuration that a request's directories give. */
static inline const usage_dir_conf_t *usage_dir_conf(const request_rec *r)
{
    return ap_get_module_config(r->per_dir_config, &usage_module);
}

/** Whether a virtual host counts, outside of all directories and locations. */
bool usage_conf_counts(const server_rec *s);

/** Make the list anew from the changes to it. */
void usage_conf_apply_excluded(usage_dir_conf_t *conf, apr_pool_t *pool);

/** An empty array of const char *. */
apr_array_header_t *usage_conf_words(apr_pool_t *pool);

/** One array behind another; of those that are empty or NULL, the other itself:
 * most virtual hosts add nothing, and share what they begin with. */
apr_array_header_t *usage_conf_join(apr_pool_t *pool, apr_array_header_t *first,
                                    apr_array_header_t *second);

/** Note that `Usage On` stands somewhere. */
void usage_conf_note_used(void);

/** Whether `Usage On` stands anywhere in the configuration. */
bool usage_conf_is_used(void);

/** Forget that it did: a configuration is about to be read. */
void usage_conf_forget(void);

/** Fill in what depends on the whole configuration; from post_config. */
void usage_conf_complete(server_rec *main_server, apr_pool_t *pool);

#endif
