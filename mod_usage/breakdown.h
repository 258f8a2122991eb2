/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UsageBreakdown: where visits come from, with what, in which language. Each is
 * counted when a visit begins, so the names of one add up to the visits; the
 * status of answers, and pages that were not found, with each hit.
 */
#ifndef USAGE_BREAKDOWN_H
#define USAGE_BREAKDOWN_H

#include <httpd.h>

#include "config.h"
#include "engine/breakdowns.h"

/** Those that are counted when a visit begins. */
#define USAGE_BREAKDOWNS_OF_VISITS (USAGE_BREAKDOWN_BIT(STATUS) - 1)

/** Those that are counted with each hit. */
#define USAGE_BREAKDOWNS_OF_HITS                                               \
    (USAGE_BREAKDOWN_BIT(STATUS) | USAGE_BREAKDOWN_BIT(NOT_FOUND))

/** Set UsageBreakdown. @return NULL, or what is wrong with it */
const char *usage_set_breakdowns(cmd_parms *cmd, void *dir, int argc,
                                 char *const argv[]);

/** Count a visit that begins, by what its first view tells. */
void usage_breakdown_visit(const request_rec *root,
                           const usage_server_conf_t *conf, apr_uint32_t agent);

/** Count a hit by the status of its answer. */
void usage_breakdown_status(const request_rec *root, int status);

/** Count a path that was not found, with the site whose link led there. */
void usage_breakdown_not_found(const request_rec *root);

/** Note the names of all virtual hosts, which are no sources; when the
 * configuration is complete. */
apr_hash_t *usage_breakdown_own_hosts(const server_rec *main_server,
                                      apr_pool_t *pool);

#endif
