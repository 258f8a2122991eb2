/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Agent strings in two steps: words give traits, traits give the answer, each
 * by a table read from the top. Most browsers name the ones they descend from
 * ("like Gecko", "Chrome/… Safari/… Edg/…"), so the youngest name comes first.
 * Runs in every thread of every child.
 */
#include "agent.h"

#include <string.h>

typedef enum trait_e {
    T_BOT = 1 << 0,
    T_TV = 1 << 1,
    T_CONSOLE = 1 << 2,
    T_TABLET = 1 << 3,
    T_MOBILE = 1 << 4,
    T_PHONE = 1 << 5,
    T_ANDROID = 1 << 6,
    T_WINDOWS_PHONE = 1 << 7,
    T_IPHONE = 1 << 8,
    T_IPAD = 1 << 9,
    T_CROS = 1 << 10,
    T_MAC = 1 << 11,
    T_WINDOWS = 1 << 12,
    T_BSD = 1 << 13,
    T_LINUX = 1 << 14,
    T_EDGE = 1 << 15,
    T_OPERA = 1 << 16,
    T_SAMSUNG = 1 << 17,
    T_VIVALDI = 1 << 18,
    T_YANDEX = 1 << 19,
    T_UC = 1 << 20,
    T_DUCKDUCKGO = 1 << 21,
    T_FIREFOX = 1 << 22,
    T_CHROME = 1 << 23,
    T_IE = 1 << 24,
    T_SAFARI = 1 << 25,
    T_VERSION = 1 << 26,
    T_X11 = 1 << 27,
    T_IOS = T_IPHONE | T_IPAD
} trait_e;

/* clang-format off */
static const struct word_t {
    const char *word; /* lower case */
    unsigned traits;
} words[] = {
    { "bot", T_BOT },
    { "crawler", T_BOT },
    { "spider", T_BOT },
    { "slurp", T_BOT },
    { "lighthouse", T_BOT },
    { "pagespeed", T_BOT },
    { "prerender", T_BOT },
    { "headless", T_BOT },
    { "pingdom", T_BOT },
    { "facebookexternalhit", T_BOT },
    { "screaming frog", T_BOT },
    { "curl/", T_BOT },
    { "wget/", T_BOT },
    { "python", T_BOT },
    { "java/", T_BOT },
    { "go-http-client", T_BOT },
    { "libwww", T_BOT },
    { "okhttp", T_BOT },
    { "http client", T_BOT },
    { "feed", T_BOT },
    { "rss", T_BOT },
    { "archiver", T_BOT },
    { "monitor", T_BOT },
    { "scan", T_BOT },
    { "+http", T_BOT },
    { "smart-tv", T_TV },
    { "smarttv", T_TV },
    { "appletv", T_TV },
    { "googletv", T_TV },
    { "hbbtv", T_TV },
    { "tv;", T_TV },
    { "playstation", T_CONSOLE },
    { "xbox", T_CONSOLE },
    { "nintendo", T_CONSOLE },
    { "ipad", T_TABLET | T_IPAD },
    { "tablet", T_TABLET },
    { "kindle", T_TABLET },
    { "silk/", T_TABLET },
    { "playbook", T_TABLET },
    { "mobile", T_MOBILE },
    { "iphone", T_PHONE | T_IPHONE },
    { "ipod", T_PHONE | T_IPHONE },
    { "opera mini", T_PHONE | T_OPERA },
    { "windows phone", T_PHONE | T_WINDOWS_PHONE },
    { "blackberry", T_PHONE },
    { "symbian", T_PHONE },
    { "android", T_ANDROID },
    { "cros ", T_CROS },
    { "macintosh", T_MAC },
    { "mac os x", T_MAC },
    { "windows", T_WINDOWS },
    { "freebsd", T_BSD },
    { "openbsd", T_BSD },
    { "netbsd", T_BSD },
    { "linux", T_LINUX },
    { "x11", T_X11 },
    { "edg/", T_EDGE },
    { "edge/", T_EDGE },
    { "edga/", T_EDGE },
    { "edgios/", T_EDGE },
    { "opr/", T_OPERA },
    { "opera", T_OPERA },
    { "opios/", T_OPERA },
    { "samsungbrowser", T_SAMSUNG },
    { "vivaldi", T_VIVALDI },
    { "yabrowser", T_YANDEX },
    { "ucbrowser", T_UC },
    { "uc browser", T_UC },
    { "duckduckgo/", T_DUCKDUCKGO },
    { "firefox/", T_FIREFOX },
    { "fxios/", T_FIREFOX },
    { "chrome/", T_CHROME },
    { "crios/", T_CHROME },
    { "chromium/", T_CHROME },
    { "msie", T_IE },
    { "trident/", T_IE },
    { "safari/", T_SAFARI },
    { "version/", T_VERSION },
};

/* The first row whose traits are all there, and none of `without`, decides. */
typedef struct rule_t {
    unsigned traits;
    unsigned without;
    int answer;
} rule_t;

