/* SPDX-License-Identifier: Apache-2.0 */
/* Counts for other modules. Runs wherever they call it: in every thread of
 * every child, in the parent, in the flusher. */
#include "api.h"

#include <string.h>

#include "client.h"
#include "config.h"
#include "engine/event.h"
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

static usage_text_t text_of(const char *text)
{
    return (usage_text_t){ text, text != NULL ? strlen(text) : 0 };
}

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

static apr_status_t usage_count(request_rec *r, const char *category,
                                const char *event, apr_int64_t number)
{
    const request_rec *root = usage_request_root(r);
    counting_t counting = { .server = root->server,
                            .time = root->request_time,
                            .is_wanted = usage_dir_conf(root)->is_on == 1
                                         && !usage_client_opts_out(root) };
    usage_event_words_t words = { .category = text_of(category),
                                  .name = text_of(event),
                                  .count = number };
    return count(&counting, &words);
}

static apr_status_t usage_count_server(server_rec *s, const char *category,
                                       const char *event, apr_int64_t number)
{
    counting_t counting = { .server = s,
                            .time = apr_time_now(),
                            .is_wanted = usage_conf_counts(s) };
    usage_event_words_t words = { .category = text_of(category),
                                  .name = text_of(event),
                                  .count = number };
    return count(&counting, &words);
}

void usage_api_register(void)
{
    APR_REGISTER_OPTIONAL_FN(usage_count);
    APR_REGISTER_OPTIONAL_FN(usage_count_server);
}

void usage_api_before_flush(server_rec *s, apr_pool_t *pool)
{
    ap_run_usage_before_flush(s, pool);
}
