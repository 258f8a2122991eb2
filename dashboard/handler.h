/* SPDX-License-Identifier: Apache-2.0 */
/* The content handler "usage-stats". */
#ifndef USAGE_HANDLER_H
#define USAGE_HANDLER_H

#include <httpd.h>
#include <http_config.h>

/** Directive UsageDashboard. */
const char *usage_set_dashboard(cmd_parms *cmd, void *dir, const char *value);

/** Hook child_init: makes the child's cache. */
void usage_dashboard_child_init(apr_pool_t *pool, server_rec *s);

/** Hook handler: answers GET and HEAD with the page, or what is below it. */
int usage_dashboard_handler(request_rec *r);

#endif
