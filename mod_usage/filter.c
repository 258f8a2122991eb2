/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each hit is counted once, for the first request of its chain of internal
 * redirects (the root): that one has the client's own path. What the outcome
 * hangs on is known in two steps. If path, method or agent decide it, it is
 * counted when filters are inserted, and no filter goes in; else the filter
 * waits for the end of the response.
 *
 * The filter sits at CONTENT_SET + 5: below that, mod_cache takes it off its
 * hits; above, it would stay through internal redirects and see subrequests.
 */
#include "filter.h"

#include <string.h>

#include <apr_strings.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "config.h"
#include "engine/agent_hints.h"
#include "engine/agent_patterns.h"
#include "engine/hit.h"
#include "engine/path.h"
#include "engine/rules.h"
#include "mod_usage.h"
#include "segment.h"

#define FILTER_NAME "usage"

/* What the root's request_config points to once the request was seen. */
static const char is_counted = 0;
static const char is_awaited = 0;

static ap_filter_rec_t *filter_record;

static request_rec *root_of(request_rec *r)
{
    while (r->prev != NULL) {
        r = r->prev;
    }
    return r;
}

static const void *state_of(const request_rec *root)
{
    return ap_get_module_config(root->request_config, &usage_module);
}

static void set_state(const request_rec *root, const char *state)
{
    ap_set_module_config(root->request_config, &usage_module, (void *)state);
}

/*
 * The client's path: decoded, without a query; NULL if there was none to
 * read. A hit in mod_cache's quick handler comes before httpd decodes it.
 */
static const char *path_of(const request_rec *root)
{
    const char *path = root->parsed_uri.path;
    if (root->filename != NULL || path == NULL) {
        return path;
    }
    char *decoded = apr_pstrdup(root->pool, path);
    ap_unescape_url(decoded);
    return decoded;
}

static bool is_off(const request_rec *root)
{
    return usage_dir_conf(root)->is_on != 1
           || (root->handler != NULL
               && strcmp(root->handler, USAGE_HANDLER) == 0);
}

/* r->method says GET by the time an ErrorDocument is served; the line does not
 * change. */
static bool is_get(const request_rec *root)
{
    return root->the_request != NULL
           && strncmp(root->the_request, "GET ", 4) == 0;
}

static usage_agent_t agent_of(const request_rec *root)
{
    const char *agent = apr_table_get(root->headers_in, "User-Agent");
    if (agent == NULL) {
        agent = "";
    }
    return usage_agent_of(agent, strlen(agent),
                          usage_server_conf(root->server)->bot_patterns);
}

/* As agent_of, but with what a person's browser hints. */
static usage_agent_t hinted_agent_of(const request_rec *root)
{
    usage_agent_t agent = agent_of(root);
    if (!agent.is_bot) {
        usage_agent_hint(&agent,
                         apr_table_get(root->headers_in, "Sec-CH-UA-Mobile"),
                         apr_table_get(root->headers_in, "Sec-CH-UA-Platform"));
    }
    return agent;
}

static void count(const request_rec *root, usage_hit_t *hit)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    hit->site = conf->site;
    hit->time = apr_time_sec(root->request_time);
    hit->interval = conf->global->interval;
    usage_hit_count(usage_segment_memory(), hit);
    set_state(root, &is_counted);
}

/* Whether path, method or agent alone decide the outcome, and which it is. */
static bool is_decided(const request_rec *root, usage_outcome_e *outcome)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    const char *path = path_of(root);
    if (path == NULL) {
        return false;
    }
    if (usage_rules_excludes(usage_dir_conf(root)->excluded, path)) {
        *outcome = USAGE_OUTCOME_EXCLUDED;
    }
    else if (usage_rules_is_static(conf->extensions, path)) {
        *outcome = USAGE_OUTCOME_ASSET;
    }
    else if (!is_get(root)) {
        *outcome = USAGE_OUTCOME_METHOD;
    }
    else if (conf->counts_bots != 1 && agent_of(root).is_bot) {
        *outcome = USAGE_OUTCOME_BOT;
    }
    else {
        return false;
    }
    return true;
}

/* The first look at a request: whether its response is to be awaited. */
static bool is_to_await(const request_rec *root)
{
    usage_hit_t hit = { 0 };
    if (is_off(root)) {
        set_state(root, &is_counted);
        return false;
    }
    if (is_decided(root, &hit.outcome)) {
        count(root, &hit);
        return false;
    }
    set_state(root, &is_awaited);
    return true;
}

void usage_filter_insert(request_rec *r)
{
    if (r->main != NULL) {
        return;
    }
    const request_rec *root = root_of(r);
    const void *state = state_of(root);
    if (state == &is_awaited || (state == NULL && is_to_await(root))) {
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

static bool begins_at_zero(const request_rec *r)
{
    const char *range = apr_table_get(r->headers_out, "Content-Range");
    return range != NULL && strncmp(range, "bytes 0-", 8) == 0;
}

/* Count what waited for its response; type as it was before it was sent. */
static void finish(const request_rec *r, const request_rec *root,
                   const char *type)
{
    usage_path_buffer_t buffer;
    usage_response_t response = { .status = r->status,
                                  .is_page_type =
                                      is_page(root, type, r->status),
                                  .begins_at_zero = begins_at_zero(r) };
    usage_hit_t hit = { .outcome = usage_outcome_of(&response) };
    if (hit.outcome == USAGE_OUTCOME_VIEW) {
        hit.path = usage_path_clean(path_of(root), &buffer);
        hit.agent = hinted_agent_of(root);
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
    if (state_of(root) == &is_awaited) {
        finish(r, root, type);
    }
    return rv;
}

int usage_filter_log(request_rec *r)
{
    const request_rec *root = root_of(r);
    const void *state = state_of(root);
    if (state == &is_awaited || (state == NULL && is_to_await(root))) {
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
