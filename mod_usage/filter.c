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

#include <http_protocol.h>
#include <util_filter.h>

#include "afterwards.h"
#include "client.h"
#include "config.h"
#include "doors.h"
#include "engine/hit.h"
#include "engine/path.h"
#include "engine/rules.h"
#include "mod_usage.h"
#include "pattern.h"
#include "headers.h"
#include "request.h"
#include "segment.h"

#define FILTER_NAME "usage"

/* What is known of a request whose response is awaited. */
typedef struct awaited_t {
    usage_known_path_t path; /* the client's; of no length if it has none */
    usage_known_agent_t agent;
} awaited_t;

/* What the root's request_config holds once the request was seen: the one of
 * its outcome when it is counted, before that what is awaited. The last is that
 * of requests which are not counted at all. */
static const awaited_t counted[USAGE_OUTCOMES + 1];

static ap_filter_rec_t *filter_record;

static request_rec *root_of(request_rec *r)
{
    while (r->prev != NULL) {
        r = r->prev;
    }
    return r;
}

static request_rec *last_of(request_rec *r)
{
    while (r->next != NULL) {
        r = r->next;
    }
    return r;
}

static const awaited_t *state_of(const request_rec *root)
{
    return ap_get_module_config(root->request_config, &usage_module);
}

static bool is_counted(const awaited_t *state)
{
    return (apr_uintptr_t)state - (apr_uintptr_t)counted < sizeof counted;
}

static void set_state(const request_rec *root, const awaited_t *state)
{
    ap_set_module_config(root->request_config, &usage_module, (void *)state);
}

static inline usage_known_path_t known_path(const request_rec *root,
                                            const usage_server_conf_t *conf)
{
    const char *path = usage_request_path(root);
    return usage_path_known(conf->global->known_paths,
                            &usage_segment_memory()->header->secret,
                            conf->extensions, path != NULL ? path : "");
}

/* The address is the client's, as mod_remoteip found it. */
static void set_visitor(usage_visitor_t *visitor, const request_rec *root,
                        const usage_server_conf_t *conf,
                        const usage_known_agent_t *agent)
{
    const apr_sockaddr_t *address = root->useragent_addr;
    visitor->agent = conf->global->ignores_agents ? 0 : agent->hash;
    visitor->address_length = 0;
    if (address != NULL) {
        visitor->address = address->ipaddr_ptr;
        visitor->address_length = (apr_size_t)address->ipaddr_len;
    }
}

static void count(const request_rec *root, const usage_server_conf_t *conf,
                  usage_hit_t *hit)
{
    hit->host = conf->host;
    hit->time = apr_time_sec(root->request_time);
    usage_hit_count(usage_segment_memory(), hit);
    set_state(root, &counted[hit->outcome]);
}

/* Whether the path alone decides the outcome, and which it is. */
static bool is_decided_by_path(const request_rec *root,
                               const usage_dir_conf_t *dir,
                               const usage_known_path_t *known,
                               usage_outcome_e *outcome)
{
    const char *path = known->text.data;
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
    return known->is_static;
}

/* Whether the request decides the outcome, whatever the response. */
static bool is_decided(const request_rec *root, const usage_server_conf_t *conf,
                       apr_uint32_t agent, const usage_headers_t *headers,
                       usage_outcome_e *outcome)
{
    if (!usage_request_is_get(root)) {
        *outcome = USAGE_OUTCOME_METHOD;
        return true;
    }
    return usage_client_decides(conf, agent, headers, outcome);
}

/* Whether the response is awaited of a request that its path does not decide.
 * Out of line: assets end before this. */
__attribute__((noinline)) static bool
is_client_awaited(const request_rec *root, const usage_server_conf_t *conf,
                  const usage_known_path_t *path)
{
    usage_hit_t hit; /* of a view's fields only the agent is used */
    usage_headers_t headers;
    usage_headers_find(root->headers_in, &headers);
    usage_known_agent_t agent = usage_client_agent(conf, &headers);
    hit.agent = agent.bits;
    if (path->text.length > 0
        && is_decided(root, conf, agent.bits, &headers, &hit.outcome)) {
        count(root, conf, &hit);
        return false;
    }
    awaited_t *awaited = apr_palloc(root->pool, sizeof *awaited);
    awaited->path = *path;
    awaited->agent = agent;
    set_state(root, awaited);
    return true;
}

/* The first look at a request: whether its response is to be awaited. */
static bool is_to_await(request_rec *root)
{
    const usage_dir_conf_t *dir = usage_dir_conf(root);
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    usage_hit_t hit; /* its outcome alone */
    if (dir->is_on != 1 || usage_request_is_dashboard(root)) {
        set_state(root, &counted[USAGE_OUTCOMES]);
        return false;
    }
    usage_known_path_t path = known_path(root, conf);
    if (path.text.length > 0
        && is_decided_by_path(root, dir, &path, &hit.outcome)) {
        count(root, conf, &hit);
        return false;
    }
    return is_client_awaited(root, conf, &path);
}

