/* SPDX-License-Identifier: Apache-2.0 */
/* Counts, meets and marks for other modules. Runs wherever they call it: in
 * every thread of every child, in the parent, in the flusher. */
#include "api.h"

#include "client.h"
#include "config.h"
#include "engine/distinct.h"
#include "engine/event.h"
#include "engine/text.h"
#include "mark.h"
#include "mod_usage_api.h"
#include "request.h"
#include "segment.h"

_Static_assert(USAGE_COUNT_MAX == USAGE_EVENT_COUNT_MAX,
               "mod_usage_api.h tells what the engine counts");

APR_IMPLEMENT_OPTIONAL_HOOK_RUN_ALL(ap, USAGE, int, usage_before_flush,
                                    (server_rec * s, apr_pool_t *pool),
                                    (s, pool), OK, DECLINED)

/* Where and when an event is counted. */
typedef struct counting_t {
    const server_rec *server;
    apr_time_t time;
    bool is_wanted; /* else its words are only checked */
} counting_t;

static bool is_ready(const usage_server_conf_t *conf)
{
    return conf->host != NULL && usage_segment_memory()->header != NULL;
}

static apr_status_t count(const counting_t *counting,
                          const usage_event_words_t *words)
{
    const usage_server_conf_t *conf = usage_server_conf(counting->server);
    usage_event_room_t room;
    usage_event_t event;
    if (words->count < 0 || words->count > USAGE_COUNT_MAX
        || !usage_event_make(words, &room, &event)) {
        return APR_EINVAL;
    }
    if (!counting->is_wanted) {
        return APR_SUCCESS;
    }
    if (!is_ready(conf)) {
        return APR_EINIT;
    }
    usage_event_count(usage_segment_memory(), conf->host, &event,
                      apr_time_sec(counting->time));
    return APR_SUCCESS;
}

static counting_t counting_of(const request_rec *r)
{
    const request_rec *root = usage_request_root(r);
    return (counting_t){ .server = root->server,
                         .time = root->request_time,
                         .is_wanted = usage_dir_conf(root)->is_on == 1
                                      && !usage_client_opts_out(root) };
}

static apr_status_t usage_count(request_rec *r, const char *category,
                                const char *event, apr_int64_t number)
{
    counting_t counting = counting_of(r);
    usage_event_words_t words = { .category = usage_text_of(category),
                                  .name = usage_text_of(event),
                                  .count = number };
    return count(&counting, &words);
}

static apr_status_t usage_count_server(server_rec *s, const char *category,
                                       const char *event, apr_int64_t number)
{
    counting_t counting = { .server = s,
                            .time = apr_time_now(),
                            .is_wanted = usage_conf_counts(s) };
    usage_event_words_t words = { .category = usage_text_of(category),
                                  .name = usage_text_of(event),
                                  .count = number };
    return count(&counting, &words);
}

static int meet(const counting_t *counting, usage_text_t category,
                usage_text_t id)
{
    const usage_memory_t *memory = usage_segment_memory();
    const usage_host_t *host = usage_server_conf(counting->server)->host;
    apr_int64_t time = apr_time_sec(counting->time);
    usage_text_t its = usage_distinct_admit(memory, host, category, time);
    return usage_distinct_meet(memory, host, its, id, time);
}

static int usage_seen(request_rec *r, const char *category, const char *id)
{
    counting_t counting = counting_of(r);
    usage_clean_buffer_t buffer;
    if (category == NULL || *category == '\0' || id == NULL || *id == '\0') {
        return -1;
    }
    usage_text_t clean = usage_clean_name(usage_text_of(category), &buffer);
    if (usage_distinct_is_reserved(clean)
        || !is_ready(usage_server_conf(counting.server))) {
        return -1;
    }
    return counting.is_wanted ? meet(&counting, clean, usage_text_of(id)) : 0;
}

static apr_status_t usage_mark(server_rec *s, const char *name,
                               const char *category)
{
    return name != NULL ? usage_mark_add(s, name, category) : APR_EINVAL;
}

void usage_api_register(void)
{
    APR_REGISTER_OPTIONAL_FN(usage_seen);
    APR_REGISTER_OPTIONAL_FN(usage_mark);
    APR_REGISTER_OPTIONAL_FN(usage_count);
    APR_REGISTER_OPTIONAL_FN(usage_count_server);
}

void usage_api_before_flush(server_rec *s, apr_pool_t *pool)
{
    ap_run_usage_before_flush(s, pool);
}
