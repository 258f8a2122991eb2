/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hit counts besides its outcome and its view, once its answer was sent:
 * events, its status, a page that was not found, a download, a user. Called
 * from log_transaction, where all is known of an answer.
 */
#ifndef USAGE_AFTERWARDS_H
#define USAGE_AFTERWARDS_H

#include <httpd.h>

#include "breakdown.h"
#include "config.h"
#include "engine/outcome.h"

/**
 * Count it.
 * @param root    the client's request
 * @param last    the one that was answered
 * @param outcome of the hit
 */
void usage_afterwards_count(request_rec *root, request_rec *last,
                            usage_outcome_e outcome);

/** Whether a virtual host has anything counted afterwards, whatever its
 * directories have. */
bool usage_afterwards_is_due(const usage_server_conf_t *conf);

#endif