static const rule_t device_rules[] = {
    { T_TV, 0, USAGE_DEVICE_TV },
    { T_CONSOLE, 0, USAGE_DEVICE_CONSOLE },
    { T_TABLET, 0, USAGE_DEVICE_TABLET },
    { T_ANDROID, T_MOBILE | T_PHONE, USAGE_DEVICE_TABLET },
    { T_MOBILE, 0, USAGE_DEVICE_MOBILE },
    { T_PHONE, 0, USAGE_DEVICE_MOBILE },
    { T_WINDOWS, 0, USAGE_DEVICE_DESKTOP },
    { T_MAC, 0, USAGE_DEVICE_DESKTOP },
    { T_X11, 0, USAGE_DEVICE_DESKTOP },
    { T_LINUX, 0, USAGE_DEVICE_DESKTOP },
    { T_CROS, 0, USAGE_DEVICE_DESKTOP },
    { 0, 0, USAGE_DEVICE_OTHER }
};

static const rule_t browser_rules[] = {
    { T_EDGE, 0, USAGE_BROWSER_EDGE },
    { T_OPERA, 0, USAGE_BROWSER_OPERA },
    { T_SAMSUNG, 0, USAGE_BROWSER_SAMSUNG },
    { T_VIVALDI, 0, USAGE_BROWSER_VIVALDI },
    { T_YANDEX, 0, USAGE_BROWSER_YANDEX },
    { T_UC, 0, USAGE_BROWSER_UC },
    { T_DUCKDUCKGO, 0, USAGE_BROWSER_DUCKDUCKGO },
    { T_FIREFOX, 0, USAGE_BROWSER_FIREFOX },
    { T_CHROME, 0, USAGE_BROWSER_CHROME },
    { T_IE, 0, USAGE_BROWSER_IE },
    { T_SAFARI | T_VERSION, T_ANDROID, USAGE_BROWSER_SAFARI },
    { T_SAFARI | T_IPHONE, 0, USAGE_BROWSER_SAFARI },
    { T_SAFARI | T_IPAD, 0, USAGE_BROWSER_SAFARI },
    { 0, 0, USAGE_BROWSER_OTHER }
};

static const rule_t system_rules[] = {
    { T_WINDOWS_PHONE, 0, USAGE_SYSTEM_WINDOWS },
    { T_ANDROID, 0, USAGE_SYSTEM_ANDROID },
    { T_IPHONE, 0, USAGE_SYSTEM_IOS },
    { T_IPAD, 0, USAGE_SYSTEM_IPADOS },
    { T_CROS, 0, USAGE_SYSTEM_CHROMEOS },
    { T_MAC, 0, USAGE_SYSTEM_MACOS },
    { T_WINDOWS, 0, USAGE_SYSTEM_WINDOWS },
    { T_BSD, 0, USAGE_SYSTEM_BSD },
    { T_LINUX, 0, USAGE_SYSTEM_LINUX },
    { T_X11, 0, USAGE_SYSTEM_LINUX },
    { 0, 0, USAGE_SYSTEM_OTHER }
};
/* clang-format on */

#define WORD(id, word) word,
static const char *const device_words[] = { USAGE_DEVICE_LIST(WORD) };
static const char *const browser_words[] = { USAGE_BROWSER_LIST(WORD) };
static const char *const system_words[] = { USAGE_SYSTEM_LIST(WORD) };

static void lower(char *to, const char *from, apr_size_t length)
{
    for (apr_size_t i = 0; i < length; i++) {
        char c = from[i];
        to[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    to[length] = '\0';
}

static unsigned traits_of(const char *lowered)
{
    unsigned traits = 0;
    for (apr_size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(lowered, words[i].word) != NULL) {
            traits |= words[i].traits;
        }
    }
    return traits;
}

static int first_answer(const rule_t *rule, unsigned traits)
{
    while ((traits & rule->traits) != rule->traits
           || (traits & rule->without) != 0) {
        rule++;
    }
    return rule->answer;
}

usage_agent_t usage_agent_classify(const char *agent, apr_size_t length)
{
    char lowered[USAGE_AGENT_MAX + 1];
    lower(lowered, agent, length < USAGE_AGENT_MAX ? length : USAGE_AGENT_MAX);
    unsigned traits = traits_of(lowered);
    return (usage_agent_t){
        .is_bot = length == 0 || (traits & T_BOT) != 0,
        .device = (usage_device_e)first_answer(device_rules, traits),
        .browser = (usage_browser_e)first_answer(browser_rules, traits),
        .system = (usage_system_e)first_answer(system_rules, traits),
    };
}

static const char *word_of(const char *const *list, int count, int index)
{
    return list[index >= 0 && index < count ? index : 0];
}

const char *usage_device_word(int device)
{
    return word_of(device_words, USAGE_DEVICES, device);
}

const char *usage_browser_word(int browser)
{
    return word_of(browser_words, USAGE_BROWSERS, browser);
}

const char *usage_system_word(int system)
{
    return word_of(system_words, USAGE_SYSTEMS, system);
}
