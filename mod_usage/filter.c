/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each hit is counted once, for the first request of its chain of internal
 * redirects (the root): that one has the client's own path. If the request line
 * decides the outcome, as an asset's does, the hit is counted when filters are
 * inserted, and no filter goes in; else all else is looked at when the response
 * ends, so that nothing has to be kept until then.
 *
 * The filter sits at CONTENT_SET + 5: below that, mod_cache takes it off its
 * hits; above, it would stay through internal redirects and see subrequests.
 */
#include "filter.h"

#include <string.h>

#include <http_protocol.h>
#include <util_filter.h>

#include "afterwards.h"
#include "answer.h"
#include "client.h"
#include "config.h"
#include "doors.h"
#include "engine/hit.h"
#include "engine/often.h"
#include "engine/rules.h"
#include "mod_usage.h"
#include "pattern.h"
#include "headers.h"
#include "request.h"
#include "segment.h"
#include "users.h"

#define FILTER_NAME "usage"

/* What the root's request_config points to once the request was seen: `awaited`
 * until it is counted; then `settled`, if that is all, or else the one of its
 * outcome, until what is to be counted afterwards is. */
static const char awaited = 'a';
static const char settled = 's';
static const char counted[USAGE_OUTCOMES] = "c";

static ap_filter_rec_t *filter_record;

/* Those that first take events off the headers, which are complete when the
 * first part of the response comes; their context is the root until then. What
 * mod_cache has stored counts at each hit. */
static ap_filter_rec_t *taker;
static ap_filter_rec_t *waiting_taker; /* and then do as filter_record */

static const char *state_of(const request_rec *root)
{
    return ap_get_module_config(root->request_config, &usage_module);
}

static void set_state(const request_rec *root, const char *state)
{
    ap_set_module_config(root->request_config, &usage_module, (void *)state);
}

/* The hit is counted; more of it may be due afterwards. */
static USAGE_OFTEN void set_outcome(const request_rec *root, bool is_due,
                                    usage_outcome_e outcome)
{
    set_state(root, is_due ? &counted[outcome] : &settled);
}

/* Where a request goes: most directories have no patterns, and then none are
 * looked at. */
typedef struct place_t {
    const usage_dir_conf_t *dir;
    bool has_patterns;
} place_t;

static place_t place_of(const usage_dir_conf_t *dir)
{
    return (place_t){ dir, dir->patterns != NULL };
}

/* The outcome that the path decides, or USAGE_OUTCOMES. */
static USAGE_OFTEN usage_outcome_e outcome_of_path(const request_rec *root,
                                                   place_t place,
                                                   const char *path)
{
    const usage_dir_conf_t *dir = place.dir;
    if (place.has_patterns && usage_pattern_includes(dir, root, path)) {
        return USAGE_OUTCOMES;
    }
    if (usage_rules_excludes(dir->excluded, path)
        || (place.has_patterns && usage_pattern_excludes(dir, root, path))) {
        return USAGE_OUTCOME_EXCLUDED;
    }
    usage_text_t text = { path, strlen(path) };
    return usage_rules_is_static(usage_server_conf(root->server)->extensions,
                                 text)
               ? USAGE_OUTCOME_ASSET
               : USAGE_OUTCOMES;
}

static bool is_given(const char *path)
{
    return path != NULL && *path != '\0';
}

/* The outcome that the request line decides, as it does of most hits, or
 * USAGE_OUTCOMES. One that could not be read leaves it to the response. */
static USAGE_OFTEN usage_outcome_e outcome_of_line(const request_rec *root,
                                                   place_t place)
{
    const char *path = usage_request_path(root);
    if (!is_given(path)) {
        return USAGE_OUTCOMES;
    }
    usage_outcome_e outcome = outcome_of_path(root, place, path);
    return outcome == USAGE_OUTCOMES && !usage_request_is_get(root)
               ? USAGE_OUTCOME_METHOD
               : outcome;
}

/* The first look at a request: whether its response is to be awaited. To count
 * comes last, so that nothing is kept over it. */
static USAGE_OFTEN bool is_to_await(request_rec *root, place_t place)
{
    if (place.dir->is_on != 1 || usage_request_is_dashboard(root)) {
        set_state(root, &settled);
        return false;
    }
    usage_outcome_e outcome = outcome_of_line(root, place);
    if (outcome == USAGE_OUTCOMES) {
        set_state(root, &awaited);
        return true;
    }
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    set_outcome(root, usage_afterwards_is_other_due(conf, place.dir), outcome);
    usage_hit_count_outcome(usage_segment_memory(), conf->host, outcome,
                            root->request_time);
    return false;
}

