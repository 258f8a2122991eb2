/* SPDX-License-Identifier: Apache-2.0 */
/* Agent strings as they come: of browsers, of devices, of bots. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/agent.h"

#define MOZ    "Mozilla/5.0 "
#define WEBKIT " AppleWebKit/537.36 (KHTML, like Gecko) "
#define APPLE  " AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define WIN10  MOZ "(Windows NT 10.0; Win64; x64)"
#define MACOS  MOZ "(Macintosh; Intel Mac OS X 10_15_7)"
#define IPHONE MOZ "(iPhone; CPU iPhone OS 17_5 like Mac OS X)"
#define IPAD   MOZ "(iPad; CPU OS 17_5 like Mac OS X)"
#define PHONE  MOZ "(Linux; Android 10; K)"
#define VIEW   MOZ "(Linux; Android 14; Pixel 8 Build/AP1A.240505; wv)"

/* What is made of an agent: "device, browser version, system". */
typedef struct person_t {
    const char *agent;
    const char *answer;
} person_t;

static const person_t persons[] = {
    /* Chromium and what descends from it */
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36",
      "desktop, Chrome 126, Windows" },
    { MACOS WEBKIT "Chrome/126.0.0.0 Safari/537.36",
      "desktop, Chrome 126, macOS" },
    { MOZ "(X11; CrOS x86_64 14541.0.0)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36",
      "desktop, Chrome 126, ChromeOS" },
    { PHONE WEBKIT "Chrome/126.0.0.0 Mobile Safari/537.36",
      "mobile, Chrome 126, Android" },
    { PHONE WEBKIT "Chrome/126.0.0.0 Safari/537.36",
      "tablet, Chrome 126, Android" },
    { MOZ "(Linux; Android 9; CUBOT X18 Plus)" WEBKIT
          "Chrome/80.0.3987.99 Mobile Safari/537.36",
      "mobile, Chrome 80, Android" },
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36 Edg/125.0.2592.56",
      "desktop, Edge 125, Windows" },
    { WIN10 WEBKIT "Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763",
      "desktop, Edge 18, Windows" },
    { PHONE WEBKIT "Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/125.0.2592.56",
      "mobile, Edge 125, Android" },
    { WIN10 WEBKIT "Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0",
      "desktop, Opera 110, Windows" },
    { PHONE WEBKIT "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
      "mobile, Samsung Internet 25, Android" },
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36 Vivaldi/6.8.3381.44",
      "desktop, Vivaldi 6, Windows" },
    { WIN10 WEBKIT "Chrome/124.0.0.0 YaBrowser/24.6.0.0 Safari/537.36",
      "desktop, Yandex 24, Windows" },
    { MACOS WEBKIT "Chrome/84.0.4147.105 Safari/537.36 Brave/84.1.12",
      "desktop, Brave 84, macOS" },
    { MOZ "(Linux; U; Android 9; en-US; CPH1923)" WEBKIT
          "Version/4.0 Chrome/78.0.3904.108 UCBrowser/13.4.0.1306 Mobile "
          "Safari/537.36",
      "mobile, UC 13, Android" },
    { MOZ "(Linux; Android 12; HarmonyOS; ELS-AN00)" WEBKIT
          "Chrome/99.0.4844.88 HuaweiBrowser/13.0.5.303 Mobile Safari/537.36",
      "mobile, Huawei 13, HarmonyOS" },
    { MOZ "(Linux; U; Android 13; en-us; 2201117TG)" WEBKIT
          "Version/4.0 Chrome/100.0.4896.127 Mobile Safari/537.36 "
          "XiaoMi/MiuiBrowser/14.4.0",
      "mobile, MIUI 14, Android" },
    { MOZ "(Linux; Android 11; KFTRWI)" WEBKIT
          "Silk/126.3.1 like Chrome/126.0.6478.50 Safari/537.36",
      "tablet, Silk 126, Android" },
    { WIN10 WEBKIT "Chrome/120.0.0.0 Electron/28.0.0 Safari/537.36",
      "desktop, other 28, Windows" },

    /* Others' browsers on Apple's telephones and tablets */
    { IPHONE APPLE "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
      "mobile, Chrome 126, iOS" },
    { IPHONE APPLE "FxiOS/127.0 Mobile/15E148 Safari/605.1.15",
      "mobile, Firefox 127, iOS" },
    { IPHONE APPLE "Version/17.0 EdgiOS/126.0.2592.56 Mobile/15E148 "
                   "Safari/605.1.15",
      "mobile, Edge 126, iOS" },
    { IPHONE APPLE "Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.8.0",
      "mobile, Opera 4, iOS" },
    { IPHONE APPLE "Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
      "mobile, DuckDuckGo 7, iOS" },
    { IPHONE APPLE "GSA/323.0.647062479 Mobile/15E148 Safari/604.1",
      "mobile, Google app 323, iOS" },
    { MACOS APPLE "CriOS/126 Version/11.1.1 Safari/605.1.15",
      "tablet, Chrome 126, iPadOS" },
    { IPAD APPLE "Version/17.5 Mobile/15E148 Safari/604.1",
      "tablet, Safari 17, iPadOS" },

    /* Views inside of other programs */
    { VIEW WEBKIT "Version/4.0 Chrome/125.0.6422.54 Mobile Safari/537.36",
      "mobile, Android WebView 125, Android" },
    { IPHONE APPLE "Mobile/21F79", "mobile, Safari 17, iOS" },
    { IPHONE APPLE "Mobile/21F79 [FBAN/FBIOS;FBAV/467.1;FBBV/600]",
      "mobile, Facebook 467, iOS" },
    { VIEW WEBKIT "Version/4.0 Chrome/125.0.6422.54 Mobile Safari/537.36 "
                  "[FB_IAB/FB4A;FBAV/467.0.0.57.109;]",
      "mobile, Facebook 467, Android" },
    { IPHONE APPLE "Mobile/21F79 Instagram 334.0.4.32.98 (iPhone14,5)",
      "mobile, Instagram 334, iOS" },
    { IPHONE APPLE "Mobile/21F79 musical_ly_34.8.0 BytedanceWebview/d8a21c6 "
                   "AppVersion/34.8.0 app_version/34.8.0",
      "mobile, TikTok 34, iOS" },
    { IPHONE APPLE "Mobile/15E148 MicroMessenger/8.0.49(0x18003137)",
      "mobile, WeChat 8, iOS" },
    { IPHONE APPLE "Mobile/15E148 Safari Line/14.9.0", "mobile, LINE 14, iOS" },
    { IPHONE APPLE "Mobile/15E148 Snapchat/12.90.0.43 (like Safari/8618)",
      "mobile, Snapchat 12, iOS" },
    { IPHONE APPLE "Mobile/15E148 [Pinterest/iOS]",
      "mobile, Pinterest 0, iOS" },
    { IPHONE APPLE "Mobile/15E148 [LinkedInApp]/9.29", "mobile, LinkedIn 0, "
                                                       "iOS" },
    { IPHONE APPLE "Mobile/15E148 Twitter for iPhone/10.45",
      "mobile, X 0, iOS" },

    /* Firefox, Safari, and the older ones */
    { WIN10 " Gecko/20100101 Firefox/127.0", "desktop, Firefox 127, Windows" },
    { MOZ "(X11; FreeBSD amd64; rv:127.0) Gecko/20100101 Firefox/127.0",
      "desktop, Firefox 127, BSD" },
    { MOZ "(Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
      "mobile, Firefox 127, Android" },
    { MOZ "(Android 14; Tablet; rv:127.0) Gecko/127.0 Firefox/127.0",
      "tablet, Firefox 127, Android" },
    { MACOS APPLE "Version/17.5 Safari/605.1.15", "desktop, Safari 17, macOS" },
    { MOZ "(X11; Linux x86_64)" APPLE "Version/16.0 Safari/605.1.15",
      "desktop, other 16, Linux" },
    { MOZ "(Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
      "desktop, IE 11, Windows" },
    { "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; "
      "Tablet PC 2.0)",
      "desktop, IE 8, Windows" },
    { "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
      "desktop, Opera 12, Windows" },
    { "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) "
      "Presto/2.8.119 Version/11.10",
      "mobile, Opera Mini 7, other" },
    { MOZ "(Linux; U; Android 4.0.3; de-de; Galaxy S II Build/GRJ22) "
          "AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile "
          "Safari/534.30",
      "mobile, Android Browser 4, Android" },
    { MOZ "(Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950)" WEBKIT
          "Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
      "mobile, Edge 15, Windows" },
    { MOZ "(Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; "
          "rv:11.0; IEMobile/11.0; NOKIA; Lumia 520) like iPhone OS 7_0_3 "
          "Mac OS X AppleWebKit/537 (KHTML, like Gecko) Mobile Safari/537",
      "mobile, IE 11, Windows" },
    { MOZ "(Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
      "mobile, Firefox 48, KaiOS" },

    /* Televisions and consoles */
    { MOZ "(SMART-TV; LINUX; Tizen 6.0)" WEBKIT
          "SamsungBrowser/4.0 Chrome/76.0.3809.146 TV Safari/537.36",
      "tv, Samsung Internet 4, Tizen" },
    { MOZ "(Web0S; Linux/SmartTV)" WEBKIT
          "Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
      "tv, Chrome 94, webOS" },
    { MOZ "(Linux; Android 10; BRAVIA 4K VH2)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36",
      "tv, Chrome 126, Android" },
    { MOZ "(Linux; Android 7.1.2; AFTMM Build/NS6265)" WEBKIT
          "Silk/126.3.1 like Chrome/126.0.6478.50 Safari/537.36",
      "tv, Silk 126, Android" },
    { MOZ "(PlayStation; PlayStation 5/3.03/SmartTV)" APPLE
          "Version/13.0 Safari/605.1.15",
      "console, other 13, other" },
    { MOZ "(Windows NT 10.0; Win64; x64; Xbox; Xbox One)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
      "console, Edge 126, Windows" },
    { MOZ "(Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, "
          "like Gecko) NF/6.0.3.15.4 NintendoBrowser/5.1.0.22433",
      "console, other 0, other" },
};

