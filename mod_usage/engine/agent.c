/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Agent strings in two steps: one pass finds words, which show traits
 * (agent_scan.c), and traits give the answers, each by a table read from the
 * top. Most browsers name the ones they descend from ("like Gecko", "Chrome/…
 * Safari/… Edg/…"), so the youngest name comes first. Runs in every thread of
 * every child.
 */
#include "agent.h"

#include "agent_scan.h"
#include "agent_tables.h"

/* Not through another macro: APR's flags define LINUX. */
#define HAS(trait) ((usage_traits_t)1 << USAGE_TRAIT_##trait)

/* Of an iPad that asks for the desktop site: no Mac has these. */
#define IPAD_ONLY (HAS(IOS_ONLY) | HAS(MOBILE_BUILD))
#define APPLE     (HAS(MAC) | HAS(IPHONE) | HAS(IPAD) | HAS(IOS))
#define DESKTOP                                                                \
    (HAS(WINDOWS) | HAS(MAC) | HAS(CROS) | HAS(X11) | HAS(LINUX) | HAS(BSD)    \
     | HAS(OTHER_SYSTEM))
#define HANDHELD (HAS(MOBILE) | HAS(PHONE) | HAS(OPERA_MINI))
#define SYSTEM                                                                 \
    (DESKTOP | APPLE | HAS(ANDROID) | HAS(WINDOWS_PHONE) | HAS(HARMONY)        \
     | HAS(KAIOS) | HAS(TIZEN) | HAS(WEBOS))
#define KNOWN                                                                  \
    (SYSTEM | HANDHELD | HAS(TV) | HAS(CONSOLE) | HAS(TABLET) | HAS(SILK))

/*
 * The first row decides that has all of `all`, one of `any` if there are any,
 * and none of `without`.
 */
typedef struct rule_t {
    usage_traits_t all;
    usage_traits_t any;
    usage_traits_t without;
    int answer;
} rule_t;

/* clang-format off */
static const rule_t device_rules[] = {
    { HAS(CONSOLE), 0, 0, USAGE_DEVICE_CONSOLE },
    { HAS(TV), 0, 0, USAGE_DEVICE_TV },
    /* Said of any PC with a pen. */
    { HAS(TABLET_PC), 0, HAS(ANDROID), USAGE_DEVICE_DESKTOP },
    { 0, HAS(IPHONE) | HAS(WINDOWS_PHONE) | HAS(KAIOS), 0,
      USAGE_DEVICE_MOBILE },
    { 0, HAS(IPAD) | HAS(TABLET), 0, USAGE_DEVICE_TABLET },
    { HAS(SILK), 0, HAS(MOBILE), USAGE_DEVICE_TABLET },
    { HAS(MAC), IPAD_ONLY, HAS(ANDROID), USAGE_DEVICE_TABLET },
    { HAS(ANDROID), 0, HANDHELD, USAGE_DEVICE_TABLET },
    { 0, HANDHELD | HAS(WEBOS), 0, USAGE_DEVICE_MOBILE },
    { 0, DESKTOP | HAS(HARMONY), 0, USAGE_DEVICE_DESKTOP },
    { HAS(IOS), 0, 0, USAGE_DEVICE_MOBILE },
    { 0, 0, 0, USAGE_DEVICE_OTHER }
};

static const rule_t system_rules[] = {
    { HAS(WINDOWS_PHONE), 0, 0, USAGE_SYSTEM_WINDOWS },
    { HAS(HARMONY), 0, 0, USAGE_SYSTEM_HARMONYOS },
    { HAS(KAIOS), 0, 0, USAGE_SYSTEM_KAIOS },
    { HAS(TIZEN), 0, 0, USAGE_SYSTEM_TIZEN },
    { HAS(WEBOS), 0, 0, USAGE_SYSTEM_WEBOS },
    { 0, HAS(ANDROID) | HAS(SILK), 0, USAGE_SYSTEM_ANDROID },
    { HAS(TV), APPLE, 0, USAGE_SYSTEM_OTHER },
    { HAS(IPAD), 0, 0, USAGE_SYSTEM_IPADOS },
    { 0, HAS(IPHONE) | HAS(IOS), 0, USAGE_SYSTEM_IOS },
    { HAS(MAC), IPAD_ONLY, 0, USAGE_SYSTEM_IPADOS },
    { HAS(OTHER_SYSTEM), 0, HAS(LINUX) | HAS(BSD), USAGE_SYSTEM_OTHER },
    { HAS(CROS), 0, 0, USAGE_SYSTEM_CHROMEOS },
    { HAS(WINDOWS), 0, 0, USAGE_SYSTEM_WINDOWS },
    { HAS(MAC), 0, 0, USAGE_SYSTEM_MACOS },
    { HAS(BSD), 0, 0, USAGE_SYSTEM_BSD },
    { 0, HAS(LINUX) | HAS(X11), 0, USAGE_SYSTEM_LINUX },
    { 0, 0, 0, USAGE_SYSTEM_OTHER }
};

/* One and one more trait whose number may be the version. */
static const struct browser_rule_t {
    rule_t rule;
    usage_trait_e versions[2];
} browser_rules[] = {
#define ROW(all, any, without, browser, first, second)                         \
    { { all, any, without, USAGE_BROWSER_##browser },                          \
      { USAGE_TRAIT_##first, USAGE_TRAIT_##second } }
#define APP(browser) ROW(HAS(browser), 0, 0, browser, browser, APP_VERSION)
    APP(INSTAGRAM),
    ROW(HAS(FACEBOOK), 0, 0, FACEBOOK, APP_VERSION, FACEBOOK),
    ROW(HAS(TIKTOK), 0, 0, TIKTOK, APP_VERSION, TIKTOK),
    APP(WECHAT),
    APP(LINE),
    APP(SNAPCHAT),
    APP(PINTEREST),
    APP(LINKEDIN),
    APP(TWITTER),
    APP(GOOGLE_APP),
    APP(OPERA_MINI),
    APP(UC),
    ROW(HAS(OTHER_BROWSER), 0, HAS(OPERA_OLD), OTHER, OTHER_BROWSER, VERSION),
    APP(SAMSUNG),
    APP(HUAWEI),
    APP(MIUI),
    APP(YANDEX),
    APP(VIVALDI),
    APP(BRAVE),
    APP(DUCKDUCKGO),
    APP(EDGE),
    APP(OPERA),
    APP(SILK),
    ROW(HAS(OPERA_OLD), 0, 0, OPERA, VERSION, OPERA_OLD),
    APP(FIREFOX),
    ROW(HAS(IEMOBILE), 0, 0, IE, IEMOBILE, IE),
    ROW(0, HAS(IE) | HAS(TRIDENT), 0, IE, IE, RV),
    ROW(HAS(WEBVIEW), 0, 0, ANDROID_WEBVIEW, CHROME, VERSION),
    ROW(HAS(ANDROID) | HAS(VERSION) | HAS(CHROME), 0, 0, ANDROID_WEBVIEW,
        CHROME, VERSION),
    APP(CHROME),
    ROW(HAS(ANDROID) | HAS(WEBKIT), HAS(SAFARI) | HAS(VERSION), 0,
        ANDROID_BROWSER, VERSION, VERSION),
    ROW(HAS(WEBKIT), APPLE, HAS(TV) | HAS(ANDROID), SAFARI, VERSION,
        IOS_VERSION),
    ROW(HAS(SAFARI) | HAS(VERSION) | HAS(WINDOWS), 0, 0, SAFARI, VERSION,
        VERSION),
    ROW(0, 0, 0, OTHER, OTHER_BROWSER, VERSION)
#undef APP
#undef ROW
};
/* clang-format on */

/* Whose "compatible;" is no bot's. */
#define COMPATIBLE_BROWSER                                                     \
    (HAS(IE) | HAS(IEMOBILE) | HAS(OPERA_OLD) | HAS(OTHER_BROWSER) | HAS(UC)   \
     | HAS(PHONE) | HAS(TV))

/* Bots by what their agent lacks: that of a person has all of it. */
static const rule_t bot_rules[] = {
    { 0, HAS(BROWSER_START) | HAS(PHONE) | HAS(TV), 0, USAGE_BOT_NONE },
    { 0, 0, 0, USAGE_BOT_NO_BROWSER },
}, system_bot_rules[] = {
    { 0, 0, KNOWN, USAGE_BOT_NO_SYSTEM },
    { HAS(COMPATIBLE), 0, COMPATIBLE_BROWSER, USAGE_BOT_NO_BROWSER },
    { HAS(COMPATIBLE) | HAS(CHROME), 0, HAS(IE) | HAS(OTHER_BROWSER),
      USAGE_BOT_NO_BROWSER },
    { 0, 0, 0, USAGE_BOT_NONE },
};

static bool holds(const rule_t *rule, usage_traits_t traits)
{
    return (traits & rule->all) == rule->all
           && (rule->any == 0 || (traits & rule->any) != 0)
           && (traits & rule->without) == 0;
}

static int first_answer(const rule_t *rule, usage_traits_t traits)
{
    while (!holds(rule, traits)) {
        rule++;
    }
    return rule->answer;
}

static unsigned bot_of(const usage_agent_scan_t *scan, apr_size_t length)
{
    if (length == 0) {
        return USAGE_BOT_EMPTY;
    }
    bool is_strong =
        scan->bot.weight >= scan->weak_bot.weight
        || (scan->traits & (HAS(ANDROID) | HAS(COMPATIBLE))) == HAS(ANDROID);
    const usage_agent_found_t *found = is_strong ? &scan->bot : &scan->weak_bot;
    if (found->bot != 0) {
        return found->bot;
    }
    int bot = first_answer(bot_rules, scan->traits);
    if (bot == USAGE_BOT_NONE) {
        bot = first_answer(system_bot_rules, scan->traits);
    }
    return (unsigned)bot;
}

static void name_browser(usage_agent_t *result, const usage_agent_scan_t *scan,
                         const char *agent, apr_size_t length)
{
    const struct browser_rule_t *row = browser_rules;
    while (!holds(&row->rule, scan->traits)) {
        row++;
    }
    result->browser = (usage_browser_e)row->rule.answer;
    for (int i = 0; i < 2 && result->version == 0; i++) {
        result->version =
            usage_agent_number(scan, row->versions[i], agent, length);
    }
}

usage_agent_t usage_agent_classify(const char *agent, apr_size_t length)
{
    usage_agent_scan_t scan;
    while (length > 0 && *agent == ' ') {
        agent++;
        length--;
    }
    apr_size_t read = length < USAGE_AGENT_MAX ? length : USAGE_AGENT_MAX;
    usage_agent_scan(&scan, agent, read);
    unsigned bot = bot_of(&scan, length);
    usage_agent_t result = {
        .is_bot = bot != USAGE_BOT_NONE,
        .kind = usage_bots[bot].kind,
        .bot = (apr_uint16_t)bot,
        .device = (usage_device_e)first_answer(device_rules, scan.traits),
        .system = (usage_system_e)first_answer(system_rules, scan.traits),
    };
    name_browser(&result, &scan, agent, read);
    if (result.is_bot) {
        result.version = 0;
    }
    return result;
}

usage_agent_t usage_agent_as_bot(usage_agent_t agent, usage_bot_kind_e kind,
                                 int pattern)
{
    bool has_number = pattern < USAGE_BOT_NUMBERS - USAGE_BOTS;
    int any = USAGE_BOT_SITE_SEARCH + (int)kind - USAGE_BOT_KIND_SEARCH;
    agent.is_bot = true;
    agent.kind = kind;
    agent.bot = (apr_uint16_t)(has_number ? USAGE_BOTS + pattern : any);
    agent.version = 0;
    return agent;
}
