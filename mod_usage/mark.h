/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks, named points in time: the server's own (its start, a restart, another
 * configuration, another version of the module), those of UsageMark, and what
 * others put. Each reaches the database once, with the next flush.
 */
#ifndef USAGE_MARK_H
#define USAGE_MARK_H

#include <httpd.h>
#include <http_config.h>

#include "engine/mark_flush.h"

/** The category of a mark that names none. */
#define USAGE_MARK_CATEGORY "mark"

/**
 * Put a mark at this moment, as UsageMark does: of a virtual host's site, or of
 * all sites for the main server. In any process of the server that
 * has the segment (the parent, its children), in any thread; nothing waits.
 * It is in memory at once, survives the server's crash, and reaches the
 * database with the next flush, exactly once: a second one of the same second,
 * site, name and category is the same mark.
 * @param s        the virtual host, or the main server
 * @param name     of any bytes: made valid UTF-8, and cut to 255 bytes
 * @param category likewise; NULL or "" for USAGE_MARK_CATEGORY
 * @return APR_SUCCESS; APR_EINVAL for the category "server", which is the
 *         module's own, and for an empty name; APR_EINIT where nothing is
 *         counted; APR_EAGAIN if there is no room, which was logged
 */
apr_status_t usage_mark_add(server_rec *s, const char *name,
                            const char *category);

/**
 * The same, of a site by its name.
 * @param site as in the database; "" for all sites
 */
apr_status_t usage_mark_add_to(server_rec *s, const char *site,
                               const char *name, const char *category);

/** UsageMark: a mark that stands in the configuration. */
const char *usage_mark_set(cmd_parms *cmd, void *dir, const char *name,
                           const char *category);

/** UsageMarkPost. */
const char *usage_mark_set_post(cmd_parms *cmd, void *dir, int on);

/** Put the marks of the configuration that was read; from post_config, with
 * the segment open. */
void usage_mark_begin(server_rec *s, apr_pool_t *pconf);

/** Marks that stand in this process's configuration. */
const usage_standing_t *usage_mark_standing(void);

#endif
