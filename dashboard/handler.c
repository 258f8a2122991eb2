/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request for the dashboard: its method, its place below the handler's
 * location, which is a row of the table below, then a query, a model and a
 * renderer. Runs in a child's thread.
 */
#include "handler.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

#include "argument.h"
#include "assets.h"
#include "config.h"
#include "csv.h"
#include "digest.h"
#include "filter.h"
#include "handler_model.h"
#include "handler_place.h"
#include "html.h"
#include "json.h"
#include "mark_post.h"
#include "mod_usage.h"
#include "summary.h"
#include "text.h"

APLOG_USE_MODULE(usage);

#define POLICY                                                                 \
    "default-src 'none'; style-src 'self'; script-src 'self'; "                \
    "connect-src 'self'; img-src data:; form-action 'self'; "                  \
    "base-uri 'none'; frame-ancestors 'none'"

/* What is rendered, and how. */
typedef struct rendering_t {
    request_rec *r;
    const usage_model_t *model;
} rendering_t;

typedef apr_status_t render_fn(const rendering_t *its, usage_sink_t *sink);

/* A place below the location. */
typedef struct place_t {
    const char *name;
    const char *type;
    int (*send)(request_rec *r, const struct place_t *place);
    render_fn *render; /* a model, where it is made of one */
    /* What is wrong with its own arguments, or NULL; where it has any. */
    const char *(*judge)(request_rec *r);
    bool lists_all; /* rows of a ranking, unless it is told how many */
    const char *vary; /* the request's header that it goes by, or NULL */
} place_t;

static apr_status_t write_response(void *baton, const char *data,
                                   apr_size_t length)
{
    request_rec *r = baton;
    return ap_rwrite(data, (int)length, r) >= 0 ? APR_SUCCESS
                                                : APR_ECONNABORTED;
}

static void set_headers(request_rec *r, const char *type, const char *caching)
{
    ap_set_content_type(r, type);
    apr_table_setn(r->headers_out, "Cache-Control", caching);
    apr_table_setn(r->headers_out, "Content-Security-Policy", POLICY);
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Referrer-Policy", "same-origin");
}

/* Others may have gone by other headers. */
static void set_vary(request_rec *r, const place_t *place)
{
    if (place->vary != NULL) {
        apr_table_mergen(r->headers_out, "Vary", place->vary);
    }
}

/* The page speaks the reader's language, and so do its problems. */
static void set_language(request_rec *r, usage_sink_t *sink)
{
    sink->language = usage_language_accepted(
        apr_table_get(r->headers_in, "Accept-Language"));
}

/* A problem with what was asked, as the place would say it. */
static int send_problem(request_rec *r, const place_t *place, int status,
                        const char *problem)
{
    usage_sink_t sink;
    r->status = status;
    usage_sink_init(&sink, write_response, r);
    if (*place->name == '\0') {
        set_headers(r, place->type, "no-store");
        set_vary(r, place);
        set_language(r, &sink);
        usage_html_problem(problem, usage_handler_base(r), &sink);
        return OK;
    }
    set_headers(r, "text/plain; charset=utf-8", "no-store");
    ap_rprintf(r, "%s\n", problem);
    return OK;
}

/* Whether the client has a body that was compressed on its way: mod_deflate and
 * mod_brotli write the coding at the end of the tag, and don't look for it
 * there when it is asked for again. */
static bool has_compressed(request_rec *r, const char *tag)
{
    static const char *const codings[] = { "gzip", "br" };
    const char *accepted = apr_table_get(r->headers_in, "Accept-Encoding");
    int length = (int)strlen(tag) - 1;
    for (apr_size_t i = 0; i < sizeof codings / sizeof *codings; i++) {
        apr_table_setn(
            r->headers_out, "ETag",
            apr_psprintf(r->pool, "%.*s-%s\"", length, tag, codings[i]));
        if (ap_find_token(r->pool, accepted, codings[i])
            && ap_meets_conditions(r) == HTTP_NOT_MODIFIED) {
            apr_table_mergen(r->headers_out, "Vary", "Accept-Encoding");
            return true;
        }
    }
    return false;
}

/* Of a body that the digest has had: the headers, and whether the client has
 * it already. */
