/* SPDX-License-Identifier: Apache-2.0 */
/* Leads a finished request to what counts more of it. Runs in every thread of
 * every child. */
#include "afterwards.h"

#include "client.h"
#include "doors.h"
#include "download.h"
#include "pattern.h"
#include "users.h"

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
        return false;
    default:
        return true;
    }
}

bool usage_afterwards_is_due(const usage_server_conf_t *conf)
{
    return conf->downloads != NULL
           || (conf->breakdowns & USAGE_BREAKDOWNS_OF_HITS) != 0
           || conf->users > USAGE_USERS_OFF;
}

void usage_afterwards_count(request_rec *root, request_rec *last,
                            usage_outcome_e outcome)
{
    const usage_dir_conf_t *dir = usage_dir_conf(root);
    unsigned breakdowns = usage_server_conf(root->server)->breakdowns;
    bool is_lost = last->status == HTTP_NOT_FOUND
                   && (breakdowns & USAGE_BREAKDOWN_BIT(NOT_FOUND)) != 0;
    if ((breakdowns & USAGE_BREAKDOWN_BIT(STATUS)) != 0
        && outcome != USAGE_OUTCOME_OPTED_OUT) { /* nothing is kept of it */
        usage_breakdown_status(root, last->status);
    }
    bool is_download = usage_download_is(root, last);
    bool has_user = usage_user_is(root, last);
    if ((!is_lost && !is_download && !has_user && dir->doors == NULL)
        || !is_welcome(root, dir, outcome)) {
        return;
    }
    if (is_lost) {
        usage_breakdown_not_found(root);
    }
    if (has_user) {
        usage_user_count(root);
    }
    if (is_download) {
        usage_download_count(root);
    }
    if (dir->doors != NULL) {
        usage_doors_count(dir->doors, root, last);
    }
}