typedef struct bot_t {
    const char *agent;
    const char *kind;
    const char *name;
} bot_t;

static const bot_t bots[] = {
    { "Googlebot/2.1 (+http://www.google.com/bot.html)", "search",
      "Googlebot" },
    { MOZ "(Linux; Android 6.0.1; Nexus 5X Build/MMB29P)" WEBKIT
          "Chrome/126.0.6478.61 Mobile Safari/537.36 (compatible; "
          "Googlebot/2.1; +http://www.google.com/bot.html)",
      "search", "Googlebot" },
    { MOZ "(compatible; YandexBot/3.0; +http://yandex.com/bots)", "search",
      "YandexBot" },
    { MOZ "AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1; "
          "+https://openai.com/gptbot)",
      "ai-crawler", "GPTBot" },
    { MOZ "AppleWebKit/537.36 (KHTML, like Gecko); compatible; "
          "ChatGPT-User/1.0; +https://openai.com/bot",
      "ai-assistant", "ChatGPT-User" },
    { "OAI-SearchBot/1.0; +https://openai.com/searchbot", "ai-search",
      "OAI-SearchBot" },
    { "facebookexternalhit/1.1 Facebot Twitterbot/1.0", "preview",
      "facebookexternalhit" },
    { "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 5 subscribers)", "feed",
      "Feedly" },
    { "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
      "monitor", "UptimeRobot" },
    { MOZ "(compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "seo",
      "AhrefsBot" },
    { MOZ "zgrab/0.x", "security", "zgrab" },
    { "curl/8.5.0", "library", "curl" },
    { "python-requests/2.31.0", "library", "python-requests" },
    { MOZ "(X11; Linux x86_64)" WEBKIT "HeadlessChrome/126.0.0.0 Safari/537.36",
      "library", "HeadlessChrome" },
    { "MobileSafari/8617 CFNetwork/1485 Darwin/23.1.0", "library",
      "CFNetwork" },

    /* Which nobody has heard of */
    { MOZ "(compatible; Quuxbot/1.0)", "other", "(a bot)" },
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36 quux-crawler", "other",
      "(a crawler)" },
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36 (+http://quux.example)",
      "other", "(a URL in its agent)" },
    { "Quux/1.0", "other", "(no browser's agent)" },
    { MOZ "(compatible; Quux/1.0; Windows NT 10.0)", "other",
      "(no browser's agent)" },
    { MOZ, "other", "(a browser without a system)" },
    { "", "other", "(no agent)" },
    { "   ", "other", "(no agent)" },
};

