/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each hit is counted once, for the first request of its chain of internal
 * redirects (the root): that one has the client's own path. What the outcome
 * hangs on is known in two steps. If the request decides it, it is counted when
 * filters are inserted, and no filter goes in; else the filter waits for the
 * end of the response.
 *
 * The filter sits at CONTENT_SET + 5: below that, mod_cache takes it off its
 * hits; above, it would stay through internal redirects and see subrequests.
 */
#include "filter.h"

#include <string.h>

#include <apr_strings.h>
#include <ap_expr.h>
#include <http_core.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "config.h"
#include "engine/agent_cache.h"
#include "engine/agent_hints.h"
#include "engine/hit.h"
#include "engine/path.h"
#include "engine/rules.h"
#include "mod_usage.h"
#include "pattern.h"
#include "purpose.h"
#include "segment.h"

#define FILTER_NAME "usage"

/*
 * What the root's request_config holds in place of a pointer once the request
 * was seen: that it is counted, or, while its response is awaited, what its
 * agent is (usage_agent_pack, which is odd).
 */
#define COUNTED ((apr_uint32_t)2)

static ap_filter_rec_t *filter_record;

static request_rec *root_of(request_rec *r)
{
    while (r->prev != NULL) {
        r = r->prev;
    }
    return r;
}

static apr_uint32_t state_of(const request_rec *root)
{
    return (apr_uint32_t)(apr_uintptr_t)ap_get_module_config(
        root->request_config, &usage_module);
}

static void set_state(const request_rec *root, apr_uint32_t state)
{
    ap_set_module_config(root->request_config, &usage_module,
                         (void *)(apr_uintptr_t)state);
}

static bool is_awaited(apr_uint32_t state)
{
    return (state & 1) != 0;
}

/* The path of the request line, decoded and normal; NULL if it has none. */
static const char *decoded_path(const request_rec *root)
{
    const char *line = root->unparsed_uri;
    if (line == NULL || *line != '/') {
        return root->parsed_uri.path;
    }
    char *path = apr_pstrmemdup(root->pool, line, strcspn(line, "?#"));
    ap_normalize_path(path, AP_NORMALIZE_NOT_ABOVE_ROOT
                                | AP_NORMALIZE_DECODE_UNRESERVED
                                | AP_NORMALIZE_MERGE_SLASHES);
    ap_unescape_url_keep2f(path, 1);
    return path;
}

/*
 * The client's path: decoded, without a query; NULL if there was none to
 * read. httpd leaves it in parsed_uri.path, but not on a hit in mod_cache's
 * quick handler, which comes before any file is looked for, nor where ProxyPass
 * maps encoded paths.
 */
static const char *path_of(const request_rec *root)
{
    const char *path = root->parsed_uri.path;
    if (path == NULL
        || (root->filename != NULL
            && strchr(root->unparsed_uri, '%') == NULL)) {
        return path;
    }
    return decoded_path(root);
}

/* A request that was refused comes here before its handler is set: then what
 * SetHandler says is worked out. */
static bool is_dashboard(request_rec *root)
{
    const core_dir_config *core =
        ap_get_core_module_config(root->per_dir_config);
    const char *problem = NULL;
    if (root->handler != NULL || core->expr_handler == NULL) {
        return usage_filter_is_dashboard(root);
    }
    const char *handler = ap_expr_str_exec(root, core->expr_handler, &problem);
    return problem == NULL && handler != NULL
           && strcmp(handler, USAGE_HANDLER) == 0;
}

static bool is_off(request_rec *root)
{
    return usage_dir_conf(root)->is_on != 1 || is_dashboard(root);
}

/* r->method says GET by the time an ErrorDocument is served; the line does not
 * change. */
static bool is_get(const request_rec *root)
{
    return root->the_request != NULL
           && strncmp(root->the_request, "GET ", 4) == 0;
}

