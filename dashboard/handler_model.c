/* SPDX-License-Identifier: Apache-2.0 */
/* A model of a request's query: through the child's cache, over a connection of
 * mod_dbd's if the database must be asked. */
#include "handler_model.h"

#include <stdbool.h>
#include <string.h>

#include <apr_dbd.h>
#include <apr_strings.h>
#include <http_log.h>
#include <http_main.h>
#include <mod_dbd.h>

#include "cache.h"
#include "config.h"
#include "engine/text.h"
#include "handler.h"
#include "segment.h"
#include "store_dbd.h"

APLOG_USE_MODULE(usage);

#define STATEMENTS "mod_usage statements"

/* Seconds between two lines about slow questions. */
#define LOG_PAUSE 600

/* This child's; NULL before it serves. */
static usage_cache_t *cache;

void usage_dashboard_child_init(apr_pool_t *pool, server_rec *s)
{
    (void)s;
    cache = usage_cache_make(pool);
}

/* Statements that were prepared on a pooled connection before, where its driver
 * keeps them good; else those of this request. */
static apr_hash_t *statements_of(request_rec *r, const ap_dbd_t *dbd)
{
    const usage_dialect_t *dialect =
        usage_dialect_of(apr_dbd_name(dbd->driver));
    void *found = NULL;
    if (dialect == NULL || !dialect->keeps_statements) {
        return apr_hash_make(r->pool);
    }
    apr_pool_userdata_get(&found, STATEMENTS, dbd->pool);
    if (found == NULL) {
        found = apr_hash_make(dbd->pool);
        apr_pool_userdata_setn(found, STATEMENTS, apr_pool_cleanup_null,
                               dbd->pool);
    }
    return found;
}

/* Who reads, and what it was given to ask. */
typedef struct reader_t {
    request_rec *r;
    usage_store_t *store; /* NULL: nothing had to be asked, or can be */
} reader_t;

/* A store over a connection of mod_dbd's, or NULL; mod_dbd logs why. */
static usage_store_t *open_store(void *baton)
{
    reader_t *reader = baton;
    request_rec *r = reader->r;
    APR_OPTIONAL_FN_TYPE(ap_dbd_acquire) *acquire =
        APR_RETRIEVE_OPTIONAL_FN(ap_dbd_acquire);
    const ap_dbd_t *dbd = acquire != NULL ? acquire(r) : NULL;
    if (dbd == NULL) {
        return NULL;
    }
    usage_connection_t *connection = usage_connection_make(
        dbd->driver, dbd->handle, statements_of(r, dbd), r->pool);
    if (connection == NULL) {
        return NULL;
    }
    reader->store = usage_store_dbd_make(connection, USAGE_VERSION);
    usage_store_dbd_hurry(reader->store, true);
    return reader->store;
}

/* Of all who ask a slow database, one tells it, and not again for long. */
static bool is_to_be_told(void)
{
    usage_header_t *header = usage_segment_memory()->header;
    apr_int64_t now = apr_time_sec(apr_time_now());
    apr_int64_t last = atomic_load(&header->health.hurried);
    bool is_due = now < last || now - last >= LOG_PAUSE;
    return is_due
           && atomic_compare_exchange_strong(&header->health.hurried, &last,
                                             now);
}

/* The connection goes back to all who share it. */
static void close_store(const reader_t *reader)
{
    if (reader->store == NULL) {
        return;
    }
    usage_store_dbd_hurry(reader->store, false);
    if (usage_store_dbd_trouble(reader->store) == USAGE_TROUBLE_SLOW
        && is_to_be_told()) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, reader->r->server,
                     "USG0110: a question of the dashboard took too long: %s",
                     reader->store->error(reader->store));
    }
}

/* What is broken down at the site, or at any: by whichever virtual host. */
static unsigned breakdowns_of(const server_rec *server, const char *site)
{
    unsigned breakdowns = 0;
    for (; server != NULL; server = server->next) {
        const usage_server_conf_t *conf = usage_server_conf(server);
        if (*site == '\0' || usage_text_is(conf->host->site, site)) {
            breakdowns |= conf->breakdowns;
        }
    }
    return breakdowns;
}

