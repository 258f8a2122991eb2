/* SPDX-License-Identifier: Apache-2.0 */
/* UsageUsers: who logged in to httpd, by the day. */
#ifndef USAGE_USERS_H
#define USAGE_USERS_H

#include <stdbool.h>

#include <httpd.h>
#include <http_config.h>

#include "config.h"

/** Set UsageUsers. @return NULL, or what is wrong with it */
const char *usage_set_users(cmd_parms *cmd, void *dir, const char *value);

/**
 * Whether a hit is of a user who is to be counted. One who only claims to be a
 * user is answered 401.
 * @param root the client's request
 * @param last the one that was answered
 */
static inline bool usage_user_is(const usage_server_conf_t *conf,
                                 const request_rec *root,
                                 const request_rec *last)
{
    return conf->users > USAGE_USERS_OFF && root->user != NULL
           && last->status != HTTP_UNAUTHORIZED;
}

/** Count the user of such a hit. */
void usage_user_count(const usage_server_conf_t *conf, const request_rec *root);

#endif
