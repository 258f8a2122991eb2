/* SPDX-License-Identifier: Apache-2.0 */
/* Who sent a request, as its headers tell. */
#ifndef USAGE_CLIENT_H
#define USAGE_CLIENT_H

#include <stdbool.h>
#include <string.h>

#include <httpd.h>

#include "config.h"
#include "engine/agent_cache.h"
#include "engine/often.h"
#include "headers.h"
#include "segment.h"

/** An agent, if it is a person's, with what the browser hints. */
apr_uint32_t usage_client_hinted(apr_uint32_t bits,
                                 const usage_headers_t *headers);

/** The agent of a request, hints and all. */
static USAGE_OFTEN usage_known_agent_t usage_client_agent(
    const usage_server_conf_t *conf, const usage_headers_t *headers)
{
    const usage_memory_t *memory = usage_segment_memory();
    const char *text = usage_headers_get(headers, USAGE_HEADER_USER_AGENT);
    usage_agent_cache_t cache = { .words = memory->agents,
                                  .count = USAGE_AGENTS,
                                  .secret = &memory->header->salts.agents };
    usage_known_agent_t agent = usage_agent_cached(
        &cache, text != NULL ? text : "", text != NULL ? strlen(text) : 0,
        conf->host->patterns);
    if ((headers->found & USAGE_HEADERS_HINTS) != 0) {
        agent.bits = usage_client_hinted(agent.bits, headers);
    }
    return agent;
}

/**
 * Whether the client decides the outcome of its GET, and which it is: a bot,
 * one that opted out, a page fetched ahead or a part of a page.
 */
static inline bool usage_client_decides(const usage_server_conf_t *conf,
                                        apr_uint32_t agent,
                                        const usage_headers_t *headers,
                                        usage_outcome_e *outcome)
{
    if (conf->counts_bots != 1 && usage_agent_bits_is_bot(agent)) {
        *outcome = USAGE_OUTCOME_BOT;
        return true;
    }
    return usage_headers_decide(
        headers, conf->opt_outs == -1 ? 0 : conf->opt_outs, outcome);
}

/** Whether what a client does besides viewing pages is counted: it is no bot,
 * did not opt out, and fetches nothing ahead. */
bool usage_client_counts(const request_rec *root);

/** Whether a client opted out, by a signal that its site honours. */
bool usage_client_opts_out(const request_rec *root);

#endif
