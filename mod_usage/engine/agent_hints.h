/* SPDX-License-Identifier: Apache-2.0 */
/* What client hints add to an agent string. */
#ifndef USAGE_AGENT_HINTS_H
#define USAGE_AGENT_HINTS_H

#include "agent.h"

/**
 * Let a person's client hints win over the agent string. Each may be NULL, and
 * what is no hint changes nothing.
 * @param mobile the header Sec-CH-UA-Mobile: ?0 or ?1
 * @param platform the header Sec-CH-UA-Platform: a quoted name
 * @see https://wicg.github.io/ua-client-hints/
 */
void usage_agent_hint(usage_agent_t *agent, const char *mobile,
                      const char *platform);

#endif