static usage_agent_t classified(const char *agent)
{
    return usage_agent_classify(agent, strlen(agent));
}

static bool is_same(const usage_agent_t *one, const usage_agent_t *other)
{
    return one->is_bot == other->is_bot && one->kind == other->kind
           && one->bot == other->bot && one->version == other->version
           && one->device == other->device && one->browser == other->browser
           && one->system == other->system;
}

START_TEST(agent_knows_persons)
{
    usage_agent_t agent = classified(persons[_i].agent);
    const char *answer = apr_psprintf(
        unit_pool, "%s, %s %d, %s", usage_device_word((int)agent.device),
        usage_browser_word((int)agent.browser), agent.version,
        usage_system_word((int)agent.system));
    ck_assert_msg(!agent.is_bot, "a bot, %s: %s", usage_bot_name(agent.bot),
                  persons[_i].agent);
    ck_assert_str_eq(answer, persons[_i].answer);
    ck_assert_str_eq(usage_bot_name(agent.bot), "");
    ck_assert_str_eq(usage_bot_kind_word((int)agent.kind), "");
}
END_TEST

START_TEST(agent_knows_bots)
{
    usage_agent_t agent = classified(bots[_i].agent);
    ck_assert_msg(agent.is_bot, "no bot: %s", bots[_i].agent);
    ck_assert_str_eq(usage_bot_kind_word((int)agent.kind), bots[_i].kind);
    ck_assert_str_eq(usage_bot_name(agent.bot), bots[_i].name);
    ck_assert_int_eq(agent.version, 0);
}
END_TEST