static usage_text_t agent_text(const request_rec *root)
{
    const char *agent = apr_table_get(root->headers_in, "User-Agent");
    return (usage_text_t){ agent != NULL ? agent : "",
                           agent != NULL ? strlen(agent) : 0 };
}

static usage_agent_t agent_of(const request_rec *root)
{
    const usage_memory_t *memory = usage_segment_memory();
    usage_agent_cache_t cache = { .words = memory->agents,
                                  .count = USAGE_AGENTS,
                                  .seed = memory->sites.seed };
    usage_text_t agent = agent_text(root);
    return usage_agent_cached(&cache, agent.data, agent.length,
                              usage_server_conf(root->server)->bot_patterns);
}

/* Of a person, with what the browser hints. */
static usage_agent_t hinted(const request_rec *root, usage_agent_t agent)
{
    if (!agent.is_bot) {
        usage_agent_hint(&agent,
                         apr_table_get(root->headers_in, "Sec-CH-UA-Mobile"),
                         apr_table_get(root->headers_in, "Sec-CH-UA-Platform"));
    }
    return agent;
}

/* The address is the client's, as mod_remoteip found it. */
static usage_visitor_t visitor_of(const request_rec *root)
{
    const usage_global_conf_t *global = usage_server_conf(root->server)->global;
    const apr_sockaddr_t *address = root->useragent_addr;
    usage_visitor_t visitor = { .mask = global->mask };
    if (address != NULL) {
        visitor.address = address->ipaddr_ptr;
        visitor.address_length = (apr_size_t)address->ipaddr_len;
    }
    if (!global->ignores_agents) {
        visitor.agent = agent_text(root);
    }
    return visitor;
}

static void count(const request_rec *root, usage_hit_t *hit)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    hit->site = conf->site;
    hit->outcomes = conf->outcomes;
    hit->patterns = conf->bot_patterns;
    hit->time = apr_time_sec(root->request_time);
    hit->interval = conf->global->interval;
    hit->window = conf->window;
    hit->paths = (apr_uint32_t)conf->global->paths;
    usage_hit_count(usage_segment_memory(), hit);
    set_state(root, COUNTED);
}

/* Whether the path alone decides the outcome, and which it is. */
static bool is_decided_by_path(const request_rec *root, const char *path,
                               usage_outcome_e *outcome)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    const usage_dir_conf_t *dir = usage_dir_conf(root);
    bool has_patterns = dir->patterns != NULL;
    if (has_patterns && usage_pattern_includes(dir, root, path)) {
        return false;
    }
    if (usage_rules_excludes(dir->excluded, path)
        || (has_patterns && usage_pattern_excludes(dir, root, path))) {
        *outcome = USAGE_OUTCOME_EXCLUDED;
        return true;
    }
    *outcome = USAGE_OUTCOME_ASSET;
    return usage_rules_is_static(conf->extensions, path);
}

/* Whether the request decides the outcome, whatever the response. */
static bool is_decided(const request_rec *root, const usage_agent_t *agent,
                       usage_outcome_e *outcome)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    if (!is_get(root)) {
        *outcome = USAGE_OUTCOME_METHOD;
        return true;
    }
    if (conf->counts_bots != 1 && agent->is_bot) {
        *outcome = USAGE_OUTCOME_BOT;
        return true;
    }
    return usage_purpose_decides(
        root->headers_in, conf->opt_outs == -1 ? 0 : conf->opt_outs, outcome);
}

/* The first look at a request: whether its response is to be awaited. */
static bool is_to_await(request_rec *root)
{
    usage_hit_t hit; /* of a view's fields only the agent is used */
    if (is_off(root)) {
        set_state(root, COUNTED);
        return false;
    }
    const char *path = path_of(root);
    if (path != NULL && is_decided_by_path(root, path, &hit.outcome)) {
        count(root, &hit);
        return false;
    }
    hit.agent = agent_of(root);
    if (path != NULL && is_decided(root, &hit.agent, &hit.outcome)) {
        count(root, &hit);
        return false;
    }
    set_state(root, usage_agent_pack(&hit.agent));
    return true;
}

