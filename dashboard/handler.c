/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request for the dashboard: its method, its place below the handler's
 * location, then a query, a model and a renderer. Runs in a child's thread.
 */
#include "handler.h"

#include <stdbool.h>
#include <string.h>

#include <apr_dbd.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_dbd.h>

#include "assets.h"
#include "config.h"
#include "filter.h"
#include "html.h"
#include "mark_post.h"
#include "mod_usage.h"
#include "segment.h"
#include "source.h"
#include "store_dbd.h"

APLOG_USE_MODULE(usage);

#define POLICY                                                                 \
    "default-src 'none'; style-src 'self'; form-action 'self'; "               \
    "base-uri 'none'; frame-ancestors 'none'"

#define STATEMENTS "mod_usage statements"

static apr_status_t write_response(void *baton, const char *data,
                                   apr_size_t length)
{
    request_rec *r = baton;
    return ap_rwrite(data, (int)length, r) >= 0 ? APR_SUCCESS
                                                : APR_ECONNABORTED;
}

static bool lies_below(const char *uri, const char *location)
{
    apr_size_t length = strlen(location);
    while (length > 0 && location[length - 1] == '/') {
        length--;
    }
    return strncmp(uri, location, length) == 0
           && (uri[length] == '\0' || uri[length] == '/');
}

/* The least of a path, by whole segments, that a <LocationMatch> is for. */
static const char *part_matched(request_rec *r, const ap_regex_t *regex)
{
    apr_size_t length = 0;
    while (r->uri[length] != '\0') {
        length += 1 + strcspn(r->uri + length + 1, "/");
        const char *part = apr_pstrmemdup(r->pool, r->uri, length);
        const char *folder = apr_pstrcat(r->pool, part, "/", NULL);
        if (ap_regexec(regex, part, 0, NULL, 0) == 0
            || ap_regexec(regex, folder, 0, NULL, 0) == 0) {
            return part;
        }
    }
    return NULL;
}

static const char *location_of_section(request_rec *r,
                                       const core_dir_config *section)
{
    if (section->handler == NULL && section->expr_handler == NULL) {
        return NULL;
    }
    if (section->r != NULL) {
        return part_matched(r, section->r);
    }
    return lies_below(r->uri, section->d) ? section->d : NULL;
}

/* The path of the last <Location> around a request that sets a handler: there
 * the request's own comes from. */
static const char *location_of(request_rec *r)
{
    const core_server_config *core =
        ap_get_core_module_config(r->server->module_config);
    const char *location = NULL;
    for (int i = 0; i < core->sec_url->nelts; i++) {
        const core_dir_config *section = ap_get_core_module_config(
            APR_ARRAY_IDX(core->sec_url, i, ap_conf_vector_t *));
        const char *its = location_of_section(r, section);
        location = its != NULL ? its : location;
    }
    return location;
}

/*
 * The URL path that the handler was set for: that of the <Location>, which
 * alone tells /usage-stats/style.css from a location of that name; else what
 * the path is without what follows the file.
 */
static const char *base_of(request_rec *r)
{
    const char *location = location_of(r);
    if (location != NULL) {
        return location;
    }
    apr_size_t tail = r->path_info != NULL ? strlen(r->path_info) : 0;
    apr_size_t whole = strlen(r->uri);
    return apr_pstrmemdup(r->pool, r->uri, whole - (tail < whole ? tail : 0));
}

/* What of the path lies below the base, without slashes around it. */
static const char *place_of(request_rec *r, const char *base)
{
    apr_size_t length = strlen(base);
    const char *place =
        r->uri + (length < strlen(r->uri) ? length : strlen(r->uri));
    return place + strspn(place, "/");
}

/* The base as a reference that works behind any proxy: from the page's own
 * path, be it asked for with a slash at its end or without. */
static const char *relative_base(request_rec *r)
{
    const char *slash = strrchr(r->uri, '/');
    if (slash == NULL || slash[1] == '\0') {
        return ".";
    }
    return slash + 1;
}

static void set_headers(request_rec *r, const char *caching)
{
    apr_table_setn(r->headers_out, "Cache-Control", caching);
    apr_table_setn(r->headers_out, "Content-Security-Policy", POLICY);
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Referrer-Policy", "same-origin");
}

