/* SPDX-License-Identifier: Apache-2.0 */
/* Client hints. Runs in every thread of every child. */
#include "agent_hints.h"

#include <string.h>

#include <apr_cstr.h>

/* clang-format off */
static const struct platform_t {
    const char *hint; /* as the header has it */
    usage_system_e system;
} platforms[] = {
    { "\"Android\"", USAGE_SYSTEM_ANDROID },
    { "\"Chrome OS\"", USAGE_SYSTEM_CHROMEOS },
    { "\"Chromium OS\"", USAGE_SYSTEM_CHROMEOS },
    { "\"HarmonyOS\"", USAGE_SYSTEM_HARMONYOS },
    { "\"iOS\"", USAGE_SYSTEM_IOS },
    { "\"Linux\"", USAGE_SYSTEM_LINUX },
    { "\"macOS\"", USAGE_SYSTEM_MACOS },
    { "\"Tizen\"", USAGE_SYSTEM_TIZEN },
    { "\"Windows\"", USAGE_SYSTEM_WINDOWS },
};

/* The agent may say more than the hint: not just Linux but webOS. */
static const struct descent_t {
    usage_system_e said;
    usage_system_e hinted;
} descents[] = {
    { USAGE_SYSTEM_IPADOS, USAGE_SYSTEM_IOS },
    { USAGE_SYSTEM_HARMONYOS, USAGE_SYSTEM_ANDROID },
    { USAGE_SYSTEM_KAIOS, USAGE_SYSTEM_LINUX },
    { USAGE_SYSTEM_TIZEN, USAGE_SYSTEM_LINUX },
    { USAGE_SYSTEM_WEBOS, USAGE_SYSTEM_LINUX },
};
/* clang-format on */

#define LENGTH(table) (sizeof(table) / sizeof *(table))

static bool says_more(usage_system_e said, usage_system_e hinted)
{
    for (apr_size_t i = 0; i < LENGTH(descents); i++) {
        if (descents[i].said == said && descents[i].hinted == hinted) {
            return true;
        }
    }
    return false;
}

static void hint_system(usage_agent_t *agent, const char *platform)
{
    for (apr_size_t i = 0; i < LENGTH(platforms); i++) {
        if (apr_cstr_casecmp(platforms[i].hint, platform) == 0) {
            if (!says_more(agent->system, platforms[i].system)) {
                agent->system = platforms[i].system;
            }
            return;
        }
    }
}

/* A large screen: of a tablet or of a desktop, as the system is. */
static usage_device_e large_device(const usage_agent_t *agent)
{
    switch (agent->system) {
    case USAGE_SYSTEM_ANDROID:
    case USAGE_SYSTEM_HARMONYOS:
    case USAGE_SYSTEM_IOS:
    case USAGE_SYSTEM_IPADOS:
        return USAGE_DEVICE_TABLET;
    case USAGE_SYSTEM_WINDOWS:
    case USAGE_SYSTEM_MACOS:
    case USAGE_SYSTEM_LINUX:
    case USAGE_SYSTEM_CHROMEOS:
        return USAGE_DEVICE_DESKTOP;
    default:
        return agent->device;
    }
}

void usage_agent_hint(usage_agent_t *agent, const char *mobile,
                      const char *platform)
{
    if (platform != NULL) {
        hint_system(agent, platform);
    }
    if (mobile == NULL || agent->device == USAGE_DEVICE_TV
        || agent->device == USAGE_DEVICE_CONSOLE) {
        return;
    }
    if (strcmp(mobile, "?1") == 0) {
        agent->device = USAGE_DEVICE_MOBILE;
    }
    else if (strcmp(mobile, "?0") == 0) {
        agent->device = large_device(agent);
    }
}
