/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UsageDownload: files that were sent to their last byte, by their path.
 */
#ifndef USAGE_DOWNLOAD_H
#define USAGE_DOWNLOAD_H

#include <stdbool.h>

#include <httpd.h>
#include <http_config.h>

#include "config.h"

/** Add a word of UsageDownload. @return NULL, or what is wrong with it */
const char *usage_download_add(cmd_parms *cmd, void *dir, const char *word);

/** Make the set of a virtual host's words. @param mains the main server's, or
 * NULL if that is it */
const usage_wordset_t *usage_download_set(const usage_server_conf_t *conf,
                                          const usage_server_conf_t *mains,
                                          apr_pool_t *pool);

/**
 * Whether a request that was answered is a finished download; at the time of
 * log_transaction.
 * @param conf of a virtual host that counts some
 * @param root the client's request
 * @param last the one that was answered
 */
bool usage_download_is_finished(const usage_server_conf_t *conf,
                                const request_rec *root,
                                const request_rec *last);

/** As that, of any virtual host. */
static inline bool usage_download_is(const usage_server_conf_t *conf,
                                     const request_rec *root,
                                     const request_rec *last)
{
    return conf->downloads != NULL
           && usage_download_is_finished(conf, root, last);
}

/** Count a download, by its path as views are. */
void usage_download_count(const request_rec *root);

#endif