static int send_stylesheet(request_rec *r)
{
    set_headers(r, "max-age=300");
    ap_set_content_type(r, "text/css; charset=utf-8");
    ap_set_content_length(r, (apr_off_t)usage_style_length);
    ap_rwrite(usage_style, (int)usage_style_length, r);
    return OK;
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

/* A store over a connection of mod_dbd's, or NULL; mod_dbd logs why. */
static usage_store_t *open_store(request_rec *r)
{
    APR_OPTIONAL_FN_TYPE(ap_dbd_acquire) *acquire =
        APR_RETRIEVE_OPTIONAL_FN(ap_dbd_acquire);
    const ap_dbd_t *dbd = acquire != NULL ? acquire(r) : NULL;
    if (dbd == NULL) {
        return NULL;
    }
    usage_connection_t *connection = usage_connection_make(
        dbd->driver, dbd->handle, statements_of(r, dbd), r->pool);
    return connection != NULL ? usage_store_dbd_make(connection, USAGE_VERSION)
                              : NULL;
}

/* What is broken down at the site, or at any: by whichever virtual host. */
static unsigned breakdowns_of(const server_rec *server, const char *site)
{
    unsigned breakdowns = 0;
    for (; server != NULL; server = server->next) {
        const usage_server_conf_t *conf = usage_server_conf(server);
        const usage_text_t its = conf->host->site;
        if (*site == '\0'
            || (strlen(site) == its.length
                && memcmp(site, its.data, its.length) == 0)) {
            breakdowns |= conf->breakdowns;
        }
    }
    return breakdowns;
}

static void read_model(request_rec *r, usage_query_t *query,
                       usage_model_t *model)
{
    const usage_global_conf_t *global = usage_server_conf(r->server)->global;
    usage_source_t source = {
        .store = open_store(r),
        .memory = usage_segment_memory(),
        .node = global->node,
        .flush_interval = global->flush_interval,
        .version = USAGE_VERSION,
        .breakdowns = breakdowns_of(ap_server_conf, query->site),
    };
    usage_model_read(&source, query, model, r->pool);
    if (model->health.database_error != NULL) {
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      "USG0020: the dashboard shows live numbers only: %s",
                      model->health.database_error);
    }
}

static int send_page(request_rec *r)
{
    usage_query_t query;
    usage_model_t model;
    usage_sink_t sink;
    const char *problem = NULL;
    const usage_server_conf_t *conf = usage_server_conf(r->server);
    usage_page_t page = { .zones = conf->global->zones,
                          .zone = conf->host->clock->zone,
                          .now = apr_time_sec(apr_time_now()) };
    apr_status_t rv =
        usage_query_parse(r->args, &page, &query, &problem, r->pool);
    set_headers(r, "no-store");
    ap_set_content_type(r, "text/html; charset=utf-8");
    usage_sink_init(&sink, write_response, r);
    if (rv != APR_SUCCESS) {
        r->status = HTTP_BAD_REQUEST;
        usage_html_problem(problem, relative_base(r), &sink);
        return OK;
    }
    if (r->header_only) {
        return OK;
    }
    read_model(r, &query, &model);
    usage_html_render(&model, relative_base(r), &sink);
    return OK;
}

/* Not inlined: the hook below is called for every request of the server. */
__attribute__((noinline)) static int handle(request_rec *r)
{
    if (!usage_filter_is_dashboard(r)) {
        return DECLINED;
    }
    const char *place = place_of(r, base_of(r));
    if (usage_conf_is_used() && usage_mark_post_is_on(r)
        && strcmp(place, USAGE_MARK_PLACE) == 0) {
        return usage_mark_post(r);
    }
    ap_allow_standard_methods(r, REPLACE_ALLOW, M_GET, -1);
    if (r->method_number != M_GET) {
        return HTTP_METHOD_NOT_ALLOWED;
    }
    if (!usage_conf_is_used()) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "USG0021: nothing is counted, so there is nothing to "
                      "show: add \"Usage On\"");
        return HTTP_NOT_FOUND;
    }
    if (*place == '\0') {
        return send_page(r);
    }
    return strcmp(place, "style.css") == 0 ? send_stylesheet(r)
                                           : HTTP_NOT_FOUND;
}

int usage_dashboard_handler(request_rec *r)
{
    return usage_filter_may_be_dashboard(r) ? handle(r) : DECLINED;
}