USAGE_RARELY static bool look_first(request_rec *root)
{
    return is_to_await(root, place_of(usage_dir_conf(root)));
}

/* Whether the response of a request is awaited, now that it was seen. */
static USAGE_OFTEN bool is_awaited(request_rec *root)
{
    const char *state = state_of(root);
    return state == NULL ? look_first(root) : state == &awaited;
}

static void await(request_rec *r)
{
    ap_add_output_filter_handle(filter_record, NULL, r, r->connection);
}

static void take_first(request_rec *r, const request_rec *root, bool is_to_wait)
{
    ap_add_output_filter_handle(is_to_wait ? waiting_taker : taker,
                                (void *)root, r, r->connection);
}

/* The way of any request. */
USAGE_RARELY static void insert(request_rec *r)
{
    request_rec *root = usage_request_first(r);
    bool is_to_wait = is_awaited(root);
    if (usage_doors_read_header(usage_dir_conf(root)->doors)) {
        take_first(r, root, is_to_wait);
    }
    else if (is_to_wait) {
        await(r);
    }
}

/* The way of one that is seen here once, where headers count. */
USAGE_SOMETIMES static void insert_taker(request_rec *r, place_t place)
{
    take_first(r, r, is_to_await(r, place));
}

/* Nearly each request is its own root, and is seen here once. */
void usage_filter_insert(request_rec *r)
{
    if (r->main != NULL) {
        return;
    }
    place_t place = place_of(usage_dir_conf(r));
    if (r->prev != NULL || state_of(r) != NULL || place.has_patterns) {
        insert(r);
    }
    else if (usage_doors_read_header(place.dir->doors)) {
        insert_taker(r, place);
    }
    else if (is_to_await(r, place)) {
        await(r);
    }
}

/* The address is the client's, as mod_remoteip found it. */
static inline void set_visitor(usage_visitor_t *visitor,
                               const request_rec *root,
                               const usage_server_conf_t *conf,
                               apr_uint64_t agent)
{
    const apr_sockaddr_t *address = root->useragent_addr;
    visitor->agent = conf->global->ignores_agents ? 0 : agent;
    visitor->address_length = 0;
    if (address != NULL) {
        visitor->address = address->ipaddr_ptr;
        visitor->address_length = (apr_size_t)address->ipaddr_len;
    }
}

/* The path under which a view is counted, but for what usage_hit_count cleans
 * of it. */
static inline void set_path(usage_hit_t *hit, const char *path,
                            const request_rec *root,
                            const usage_server_conf_t *conf)
{
    const usage_secret_t *secret = &usage_segment_memory()->header->secret;
    if (path == NULL) {
        path = "";
    }
    if (conf->path_rules != NULL) {
        path = usage_pattern_path(conf, path, root->pool);
    }
    hit->path = (usage_text_t){ path, strlen(path) };
    hit->path_hash = usage_secret_hash(secret, path, hit->path.length);
}

/* What of a view no other hit has, but for its path and its visitor. */
static inline void set_costs(usage_hit_t *hit, const request_rec *r,
                             const request_rec *root)
{
    hit->bytes = r->bytes_sent;
    hit->millis = apr_time_as_msec(apr_time_now() - root->request_time);
}

/* What else a view counts, and the events of a line that was taken. */
static inline void count_with_view(const usage_server_conf_t *conf,
                                   const request_rec *root,
                                   const request_rec *r, const usage_hit_t *hit,
                                   const char *line)
{
    if (usage_user_is(conf, root, r)) {
        usage_user_count(conf, root);
    }
    if (usage_doors_read_header(usage_dir_conf(root)->doors)) {
        usage_doors_count_taken(root, line);
    }
    if (hit->begins_visit
        && (conf->breakdowns & USAGE_BREAKDOWNS_OF_VISITS) != 0) {
        usage_breakdown_visit(root, conf, hit->agent);
    }
}

/* Count what waited for its response; type as it was before it was sent, and a
 * line of events that was taken off it just now, or NULL. */
