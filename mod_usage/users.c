/* SPDX-License-Identifier: Apache-2.0 */
/* Counts users. Runs in every thread of every child, after an answer. */
#include "users.h"

#include <string.h>

#include <apr_strings.h>

#include "config.h"
#include "engine/clean.h"
#include "engine/distinct.h"
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

/* One who only claims to be a user is answered 401. */
bool usage_user_is(const request_rec *root, const request_rec *last)
{
    return usage_server_conf(root->server)->users > USAGE_USERS_OFF
           && root->user != NULL && last->status != HTTP_UNAUTHORIZED;
}

void usage_user_count(const request_rec *root)
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
