/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent string (User-Agent) says: a bot or a person, and of a person
 * the device, the browser and the system.
 */
#ifndef USAGE_AGENT_H
#define USAGE_AGENT_H

#include <stdbool.h>

#include <apr.h>

/* The lists' numbers stand in the segment: append, and raise its version. */

/** X(id, word) */
#define USAGE_DEVICE_LIST(X)                                                   \
    X(OTHER, "other")                                                          \
    X(DESKTOP, "desktop")                                                      \
    X(MOBILE, "mobile")                                                        \
    X(TABLET, "tablet")                                                        \
    X(TV, "tv")                                                                \
    X(CONSOLE, "console")

/** X(id, word) */
#define USAGE_BROWSER_LIST(X)                                                  \
    X(OTHER, "other")                                                          \
    X(CHROME, "Chrome")                                                        \
    X(FIREFOX, "Firefox")                                                      \
    X(SAFARI, "Safari")                                                        \
    X(EDGE, "Edge")                                                            \
    X(OPERA, "Opera")                                                          \
    X(SAMSUNG, "Samsung Internet")                                             \
    X(VIVALDI, "Vivaldi")                                                      \
    X(YANDEX, "Yandex")                                                        \
    X(UC, "UC")                                                                \
    X(DUCKDUCKGO, "DuckDuckGo")                                                \
    X(IE, "IE")

/** X(id, word) */
#define USAGE_SYSTEM_LIST(X)                                                   \
    X(OTHER, "other")                                                          \
    X(WINDOWS, "Windows")                                                      \
    X(MACOS, "macOS")                                                          \
    X(LINUX, "Linux")                                                          \
    X(CHROMEOS, "ChromeOS")                                                    \
    X(IOS, "iOS")                                                              \
    X(IPADOS, "iPadOS")                                                        \
    X(ANDROID, "Android")                                                      \
    X(BSD, "BSD")

#define USAGE_DEVICE_ENUM(id, word) USAGE_DEVICE_##id,
typedef enum usage_device_e {
    USAGE_DEVICE_LIST(USAGE_DEVICE_ENUM) USAGE_DEVICES
} usage_device_e;
#undef USAGE_DEVICE_ENUM

#define USAGE_BROWSER_ENUM(id, word) USAGE_BROWSER_##id,
typedef enum usage_browser_e {
    USAGE_BROWSER_LIST(USAGE_BROWSER_ENUM) USAGE_BROWSERS
} usage_browser_e;
#undef USAGE_BROWSER_ENUM

#define USAGE_SYSTEM_ENUM(id, word) USAGE_SYSTEM_##id,
typedef enum usage_system_e {
    USAGE_SYSTEM_LIST(USAGE_SYSTEM_ENUM) USAGE_SYSTEMS
} usage_system_e;
#undef USAGE_SYSTEM_ENUM

/** What an agent string says. */
typedef struct usage_agent_t {
    bool is_bot;
    usage_device_e device;
    usage_browser_e browser;
    usage_system_e system;
} usage_agent_t;

/** Bytes of an agent string that are read; what follows says nothing. */
#define USAGE_AGENT_MAX 512

/**
 * Classify an agent string; an empty one is a bot's. Words are found anywhere
 * in it and in any case.
 */
usage_agent_t usage_agent_classify(const char *agent, apr_size_t length);

/** The word for a device, a browser, a system; "other" for a bad number. */
const char *usage_device_word(int device);
const char *usage_browser_word(int browser);
const char *usage_system_word(int system);

#endif