static void finish(const request_rec *r, const request_rec *root,
                   const char *type, const char *line)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    const char *path = usage_request_path(root);
    usage_headers_t headers;
    usage_hit_t hit; /* a view's fields are set of a view only */
    usage_headers_find(root->headers_in, &headers);
    usage_known_agent_t agent = usage_client_agent(conf, &headers);
    hit.host = conf->host;
    hit.time = usage_request_second(root);
    hit.agent = agent.bits;
    if (!is_given(path)
        || !usage_client_decides(conf, agent.bits, &headers, &hit.outcome)) {
        hit.outcome = usage_answer_outcome(r, conf, type);
    }
    if (hit.outcome == USAGE_OUTCOME_VIEW) {
        set_path(&hit, path, root, conf);
        set_visitor(&hit.visitor, root, conf, agent.hash);
        set_costs(&hit, r, root);
    }
    usage_hit_count(usage_segment_memory(), &hit);
    const usage_dir_conf_t *dir = usage_dir_conf(root);
    bool is_view = hit.outcome == USAGE_OUTCOME_VIEW;
    set_outcome(root,
                is_view ? usage_afterwards_is_view_due(conf, dir)
                        : usage_afterwards_is_other_due(conf, dir),
                hit.outcome);
    if (is_view) {
        count_with_view(conf, root, r, &hit, line);
    }
    else {
        usage_doors_remember(root, line);
    }
}

/*
 * The content type is read before the end is passed on, status and bytes
 * after: a 304 loses its type on the way, a 206 gets its status there. A 416
 * brings two of these filters to the end; the inner one comes first, and what
 * the other took was not to be sent.
 */
static USAGE_OFTEN apr_status_t pass_end(const ap_filter_t *f,
                                         apr_bucket_brigade *bb,
                                         const char *line)
{
    request_rec *r = f->r;
    const char *type = r->content_type;
    apr_status_t rv = ap_pass_brigade(f->next, bb);
    const request_rec *root = usage_request_first(r);
    if (state_of(root) == &awaited) {
        finish(r, root, type, line);
    }
    return rv;
}

static apr_status_t usage_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    return usage_answer_ends(bb) ? pass_end(f, bb, NULL)
                                 : ap_pass_brigade(f->next, bb);
}

static apr_status_t take(ap_filter_t *f, apr_bucket_brigade *bb)
{
    ap_filter_t *next = f->next;
    usage_doors_remember(f->ctx, usage_doors_take(f->ctx, f->r));
    ap_remove_output_filter(f);
    return ap_pass_brigade(next, bb);
}

/* What is taken off a response of one part, as most are, counts at once. */
static apr_status_t take_and_wait(ap_filter_t *f, apr_bucket_brigade *bb)
{
    const request_rec *root = f->ctx;
    const char *line = root != NULL ? usage_doors_take(root, f->r) : NULL;
    f->ctx = NULL;
    if (usage_answer_ends(bb)) {
        return pass_end(f, bb, line);
    }
    usage_doors_remember(root, line);
    return ap_pass_brigade(f->next, bb);
}

/* What is to be counted once the answer was sent. */
static USAGE_OFTEN int count_afterwards(request_rec *root, request_rec *last)
{
    const char *state = state_of(root);
    if (state != &settled) {
        usage_afterwards_count(root, last, (usage_outcome_e)(state - counted));
    }
    return DECLINED;
}

/* Count what no filter saw the end of, too. */
USAGE_RARELY static int log_rest(request_rec *r)
{
    request_rec *root = usage_request_first(r);
    request_rec *last = usage_request_last(r);
    if (is_awaited(root)) {
        finish(last, root, last->content_type, NULL);
    }
    return count_afterwards(root, last);
}

int usage_filter_log(request_rec *r)
{
    const char *state = state_of(r);
    if (r->prev == NULL && state == &settled) {
        return DECLINED;
    }
    bool is_alone = r->prev == NULL && r->next == NULL;
    return is_alone && state != NULL && state != &awaited
               ? count_afterwards(r, r)
               : log_rest(r);
}

static ap_filter_rec_t *make_record(const char *name, ap_out_filter_func filter)
{
    return ap_register_output_filter(
        name, filter, NULL, (ap_filter_type)(AP_FTYPE_CONTENT_SET + 5));
}

void usage_filter_register(void)
{
    filter_record = make_record(FILTER_NAME, usage_filter);
    taker = make_record(FILTER_NAME "-take", take);
    waiting_taker = make_record(FILTER_NAME "-take-wait", take_and_wait);
}
