/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UsageLogEvent: lines of httpd's error log, counted by what they have in
 * common. Nothing of a line is kept.
 */
#ifndef USAGE_LOG_EVENT_H
#define USAGE_LOG_EVENT_H

#include <httpd.h>
#include <http_config.h>

#include "config.h"

/** Add a rule of UsageLogEvent. @return NULL, or what is wrong with it */
const char *usage_log_event_add(cmd_parms *cmd, void *dir, const char *pattern,
                                const char *name, const char *category);

/** Begin to count, if any virtual host has rules. From post_config, once the
 * segment is open. */
void usage_log_event_start(server_rec *main_server, apr_pool_t *ptemp);

#endif
