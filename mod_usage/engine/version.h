/* SPDX-License-Identifier: Apache-2.0 */
/* Versions of browsers and systems, as agent strings tell them. */
#ifndef USAGE_VERSION_H
#define USAGE_VERSION_H

#include "agent.h"
#include "table.h"

/** Room for a name with its version. */
typedef struct usage_version_t {
    char text[64];
} usage_version_t;

/** "Firefox 128"; the name alone if the version is not known. */
usage_text_t usage_version_browser(const usage_agent_t *agent,
                                   usage_version_t *room);

/**
 * "Android 14", "iOS 17", "Windows 7"; the name alone where the string doesn't
 * tell: Windows since 10 and macOS since 10.15 always say the same, and Linux
 * says nothing.
 * @param text the agent string that @a agent was made of; or NULL
 */
usage_text_t usage_version_system(const usage_agent_t *agent, const char *text,
                                  usage_version_t *room);

#endif
