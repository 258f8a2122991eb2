/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the headers of clients. Runs in every thread of every child. */
#include "client.h"

#include "engine/agent_hints.h"

apr_uint32_t usage_client_hinted(apr_uint32_t bits,
                                 const usage_headers_t *headers)
{
    usage_agent_t agent = usage_agent_unpack(bits);
    if (!agent.is_bot) {
        usage_agent_hint(&agent,
                         usage_headers_get(headers, USAGE_HEADER_MOBILE),
                         usage_headers_get(headers, USAGE_HEADER_PLATFORM));
    }
    return usage_agent_pack(&agent);
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

bool usage_client_opts_out(const request_rec *root)
{
    int opt_outs = usage_server_conf(root->server)->opt_outs;
    usage_headers_t headers;
    usage_outcome_e outcome;
    if (opt_outs <= 0) {
        return false;
    }
    usage_headers_find(root->headers_in, &headers);
    return usage_headers_decide(&headers, opt_outs, &outcome)
           && outcome == USAGE_OUTCOME_OPTED_OUT;
}