void usage_filter_insert(request_rec *r)
{
    if (r->main != NULL) {
        return;
    }
    request_rec *root = root_of(r);
    apr_uint32_t state = state_of(root);
    if (is_awaited(state) || (state == 0 && is_to_await(root))) {
        ap_add_output_filter_handle(filter_record, NULL, r, r->connection);
    }
}

static bool is_page(const request_rec *root, const char *type, int status)
{
    if (type == NULL) {
        return status == HTTP_NOT_MODIFIED;
    }
    return usage_rules_is_page(usage_server_conf(root->server)->types, type);
}

/* A response of several parts has no Content-Range; then what was asked for
 * tells. */
static bool begins_at_zero(const request_rec *r)
{
    const char *range = apr_table_get(r->headers_out, "Content-Range");
    if (range != NULL) {
        return strncmp(range, "bytes 0-", 8) == 0;
    }
    range = apr_table_get(r->headers_in, "Range");
    return range != NULL && strncmp(range, "bytes=0-", 8) == 0;
}

/* The path as UsagePath has it counted. */
static const char *counted_path(const request_rec *root)
{
    const char *path = path_of(root);
    return path != NULL ? usage_pattern_path(usage_server_conf(root->server),
                                             path, root->pool)
                        : NULL;
}

/* Count what waited for its response; type as it was before it was sent. */
static void finish(const request_rec *r, const request_rec *root,
                   const char *type)
{
    usage_path_buffer_t buffer;
    usage_response_t response = {
        .status = r->status,
        .is_page_type = is_page(root, type, r->status),
        .begins_at_zero = r->status == HTTP_PARTIAL_CONTENT && begins_at_zero(r)
    };
    usage_hit_t hit = { .outcome = usage_outcome_of(&response) };
    if (hit.outcome == USAGE_OUTCOME_VIEW) {
        hit.path = usage_path_clean(counted_path(root), &buffer);
        hit.agent = hinted(root, usage_agent_unpack(state_of(root)));
        hit.visitor = visitor_of(root);
        hit.bytes = r->bytes_sent;
        hit.millis = apr_time_as_msec(apr_time_now() - root->request_time);
    }
    count(root, &hit);
}

static bool ends_response(const apr_bucket_brigade *bb)
{
    const apr_bucket *b = APR_BRIGADE_LAST(bb);
    while (b != APR_BRIGADE_SENTINEL(bb)) {
        if (APR_BUCKET_IS_EOS(b)) {
            return true;
        }
        if (!APR_BUCKET_IS_METADATA(b)) {
            return false;
        }
        b = APR_BUCKET_PREV(b);
    }
    return false;
}

/*
 * The content type is read before the end is passed on, status and bytes
 * after: a 304 loses its type on the way, a 206 gets its status there. A 416
 * brings two of these filters to the end; the inner one comes first.
 */
static apr_status_t usage_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    if (!ends_response(bb)) {
        return ap_pass_brigade(f->next, bb);
    }
    const char *type = r->content_type;
    apr_status_t rv = ap_pass_brigade(f->next, bb);
    const request_rec *root = root_of(r);
    if (is_awaited(state_of(root))) {
        finish(r, root, type);
    }
    return rv;
}

int usage_filter_log(request_rec *r)
{
    request_rec *root = root_of(r);
    apr_uint32_t state = state_of(root);
    if (is_awaited(state) || (state == 0 && is_to_await(root))) {
        while (r->next != NULL) {
            r = r->next;
        }
        finish(r, root, r->content_type);
    }
    return DECLINED;
}

void usage_filter_register(void)
{
    filter_record =
        ap_register_output_filter(FILTER_NAME, usage_filter, NULL,
                                  (ap_filter_type)(AP_FTYPE_CONTENT_SET + 5));
}
