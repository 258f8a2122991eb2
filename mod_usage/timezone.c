/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A zone is read once for each reading of the configuration, by the parent, in
 * its one thread. All else is read-only: children inherit it.
 */
#include "timezone.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

#include "config.h"
#include "engine/zone_read.h"
#include "mod_usage.h"

APLOG_USE_MODULE(usage);

#define READ "mod_usage zones" /* name -> usage_zone_t, kept with the pool */

static apr_hash_t *kept_in(apr_pool_t *pool, const char *key)
{
    void *found = NULL;
    apr_pool_userdata_get(&found, key, pool);
    if (found == NULL) {
        found = apr_hash_make(pool);
        apr_pool_userdata_setn(found, key, apr_pool_cleanup_null, pool);
    }
    return found;
}

static const char *refusal(apr_status_t rv, const char *name, apr_pool_t *pool)
{
    const char *folder = usage_zone_folder();
    if (rv == APR_ENODIR) {
        return apr_psprintf(pool,
                            "UsageTimezone: the rules of time zones are not "
                            "installed (no folder %s): install the package "
                            "tzdata, or use UTC",
                            folder);
    }
    return apr_psprintf(pool,
                        "UsageTimezone: there is no time zone '%s' in %s: "
                        "give a name from there, such as Europe/Berlin (names "
                        "of old may be in a package of their own, "
                        "tzdata-legacy), or UTC",
                        name, folder);
}

const char *usage_set_timezone(cmd_parms *cmd, void *dir, const char *name)
{
    apr_hash_t *read = kept_in(cmd->pool, READ);
    const usage_zone_t *zone = apr_hash_get(read, name, APR_HASH_KEY_STRING);
    (void)dir;
    if (zone == NULL) {
        apr_status_t rv = usage_zone_read(name, &zone, cmd->pool);
        if (rv != APR_SUCCESS) {
            return refusal(rv, name, cmd->pool);
        }
        apr_hash_set(read, zone->name, APR_HASH_KEY_STRING, zone);
    }
    usage_server_conf(cmd->server)->zone = zone;
    return NULL;
}

static bool has_zone(const usage_zones_t *zones, usage_text_t site)
{
    return apr_hash_get(zones->by_site, site.data, (apr_ssize_t)site.length)
           != NULL;
}

/* Set a site's zone, unless an earlier virtual host has. */
static void settle(server_rec *s, usage_zones_t *zones)
{
    const usage_server_conf_t *conf = usage_server_conf(s);
    const usage_zone_t *known = usage_zones_of(zones, conf->host->site);
    if (conf->zone != NULL && !has_zone(zones, conf->host->site)) {
        usage_zones_set(zones, conf->host->site, conf->zone);
        return;
    }
    if (conf->zone == NULL || conf->zone == known
        || ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return;
    }
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "USG0040: UsageTimezone: site %s is in %s, so it can't be in "
                 "%s, too: virtual hosts of one site have one time zone; give "
                 "the other its own UsageSite",
                 conf->host->site.data, known->name, conf->zone->name);
}

/* The clock of a zone: sites of one zone share it. */
static usage_clock_t *clock_of(apr_hash_t *clocks, const usage_zone_t *zone,
                               apr_int64_t interval)
{
    usage_clock_t *clock =
        apr_hash_get(clocks, zone->name, APR_HASH_KEY_STRING);
    if (clock == NULL) {
        clock = apr_pcalloc(apr_hash_pool_get(clocks), sizeof *clock);
        clock->zone = zone;
        clock->interval = interval;
        apr_hash_set(clocks, zone->name, APR_HASH_KEY_STRING, clock);
    }
    return clock;
}

void usage_timezone_complete(server_rec *main_server, apr_pool_t *pool)
{
    const usage_server_conf_t *its = usage_server_conf(main_server);
    usage_global_conf_t *global = its->global;
    apr_hash_t *clocks = apr_hash_make(pool);
    usage_zones_t *zones =
        usage_zones_make(global->interval,
                         its->zone != NULL ? its->zone : &usage_zone_utc, pool);
    for (server_rec *s = main_server->next; s != NULL; s = s->next) {
        settle(s, zones);
    }
    if (!has_zone(zones, its->host->site)) {
        usage_zones_set(zones, its->host->site, zones->fallback);
    }
    for (server_rec *s = main_server; s != NULL; s = s->next) {
        usage_host_t *host = usage_server_conf(s)->host;
        host->clock = clock_of(clocks, usage_zones_of(zones, host->site),
                               global->interval);
    }
    global->zones = zones;
}
