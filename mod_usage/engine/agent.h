/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent string (User-Agent) says: a bot, which and of what kind, or a
 * person; and the device, the browser and the system.
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
    X(IE, "IE")                                                                \
    X(BRAVE, "Brave")                                                          \
    X(OPERA_MINI, "Opera Mini")                                                \
    X(ANDROID_BROWSER, "Android Browser")                                      \
    X(ANDROID_WEBVIEW, "Android WebView")                                      \
    X(FACEBOOK, "Facebook")                                                    \
    X(INSTAGRAM, "Instagram")                                                  \
    X(TIKTOK, "TikTok")                                                        \
    X(WECHAT, "WeChat")                                                        \
    X(LINE, "LINE")                                                            \
    X(SNAPCHAT, "Snapchat")                                                    \
    X(PINTEREST, "Pinterest")                                                  \
    X(LINKEDIN, "LinkedIn")                                                    \
    X(TWITTER, "X")                                                            \
    X(GOOGLE_APP, "Google app")                                                \
    X(SILK, "Silk")                                                            \
    X(HUAWEI, "Huawei")                                                        \
    X(MIUI, "MIUI")

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
    X(BSD, "BSD")                                                              \
    X(HARMONYOS, "HarmonyOS")                                                  \
    X(KAIOS, "KaiOS")                                                          \
    X(TIZEN, "Tizen")                                                          \
    X(WEBOS, "webOS")

/** X(id, word): what a bot is for; NONE is a person. */
#define USAGE_BOT_KIND_LIST(X)                                                 \
    X(NONE, "")                                                                \
    X(SEARCH, "search")                                                        \
    X(AI_CRAWLER, "ai-crawler")                                                \
    X(AI_ASSISTANT, "ai-assistant")                                            \
    X(AI_SEARCH, "ai-search")                                                  \
    X(PREVIEW, "preview")                                                      \
    X(FEED, "feed")                                                            \
    X(MONITOR, "monitor")                                                      \
    X(SEO, "seo")                                                              \
    X(SECURITY, "security")                                                    \
    X(LIBRARY, "library")                                                      \
    X(OTHER, "other")

/** What a category of bots begins with. */
#define USAGE_BOT_PREFIX "bot-"

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

#define USAGE_BOT_KIND_ENUM(id, word) USAGE_BOT_KIND_##id,
typedef enum usage_bot_kind_e {
    USAGE_BOT_KIND_LIST(USAGE_BOT_KIND_ENUM) USAGE_BOT_KINDS
} usage_bot_kind_e;
#undef USAGE_BOT_KIND_ENUM

/** What an agent string says. */
typedef struct usage_agent_t {
    bool is_bot;
    usage_bot_kind_e kind; /**< NONE of a person */
    apr_uint16_t bot; /**< below USAGE_BOT_NUMBERS, for usage_agent_bot_name;
                         0 of a person */
    apr_uint16_t version; /**< the browser's first number, 0 if unknown */
    usage_device_e device;
    usage_browser_e browser;
    usage_system_e system;
} usage_agent_t;

/** Bytes of an agent string that are read; what follows says nothing. */
#define USAGE_AGENT_MAX 512

/** Bots that are told apart: those known, then patterns of a site. */
#define USAGE_BOT_NUMBERS 4096

/** The highest version that is told apart. */
#define USAGE_AGENT_VERSION_MAX 1023

/**
 * Classify an agent string; an empty one is a bot's. Words are found in any
 * case. The cost is bounded: one pass over USAGE_AGENT_MAX bytes at most.
 */
usage_agent_t usage_agent_classify(const char *agent, apr_size_t length);

/**
 * An agent that a UsageBotPattern of this kind knows for a bot.
 * @param pattern its place in the site's list; those that find no number
 *                left are one bot of their kind
 */
usage_agent_t usage_agent_as_bot(usage_agent_t agent, usage_bot_kind_e kind,
                                 int pattern);

/**
 * An agent as 31 bits; a bot has no version. From the lowest:
 *
 *   person   1 | 0 | device 3 | system 4 | browser 6 | version 10
 *   bot      1 | 1 | device 3 | system 4 | browser 6 | bot 12 | kind 4
 */
apr_uint32_t usage_agent_pack(const usage_agent_t *agent);

/** What stands in those bits. */
static inline bool usage_agent_bits_is_bot(apr_uint32_t bits)
{
    return (bits >> 1 & 1) != 0;
}
static inline unsigned usage_agent_bits_bot(apr_uint32_t bits)
{
    return bits >> 15 & 4095;
}
static inline int usage_agent_bits_bot_kind(apr_uint32_t bits)
{
    return (int)(bits >> 27 & 15);
}
static inline int usage_agent_bits_device(apr_uint32_t bits)
{
    return (int)(bits >> 2 & 7);
}
static inline int usage_agent_bits_system(apr_uint32_t bits)
{
    return (int)(bits >> 5 & 15);
}
static inline int usage_agent_bits_browser(apr_uint32_t bits)
{
    return (int)(bits >> 9 & 63);
}

/** The agent that usage_agent_pack made these bits of. */
usage_agent_t usage_agent_unpack(apr_uint32_t bits);

/** The word for a device, a browser, a system; "other" for a bad number. */
const char *usage_device_word(int device);
const char *usage_browser_word(int browser);
const char *usage_system_word(int system);

/** The word for a kind of bot; empty for NONE or a bad number. */
const char *usage_bot_kind_word(int kind);

/** The category under which bots of a kind are counted: "bot-" and its word;
 * for NONE or a bad number that of OTHER. */
const char *usage_bot_category(int kind);

/** The kind of that word, in any case; NONE if there is none. */
usage_bot_kind_e usage_bot_kind_of(const char *word);

/**
 * A bot's name for people, such as "Googlebot"; in brackets if the agent only
 * tells what it is, such as "(a crawler)". Empty for 0 or a bad number.
 */
const char *usage_bot_name(unsigned bot);

#endif