static int announce(request_rec *r, const usage_digest_t *digest)
{
    const char *tag = usage_digest_etag(digest, r->pool);
    ap_set_content_length(r, usage_digest_length(digest));
    apr_table_setn(r->headers_out, "ETag", tag);
    int met = ap_meets_conditions(r);
    if (met == OK && has_compressed(r, tag)) {
        return HTTP_NOT_MODIFIED;
    }
    apr_table_setn(r->headers_out, "ETag", tag);
    return met;
}

static int send_rendering(const rendering_t *its, const place_t *place)
{
    usage_sink_t sink;
    usage_digest_t *digest = usage_digest_make(its->r->pool);
    usage_sink_init(&sink, usage_digest_write, digest);
    apr_status_t rv = place->render(its, &sink);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, its->r->server,
                     "USG0100: /%s of the dashboard can't be made",
                     place->name);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    int met = announce(its->r, digest);
    if (met != OK || its->r->header_only) {
        return met;
    }
    usage_sink_init(&sink, write_response, its->r);
    place->render(its, &sink);
    return OK;
}

/* Arguments with the site that alone is shown, if none is asked for. */
static const char *args_of(request_rec *r, const char *site)
{
    const char *encoded = ap_escape_urlencoded(r->pool, site);
    return apr_pstrcat(r->pool, r->args != NULL ? r->args : "",
                       "&site=", encoded, NULL);
}

static apr_status_t parse_query(request_rec *r, usage_query_t *query,
                                const char **problem)
{
    const usage_server_conf_t *conf = usage_server_conf(r->server);
    const char *site = usage_handler_site(r);
    const char *args = site != NULL ? args_of(r, site) : r->args;
    usage_page_t page = { .zones = conf->global->zones,
                          .zone = conf->host->clock->zone,
                          .retain = &conf->global->retain,
                          .now = apr_time_sec(apr_time_now()) };
    return usage_query_parse(args, &page, query, problem, r->pool);
}

/* Whether another site is asked for than the one that may be shown. */
static bool is_forbidden(request_rec *r)
{
    const char *shown = usage_handler_site(r);
    const char *asked = usage_argument(r->args, "site", r->pool);
    return shown != NULL && asked != NULL && *asked != '\0'
           && strcmp(asked, shown) != 0;
}

static int send_model(request_rec *r, const place_t *place)
{
    usage_query_t query;
    usage_model_t model;
    const char *problem = place->judge != NULL ? place->judge(r) : NULL;
    if (is_forbidden(r)) {
        return send_problem(r, place, HTTP_FORBIDDEN,
                            "This page shows one site, that of the host it is "
                            "on. All are shown where UsageDashboard is all.");
    }
    if (problem != NULL || parse_query(r, &query, &problem) != APR_SUCCESS) {
        return send_problem(r, place, HTTP_BAD_REQUEST, problem);
    }
    if (place->lists_all && !query.has_limit) {
        query.limit = USAGE_ROWS_MAX;
    }
    set_headers(r, place->type, "private, no-cache");
    set_vary(r, place);
    usage_handler_read(r, &query, &model);
    const rendering_t its = { r, &model };
    return send_rendering(&its, place);
}

/* Asked for to be kept elsewhere: they are other ones each time. */
static int send_metrics(request_rec *r, const place_t *place)
{
    usage_sink_t sink;
    usage_metrics_t metrics = usage_handler_metrics(r);
    const char *type = metrics.is_open ? USAGE_METRICS_OPEN_TYPE : place->type;
    set_headers(r, type, "no-store");
    set_vary(r, place);
    usage_sink_init(&sink, write_response, r);
    if (!r->header_only) {
        usage_metrics_render(&metrics, r->pool, &sink);
    }
    return OK;
}

/* What a page asks for by its version can be kept for ever. */
static int send_asset(request_rec *r, const place_t *place, const char *data,
                      apr_size_t length)
{
    usage_digest_t *digest = usage_digest_make(r->pool);
    const char *asked = usage_argument(r->args, "v", r->pool);
    char version[USAGE_VERSION_ROOM];
    usage_digest_version(data, length, version);
    set_headers(r, place->type,
                asked != NULL && strcmp(asked, version) == 0
                    ? "public, max-age=31536000, immutable"
                    : "max-age=300");
    usage_digest_write(digest, data, length);
    int met = announce(r, digest);
    if (met == OK && !r->header_only) {
        ap_rwrite(data, (int)length, r);
    }
    return met;
}

