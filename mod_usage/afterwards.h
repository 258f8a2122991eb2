/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hit counts besides its outcome and its view, once its answer was sent:
 * events, its status, a page that was not found, a download, and the user of
 * what is no view. Called
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

/** Hits of which something is counted afterwards: views, and others, whose
 * users were not counted yet. */
#define USAGE_AFTERWARDS_VIEWS  1U
#define USAGE_AFTERWARDS_OTHERS 2U

/** A set of these: of which hits of a virtual host something is, whatever its
 * directories have. */
unsigned usage_afterwards_due(const usage_server_conf_t *conf);

#endif
