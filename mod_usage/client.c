/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the headers of clients. Runs in every thread of every child. */
#include "client.h"

#include <string.h>

#include "engine/agent_hints.h"
#include "segment.h"

/* Of a person, with what the browser hints. */
__attribute__((noinline)) static apr_uint32_t
hinted(apr_uint32_t bits, const usage_headers_t *headers)
{
    usage_agent_t agent = usage_agent_unpack(bits);
    if (!agent.is_bot) {
        usage_agent_hint(&agent,
                         usage_headers_get(headers, USAGE_HEADER_MOBILE),
                         usage_headers_get(headers, USAGE_HEADER_PLATFORM));
    }
    return usage_agent_pack(&agent);
}

usage_known_agent_t usage_client_agent(const usage_server_conf_t *conf,
                                       const usage_headers_t *headers)
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
        agent.bits = hinted(agent.bits, headers);
    }
    return agent;
}

bool usage_client_decides(const usage_server_conf_t *conf, apr_uint32_t agent,
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

bool usage_client_counts(const request_rec *root)
{
    const usage_server_conf_t *conf = usage_server_conf(root->server);
    usage_headers_t headers;
    usage_outcome_e outcome;
    usage_headers_find(root->headers_in, &headers);
    apr_uint32_t agent = usage_client_agent(conf, &headers).bits;
    return !usage_client_decides(conf, agent, &headers, &outcome)
           || outcome == USAGE_OUTCOME_FETCH;
}
