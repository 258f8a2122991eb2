/* SPDX-License-Identifier: Apache-2.0 */
/* Who sent a request, as its headers tell. */
#ifndef USAGE_CLIENT_H
#define USAGE_CLIENT_H

#include <stdbool.h>

#include <httpd.h>

#include "config.h"
#include "engine/agent_cache.h"
#include "headers.h"

/** The agent of a request, with what the browser hints. */
usage_known_agent_t usage_client_agent(const usage_server_conf_t *conf,
                                       const usage_headers_t *headers);

/**
 * Whether the client decides the outcome of its GET, and which it is: a bot,
 * one that opted out, a page fetched ahead or a part of a page.
 */
bool usage_client_decides(const usage_server_conf_t *conf, apr_uint32_t agent,
                          const usage_headers_t *headers,
                          usage_outcome_e *outcome);

/** Whether what a client does besides viewing pages is counted: it is no bot,
 * did not opt out, and fetches nothing ahead. */
bool usage_client_counts(const request_rec *root);

#endif