static int send_stylesheet(request_rec *r, const place_t *place)
{
    return send_asset(r, place, usage_style, usage_style_length);
}

static int send_script(request_rec *r, const place_t *place)
{
    return send_asset(r, place, usage_script, usage_script_length);
}

static apr_status_t render_page(const rendering_t *its, usage_sink_t *sink)
{
    set_language(its->r, sink);
    return usage_html_render(its->model, usage_handler_base(its->r), sink);
}

static const char *judge_shape(request_rec *r)
{
    const char *shape = usage_argument(r->args, "shape", r->pool);
    if (shape == NULL) {
        return NULL;
    }
    if (strcmp(shape, "summary") != 0) {
        return "The shape in this address is unknown. It can be: summary.";
    }
    return usage_argument(r->args, "f", r->pool) != NULL
                   || usage_argument(r->args, "page", r->pool) != NULL
               ? "A summary is of all that a site has: leave f and page out."
               : NULL;
}

static apr_status_t render_json(const rendering_t *its, usage_sink_t *sink)
{
    apr_pool_t *pool = its->r->pool;
    return usage_argument(its->r->args, "shape", pool) != NULL
               ? usage_summary_render(its->model, pool, sink)
               : usage_json_render(its->model, pool, sink);
}

static apr_status_t render_text(const rendering_t *its, usage_sink_t *sink)
{
    return usage_text_render(its->model, its->r->pool, sink);
}

static const char *table_of(request_rec *r)
{
    return usage_argument(r->args, "table", r->pool);
}

static const char *judge_table(request_rec *r)
{
    return usage_csv_has(table_of(r))
               ? NULL
               : apr_pstrcat(r->pool,
                             "The argument table has to name one of these: ",
                             usage_csv_tables(r->pool), ".", NULL);
}

static apr_status_t render_csv(const rendering_t *its, usage_sink_t *sink)
{
    request_rec *r = its->r;
    const char *table = table_of(r);
    apr_table_setn(
        r->headers_out, "Content-Disposition",
        apr_psprintf(r->pool, "attachment; filename=\"usage-%s.csv\"", table));
    return usage_csv_render(its->model, table, r->pool, sink);
}

/* clang-format off */
static const place_t places[] = {
    { "", "text/html; charset=utf-8", send_model, render_page,
      .vary = "Accept-Language" },
    { "json", "application/json", send_model, render_json, judge_shape },
    { "csv", "text/csv; charset=utf-8; header=present", send_model, render_csv,
      judge_table, .lists_all = true },
    { "text", "text/plain; charset=utf-8", send_model, render_text },
    { "metrics", USAGE_METRICS_TYPE, send_metrics, .vary = "Accept" },
    { "style.css", "text/css; charset=utf-8", send_stylesheet },
    { "script.js", "text/javascript; charset=utf-8", send_script },
};
/* clang-format on */

static const place_t *place_named(const char *name)
{
    for (apr_size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(places[i].name, name) == 0) {
            return &places[i];
        }
    }
    return NULL;
}

/* Not inlined: the hook below is called for every request of the server. */
__attribute__((noinline)) static int handle(request_rec *r)
{
    if (!usage_filter_is_dashboard(r)) {
        return DECLINED;
    }
    const char *name = usage_handler_place(r);
    if (usage_conf_is_used() && usage_mark_post_is_on(r)
        && strcmp(name, USAGE_MARK_PLACE) == 0) {
        return usage_mark_post(r);
    }
    ap_allow_standard_methods(r, REPLACE_ALLOW, M_GET, -1);
    if (r->method_number != M_GET) {
        return HTTP_METHOD_NOT_ALLOWED;
    }
    if (!usage_conf_is_used()) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, r->server,
                     "USG0021: nothing is counted, so there is nothing to "
                     "show: add \"Usage On\"");
        return HTTP_NOT_FOUND;
    }
    const place_t *place = place_named(name);
    return place != NULL ? place->send(r, place) : HTTP_NOT_FOUND;
}

int usage_dashboard_handler(request_rec *r)
{
    return usage_filter_may_be_dashboard(r) ? handle(r) : DECLINED;
}