START_TEST(words_are_found_in_any_case)
{
    const char *agent = persons[_i].agent;
    char *shouted = apr_pstrdup(unit_pool, agent);
    for (char *c = shouted; *c != '\0'; c++) {
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    }
    usage_agent_t one = classified(agent);
    usage_agent_t other = classified(shouted);
    ck_assert(is_same(&one, &other));
}
END_TEST

START_TEST(telephones_that_are_named_like_bots_are_persons)
{
    static const char *const names[] = { "HTC Butterfly", "CUBOT NOTE 20",
                                         "HUAWEI LUA-L03", "Synapse" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *agent =
            apr_psprintf(unit_pool,
                         MOZ "(Linux; Android 9; %s Build/X)" WEBKIT
                             "Chrome/80.0.3987.99 Mobile Safari/537.36",
                         names[i]);
        ck_assert_msg(!classified(agent).is_bot, "%s", agent);
    }
    ck_assert(classified("Synapse/1.0").is_bot);
}
END_TEST

START_TEST(agent_is_read_to_its_length_and_to_512_bytes)
{
    static const char begin[] = MOZ "(X11; Linux x86_64)";
    char agent[USAGE_AGENT_MAX + 8];
    memset(agent, 'x', sizeof agent);
    memcpy(agent, begin, sizeof begin - 1);
    memcpy(agent + USAGE_AGENT_MAX - 3, "bot", 3);
    ck_assert(usage_agent_classify(agent, sizeof agent).is_bot);
    ck_assert(!usage_agent_classify(agent, USAGE_AGENT_MAX - 1).is_bot);
    memset(agent + USAGE_AGENT_MAX - 4, 'x', 8);
    memcpy(agent + USAGE_AGENT_MAX - 2, "bot", 3);
    ck_assert(!usage_agent_classify(agent, sizeof agent).is_bot);
}
END_TEST

START_TEST(nothing_is_read_past_the_end)
{
    for (size_t i = 0; i < sizeof persons / sizeof *persons; i++) {
        size_t length = strlen(persons[i].agent);
        for (size_t cut = 0; cut <= length; cut++) {
            /* Of its own size, so that a sanitizer sees the end. */
            char *piece = malloc(cut + 1);
            memcpy(piece, persons[i].agent, cut);
            usage_agent_t agent = usage_agent_classify(piece, cut);
            ck_assert_int_lt((int)agent.browser, USAGE_BROWSERS);
            free(piece);
        }
    }
}
END_TEST

START_TEST(any_bytes_are_an_agent)
{
    static const char bytes[] = "Mozilla/5.0 (\0\xff\x80\n Windows NT 10.0) "
                                "Firefox/127.0";
    usage_agent_t agent = usage_agent_classify(bytes, sizeof bytes - 1);
    ck_assert(!agent.is_bot);
    ck_assert_int_eq(agent.browser, USAGE_BROWSER_FIREFOX);
}
END_TEST

START_TEST(version_that_is_too_high_is_unknown)
{
    ck_assert_int_eq(classified(WIN10 " Firefox/1023.0").version, 1023);
    ck_assert_int_eq(classified(WIN10 " Firefox/1024.0").version, 0);
    ck_assert_int_eq(classified(WIN10 " Firefox/99999999999999999").version, 0);
    ck_assert_int_eq(classified(WIN10 " Firefox/").version, 0);
    ck_assert_int_eq(classified(WIN10 " Firefox").version, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent");
    TCase *tcase = unit_case(suite, "agent");
    int known = (int)(sizeof persons / sizeof *persons);

    tcase_add_loop_test(tcase, agent_knows_persons, 0, known);
    tcase_add_loop_test(tcase, words_are_found_in_any_case, 0, known);
    tcase_add_loop_test(tcase, agent_knows_bots, 0,
                        (int)(sizeof bots / sizeof *bots));
    tcase_add_test(tcase, telephones_that_are_named_like_bots_are_persons);
    tcase_add_test(tcase, agent_is_read_to_its_length_and_to_512_bytes);
    tcase_add_test(tcase, nothing_is_read_past_the_end);
    tcase_add_test(tcase, any_bytes_are_an_agent);
    tcase_add_test(tcase, version_that_is_too_high_is_unknown);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
