/* SPDX-License-Identifier: Apache-2.0 */
/* Finds versions. Runs in every thread of every child, when a visit begins. */
#include "version.h"

#include <string.h>

#include <apr_strings.h>

#include "text.h"

/* Windows by the version of its kernel. */
static const struct windows_t {
    const char *kernel;
    const char *name;
} windows[] = {
    { "10.", "Windows 10+" },   { "6.3", "Windows 8.1" },
    { "6.2", "Windows 8" },     { "6.1", "Windows 7" },
    { "6.0", "Windows Vista" }, { "5.", "Windows XP" },
};

/* What a system's version stands behind. */
static const char *const beginnings[USAGE_SYSTEMS] = {
    [USAGE_SYSTEM_WINDOWS] = "Windows NT ",
    [USAGE_SYSTEM_IOS] = " OS ",
    [USAGE_SYSTEM_IPADOS] = " OS ",
    [USAGE_SYSTEM_ANDROID] = "Android ",
    [USAGE_SYSTEM_HARMONYOS] = "HarmonyOS ",
    [USAGE_SYSTEM_KAIOS] = "KAIOS/",
    [USAGE_SYSTEM_TIZEN] = "Tizen ",
};

static usage_text_t with_number(const char *name, int number,
                                usage_version_t *room)
{
    if (number <= 0) {
        return usage_text_of(name);
    }
    int length =
        apr_snprintf(room->text, sizeof room->text, "%s %d", name, number);
    return (usage_text_t){ room->text, (apr_size_t)length };
}

usage_text_t usage_version_browser(const usage_agent_t *agent,
                                   usage_version_t *room)
{
    return with_number(usage_browser_word((int)agent->browser), agent->version,
                       room);
}

/* A number below 1000 at @a at; 0 if none is there. */
static int number_at(const char *at)
{
    int number = 0;
    for (; *at >= '0' && *at <= '9' && number < 1000; at++) {
        number = number * 10 + (*at - '0');
    }
    return number < 1000 ? number : 0;
}

static const char *windows_at(const char *at)
{
    for (apr_size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        if (strncmp(at, windows[i].kernel, strlen(windows[i].kernel)) == 0) {
            return windows[i].name;
        }
    }
    return usage_system_word(USAGE_SYSTEM_WINDOWS);
}

usage_text_t usage_version_system(const usage_agent_t *agent, const char *text,
                                  usage_version_t *room)
{
    const char *name = usage_system_word((int)agent->system);
    const char *beginning = beginnings[agent->system];
    const char *at =
        text != NULL && beginning != NULL ? strstr(text, beginning) : NULL;
    if (at == NULL) {
        return usage_text_of(name);
    }
    at += strlen(beginning);
    return agent->system == USAGE_SYSTEM_WINDOWS
               ? usage_text_of(windows_at(at))
               : with_number(name, number_at(at), room);
}
