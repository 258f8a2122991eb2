/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hit counts besides its outcome and its view, once its answer was sent:
 * events, its status, a page that was not found, a download; and of what is no
 * view its user and the events of its headers. Called
 * from log_transaction, where all is known of an answer.
 */
#ifndef USAGE_AFTERWARDS_H
#define USAGE_AFTERWARDS_H

#include <httpd.h>

#include "breakdown.h"
#include "config.h"
#include "doors.h"
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
 * users and events of headers were not counted yet. */
#define USAGE_AFTERWARDS_VIEWS  1U
#define USAGE_AFTERWARDS_OTHERS 2U

/** A set of these: of which hits of a virtual host something is, whatever its
 * directories have. */
unsigned usage_afterwards_due(const usage_server_conf_t *conf);

/** Whether something is due of a view in a directory. */
static inline bool usage_afterwards_is_view_due(const usage_server_conf_t *conf,
                                                const usage_dir_conf_t *dir)
{
    return usage_doors_read_others(dir->doors)
           || (conf->afterwards & USAGE_AFTERWARDS_VIEWS) != 0;
}

/** As that, of another hit. */
static inline bool
usage_afterwards_is_other_due(const usage_server_conf_t *conf,
                              const usage_dir_conf_t *dir)
{
    return dir->doors != NULL
           || (conf->afterwards & USAGE_AFTERWARDS_OTHERS) != 0;
}

#endif
