/* SPDX-License-Identifier: Apache-2.0 */
/* Leads a finished request to what counts more of it. Runs in every thread of
 * every child. */
#include "afterwards.h"

#include <string.h>

#include "client.h"
#include "doors.h"
#include "download.h"
#include "engine/clean.h"
#include "engine/distinct.h"
#include "pattern.h"
#include "segment.h"

/*
 * Whether what else a hit does is counted. Who views a page was looked at; who
 * gets an asset or posts a form was not yet. A path that is excluded is no
 * page, but may be where events come from; a request that an expression
 * excludes is not to be counted at all.
 */
static bool is_welcome(const request_rec *root, const usage_dir_conf_t *dir,
                       usage_outcome_e outcome)
{
    switch (outcome) {
    case USAGE_OUTCOME_EXCLUDED:
        return !usage_pattern_rejects(dir, root) && usage_client_counts(root);
    case USAGE_OUTCOME_ASSET:
    case USAGE_OUTCOME_METHOD:
        return usage_client_counts(root);
    case USAGE_OUTCOME_BOT:
    case USAGE_OUTCOME_OPTED_OUT:
    case USAGE_OUTCOME_PREFETCH:
    case USAGE_OUTCOMES:
        return false;
    default:
        return true;
    }
}

/* A hit that nothing else is to be kept of. */
static bool is_secret(usage_outcome_e outcome)
{
    return outcome == USAGE_OUTCOME_OPTED_OUT || outcome == USAGE_OUTCOMES;
}

/* One who only claims to be a user is answered 401. */
static bool is_known_user(const request_rec *root, const request_rec *last)
{
    return usage_server_conf(root->server)->users > USAGE_USERS_OFF
           && root->user != NULL && last->status != HTTP_UNAUTHORIZED;
}

static void count_user(const request_rec *root)
{
    static const usage_text_t category = { USAGE_DISTINCT_USER,
                                           sizeof USAGE_DISTINCT_USER - 1 };
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    const usage_memory_t *memory = usage_segment_memory();
    apr_int64_t time = apr_time_sec(root->request_time);
    usage_text_t user = { root->user, strlen(root->user) };
    usage_clean_buffer_t buffer;
    usage_distinct_meet(memory, conf->host, category, user, time);
    if (conf->users == USAGE_USERS_STORED) {
        usage_distinct_name(memory, conf->host, category,
                            usage_clean_name(user, &buffer), time);
    }
}

void usage_afterwards_count(request_rec *root, request_rec *last,
                            usage_outcome_e outcome)
{
    const usage_dir_conf_t *dir = usage_dir_conf(root);
    unsigned breakdowns = usage_server_conf(root->server)->breakdowns;
    bool is_lost = last->status == HTTP_NOT_FOUND
                   && (breakdowns & USAGE_BREAKDOWN_BIT(NOT_FOUND)) != 0;
    if ((breakdowns & USAGE_BREAKDOWN_BIT(STATUS)) != 0
        && !is_secret(outcome)) {
        usage_breakdown_status(root, last->status);
    }
    bool is_download = usage_download_is(root, last);
    bool has_user = is_known_user(root, last);
    if ((!is_lost && !is_download && !has_user && dir->doors == NULL)
        || !is_welcome(root, dir, outcome)) {
        return;
    }
    if (is_lost) {
        usage_breakdown_not_found(root);
    }
    if (has_user) {
        count_user(root);
    }
    if (is_download) {
        usage_download_count(root);
    }
    if (dir->doors != NULL) {
        usage_doors_count(dir->doors, root, last);
    }
}
