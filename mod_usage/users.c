/* SPDX-License-Identifier: Apache-2.0 */
/* Counts users. Runs in every thread of every child, when an answer ends. */
#include "users.h"

#include <apr_strings.h>

#include "engine/clean.h"
#include "engine/distinct.h"
#include "engine/often.h"
#include "engine/seen.h"
#include "engine/text.h"
#include "request.h"
#include "segment.h"

const char *usage_set_users(cmd_parms *cmd, void *dir, const char *value)
{
    static const char *const words[] = { [USAGE_USERS_OFF] = "off",
                                         [USAGE_USERS_RANDOM] = "random",
                                         [USAGE_USERS_STORED] = "stored" };
    (void)dir;
    for (int i = USAGE_USERS_OFF; i <= USAGE_USERS_STORED; i++) {
        if (ap_cstr_casecmp(value, words[i]) == 0) {
            usage_server_conf(cmd->server)->users = (usage_users_e)i;
            return NULL;
        }
    }
    return apr_psprintf(
        cmd->pool, "UsageUsers: '%s' is none of off, random and stored", value);
}

USAGE_RARELY static void store_name(const usage_host_t *host, const char *user,
                                    apr_int64_t time)
{
    static const usage_text_t category = { USAGE_SEEN_USER,
                                           sizeof USAGE_SEEN_USER - 1 };
    usage_clean_buffer_t buffer;
    usage_distinct_name(usage_segment_memory(), host, category,
                        usage_clean_name(usage_text_of(user), &buffer), time);
}

USAGE_SOMETIMES void usage_user_count(const usage_server_conf_t *conf,
                                      const request_rec *root)
{
    apr_int64_t time = usage_request_second(root);
    if (conf->users == USAGE_USERS_STORED) {
        store_name(conf->host, root->user, time);
    }
    usage_distinct_meet_user(usage_segment_memory(), conf->host, root->user,
                             time);
}
