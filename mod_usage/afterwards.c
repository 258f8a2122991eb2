/* SPDX-License-Identifier: Apache-2.0 */
/* Leads a finished request to what counts more of it. Runs in every thread of
 * every child. */
#include "afterwards.h"

#include "client.h"
#include "doors.h"
#include "download.h"
#include "engine/often.h"
#include "pattern.h"
#include "users.h"

/*
 * Whether what else a hit does is counted. Who views a page was looked at; who
 * gets an asset or posts a form was not yet. A path that is excluded is no
 * page, but may be where events come from; a request that an expression
 * excludes is not to be counted at all.
 */
USAGE_SOMETIMES static bool is_welcome(const request_rec *root,
                                       const usage_dir_conf_t *dir,
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

unsigned usage_afterwards_due(const usage_server_conf_t *conf)
{
    if (conf->downloads != NULL
        || (conf->breakdowns & USAGE_BREAKDOWNS_OF_HITS) != 0) {
        return USAGE_AFTERWARDS_VIEWS | USAGE_AFTERWARDS_OTHERS;
    }
    return conf->users > USAGE_USERS_OFF ? USAGE_AFTERWARDS_OTHERS : 0;
}

/* What its status counts of a hit, welcome or not; but nothing is kept of who
 * opted out. @return whether it is one that was not found, to be counted */
USAGE_SOMETIMES static bool count_status(const request_rec *root, int status,
                                         usage_outcome_e outcome)
{
    unsigned set = usage_server_conf(root->server)->breakdowns;
    if ((set & USAGE_BREAKDOWN_BIT(STATUS)) != 0
        && outcome != USAGE_OUTCOME_OPTED_OUT) {
        usage_breakdown_status(root, status);
    }
    return status == HTTP_NOT_FOUND
           && (set & USAGE_BREAKDOWN_BIT(NOT_FOUND)) != 0;
}

void usage_afterwards_count(request_rec *root, request_rec *last,
                            usage_outcome_e outcome)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    const usage_dir_conf_t *dir = usage_dir_conf(root);
    bool is_lost = (conf->breakdowns & USAGE_BREAKDOWNS_OF_HITS) != 0
                   && count_status(root, last->status, outcome);
    bool is_download = usage_download_is(conf, root, last);
    bool is_view = outcome == USAGE_OUTCOME_VIEW;
    bool has_user = !is_view && usage_user_is(conf, root, last);
    if ((!is_lost && !is_download && !has_user && dir->doors == NULL)
        || (!is_view && !is_welcome(root, dir, outcome))) {
        return;
    }
    if (is_lost) {
        usage_breakdown_not_found(root);
    }
    if (has_user) {
        usage_user_count(conf, root);
    }
    if (is_download) {
        usage_download_count(root);
    }
    if (!is_view && usage_doors_read_header(dir->doors)) {
        usage_doors_count_taken(root, NULL);
    }
    if (usage_doors_read_others(dir->doors)) {
        usage_doors_count(dir->doors, root, last);
    }
}