/* Whether the response of a request is awaited, now that it was seen. */
static bool is_awaited(request_rec *root)
{
    const awaited_t *state = state_of(root);
    return state == NULL ? is_to_await(root) : !is_counted(state);
}

void usage_filter_insert(request_rec *r)
{
    if (r->main != NULL) {
        return;
    }
    request_rec *root = root_of(r);
    if (is_awaited(root)) {
        ap_add_output_filter_handle(filter_record, NULL, r, r->connection);
    }
    if (usage_dir_conf(root)->doors != NULL) {
        usage_doors_insert(root, r);
    }
}

static bool is_page(const usage_server_conf_t *conf, const char *type,
                    int status)
{
    return type != NULL ? usage_rules_is_page(conf->types, type)
                        : status == HTTP_NOT_MODIFIED;
}

/* A response of several parts has no Content-Range; then what was asked for
 * tells. */
__attribute__((noinline)) static bool begins_at_zero(const request_rec *r)
{
    const char *range = apr_table_get(r->headers_out, "Content-Range");
    if (range != NULL) {
        return strncmp(range, "bytes 0-", 8) == 0;
    }
    range = apr_table_get(r->headers_in, "Range");
    return range != NULL && strncmp(range, "bytes=0-", 8) == 0;
}

/* Count a view, whose path is set. */
static void count_view(const request_rec *r, const request_rec *root,
                       const usage_server_conf_t *conf, usage_hit_t *hit)
{
    usage_known_agent_t agent = state_of(root)->agent;
    hit->agent = agent.bits;
    set_visitor(&hit->visitor, root, conf, &agent);
    hit->bytes = r->bytes_sent;
    hit->millis = apr_time_as_msec(apr_time_now() - root->request_time);
    count(root, conf, hit);
    if (hit->begins_visit
        && (conf->breakdowns & USAGE_BREAKDOWNS_OF_VISITS) != 0) {
        usage_breakdown_visit(root, conf, agent.bits);
    }
}

/* The same with a path that UsagePath or usage_path_clean may change. */
__attribute__((noinline)) static void
count_cleaned_view(const request_rec *r, const request_rec *root,
                   const usage_server_conf_t *conf, usage_hit_t *hit)
{
    usage_path_buffer_t buffer;
    const char *path = state_of(root)->path.text.data;
    hit->path =
        usage_path_clean(usage_pattern_path(conf, path, root->pool), &buffer);
    hit->path_hash = usage_secret_hash(&usage_segment_memory()->header->secret,
                                       hit->path.data, hit->path.length);
    count_view(r, root, conf, hit);
}

/* Count what waited for its response; type as it was before it was sent. */
static void finish(const request_rec *r, const request_rec *root,
                   const char *type)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    const usage_known_path_t *path = &state_of(root)->path;
    usage_response_t response = {
        .status = r->status,
        .is_page_type = is_page(conf, type, r->status),
        .begins_at_zero = r->status == HTTP_PARTIAL_CONTENT && begins_at_zero(r)
    };
    usage_hit_t hit;
    hit.outcome = usage_outcome_of(&response);
    if (hit.outcome != USAGE_OUTCOME_VIEW) {
        count(root, conf, &hit);
    }
    else if (path->is_clean && conf->path_rules == NULL) {
        hit.path = path->text;
        hit.path_hash = path->hash;
        count_view(r, root, conf, &hit);
    }
    else {
        count_cleaned_view(r, root, conf, &hit);
    }
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
    if (!is_counted(state_of(root))) {
        finish(r, root, type);
    }
    return rv;
}

/* Count what no filter saw the end of. */
__attribute__((noinline)) static void finish_unseen(request_rec *r,
                                                    request_rec *root)
{
    const request_rec *last = last_of(r);
    if (is_awaited(root)) {
        finish(last, root, last->content_type);
    }
}

int usage_filter_log(request_rec *r)
{
    request_rec *root = root_of(r);
    if (!is_counted(state_of(root))) {
        finish_unseen(r, root);
    }
    if (usage_afterwards_is_due(root)) {
        usage_afterwards_count(root, last_of(r),
                               (usage_outcome_e)(state_of(root) - counted));
    }
    return DECLINED;
}

void usage_filter_register(void)
{
    filter_record =
        ap_register_output_filter(FILTER_NAME, usage_filter, NULL,
                                  (ap_filter_type)(AP_FTYPE_CONTENT_SET + 5));
    usage_doors_register();
}