/* Who is shown one site is not told of others. */
static void show_site(request_rec *r, usage_model_t *model)
{
    const char *site = usage_handler_site(r);
    if (site != NULL) {
        const char **sites = apr_palloc(r->pool, sizeof *sites);
        *sites = site;
        model->sites = sites;
        model->sites_count = 1;
        model->has_one_site = true;
    }
}

void usage_handler_read(request_rec *r, usage_query_t *query,
                        usage_model_t *model)
{
    const usage_global_conf_t *global = usage_server_conf(r->server)->global;
    usage_source_t source = {
        .memory = usage_segment_memory(),
        .node = global->node,
        .flush_interval = global->flush_interval,
        .version = USAGE_VERSION,
        .breakdowns = breakdowns_of(ap_server_conf, query->site),
    };
    reader_t reader = { .r = r };
    const usage_cache_asker_t asker = {
        .source = &source,
        .open = open_store,
        .baton = &reader,
        .now = apr_time_now(),
    };
    usage_cache_read(cache, &asker, query, model, r->pool);
    close_store(&reader);
    show_site(r, model);
    if (model->health.database_error != NULL) {
        ap_log_error(APLOG_MARK, APLOG_INFO, 0, r->server,
                     "USG0020: the dashboard shows live numbers only: %s",
                     model->health.database_error);
    }
}

const char *usage_set_dashboard(cmd_parms *cmd, void *dir, const char *value)
{
    bool is_site = ap_cstr_casecmp(value, "site") == 0;
    (void)dir;
    if (!is_site && ap_cstr_casecmp(value, "all") != 0) {
        return apr_psprintf(
            cmd->pool, "UsageDashboard: '%s' is neither site nor all", value);
    }
    usage_server_conf(cmd->server)->shows =
        is_site ? USAGE_SHOWS_SITE : USAGE_SHOWS_ALL;
    return NULL;
}

const char *usage_handler_site(const request_rec *r)
{
    const usage_server_conf_t *conf = usage_server_conf(r->server);
    bool is_of_site = conf->shows == USAGE_SHOWS_UNSET
                          ? r->server->is_virtual
                          : conf->shows == USAGE_SHOWS_SITE;
    usage_text_t site = conf->host->site;
    return is_of_site ? apr_pstrmemdup(r->pool, site.data, site.length) : NULL;
}

/* The names of all sites that are configured, each once. */
static apr_array_header_t *sites_of(const server_rec *server, apr_pool_t *pool)
{
    apr_array_header_t *names = apr_array_make(pool, 16, sizeof(const char *));
    apr_hash_t *known = apr_hash_make(pool);
    for (; server != NULL; server = server->next) {
        usage_text_t site = usage_server_conf(server)->host->site;
        const char *name = apr_pstrmemdup(pool, site.data, site.length);
        if (apr_hash_get(known, name, APR_HASH_KEY_STRING) == NULL) {
            apr_hash_set(known, name, APR_HASH_KEY_STRING, name);
            APR_ARRAY_PUSH(names, const char *) = name;
        }
    }
    return names;
}

/* Whoever can read OpenMetrics says so. */
static bool takes_openmetrics(request_rec *r)
{
    const char *accepted = apr_table_get(r->headers_in, "Accept");
    return accepted != NULL
           && ap_strcasestr(accepted, USAGE_METRICS_OPEN) != NULL;
}

usage_metrics_t usage_handler_metrics(request_rec *r)
{
    const char *site = usage_handler_site(r);
    apr_array_header_t *one = apr_array_make(r->pool, 1, sizeof site);
    if (site != NULL) {
        APR_ARRAY_PUSH(one, const char *) = site;
    }
    return (usage_metrics_t){
        .memory = usage_segment_memory(),
        .sites = site != NULL ? one : sites_of(ap_server_conf, r->pool),
        .is_whole = site == NULL,
        .is_open = takes_openmetrics(r),
        .node = usage_server_conf(r->server)->global->node,
        .version = USAGE_VERSION,
        .now = apr_time_sec(apr_time_now()),
    };
}
