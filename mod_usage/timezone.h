/* SPDX-License-Identifier: Apache-2.0 */
/* UsageTimezone: read, shared by the sites that name it, given to each. */
#ifndef USAGE_TIMEZONE_H
#define USAGE_TIMEZONE_H

#include <httpd.h>
#include <http_config.h>

/** Setter for AP_INIT_TAKE1; it reads the zone's rules. */
const char *usage_set_timezone(cmd_parms *cmd, void *dir, const char *name);

/**
 * Give each site its zone and clock, and tell all zones to the global
 * configuration; from usage_conf_complete. Virtual hosts of one site share the
 * zone of the first that has one.
 */
void usage_timezone_complete(server_rec *main_server, apr_pool_t *pool);

#endif
