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
#define PHONE  MOZ "(Linux; Android 10; K)"

typedef struct browser_t {
    const char *agent;
    const char *device, *browser, *system;
} browser_t;

static const browser_t browsers[] = {
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36", "desktop", "Chrome",
      "Windows" },
    { MACOS WEBKIT "Chrome/126.0.0.0 Safari/537.36", "desktop", "Chrome",
      "macOS" },
    { MOZ "(X11; Linux x86_64)" WEBKIT "Chrome/126.0.0.0 Safari/537.36",
      "desktop", "Chrome", "Linux" },
    { MOZ "(X11; CrOS x86_64 14541.0.0)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36",
      "desktop", "Chrome", "ChromeOS" },
    { PHONE WEBKIT "Chrome/126.0.0.0 Mobile Safari/537.36", "mobile", "Chrome",
      "Android" },
    { MOZ "(Linux; Android 13; SM-X900)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36",
      "tablet", "Chrome", "Android" },
    { IPHONE APPLE "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "mobile",
      "Chrome", "iOS" },
    { MOZ "(Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 "
          "Firefox/127.0",
      "desktop", "Firefox", "Windows" },
    { MOZ "(X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
      "desktop", "Firefox", "Linux" },
    { MOZ "(X11; FreeBSD amd64; rv:127.0) Gecko/20100101 Firefox/127.0",
      "desktop", "Firefox", "BSD" },
    { MOZ "(Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "mobile",
      "Firefox", "Android" },
    { MOZ "(Android 14; Tablet; rv:127.0) Gecko/127.0 Firefox/127.0", "tablet",
      "Firefox", "Android" },
    { IPHONE APPLE "FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "mobile",
      "Firefox", "iOS" },
    { MACOS APPLE "Version/17.5 Safari/605.1.15", "desktop", "Safari",
      "macOS" },
    { IPHONE APPLE "Version/17.5 Mobile/15E148 Safari/604.1", "mobile",
      "Safari", "iOS" },
    { MOZ "(iPad; CPU OS 12_5 like Mac OS X)" APPLE
          "Version/12.1.2 Mobile/15E148 Safari/604.1",
      "tablet", "Safari", "iPadOS" },
    { MOZ "(Linux; U; Android 4.0.3; de-de; Galaxy S II Build/GRJ22) "
          "AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile "
          "Safari/534.30",
      "mobile", "other", "Android" },
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.56",
      "desktop", "Edge", "Windows" },
    { WIN10 WEBKIT "Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763",
      "desktop", "Edge", "Windows" },
    { PHONE WEBKIT "Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0.2592.56",
      "mobile", "Edge", "Android" },
    { IPHONE APPLE "Version/17.0 EdgiOS/126.0.2592.56 Mobile/15E148 "
                   "Safari/605.1.15",
      "mobile", "Edge", "iOS" },
    { WIN10 WEBKIT "Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0", "desktop",
      "Opera", "Windows" },
    { "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
      "desktop", "Opera", "Windows" },
    { "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) "
      "Presto/2.8.119 Version/11.10",
      "mobile", "Opera", "other" },
    { PHONE WEBKIT "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
      "mobile", "Samsung Internet", "Android" },
    { WIN10 WEBKIT "Chrome/126.0.0.0 Safari/537.36 Vivaldi/6.8.3381.44",
      "desktop", "Vivaldi", "Windows" },
    { WIN10 WEBKIT "Chrome/124.0.0.0 YaBrowser/24.6.0.0 Safari/537.36",
      "desktop", "Yandex", "Windows" },
    { MOZ "(Linux; U; Android 9; en-US; CPH1923)" WEBKIT
          "Version/4.0 Chrome/78.0.3904.108 UCBrowser/13.4.0.1306 Mobile "
          "Safari/537.36",
      "mobile", "UC", "Android" },
    { IPHONE APPLE "Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
      "mobile", "DuckDuckGo", "iOS" },
    { MOZ "(Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", "desktop",
      "IE", "Windows" },
    { "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
      "desktop", "IE", "Windows" },
    { MOZ "(Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950)" WEBKIT
          "Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
      "mobile", "Edge", "Windows" },
    { IPHONE APPLE "Mobile/21F79 [FBAN/FBIOS;FBAV/467.1]", "mobile", "other",
      "iOS" },
    { MOZ "(Linux; Android 11; KFTRWI)" WEBKIT
          "Silk/126.3.1 like Chrome/126.0.6478.50 Safari/537.36",
      "tablet", "Chrome", "Android" },
    { MOZ "(SMART-TV; Linux; Tizen 6.0)" WEBKIT
          "76.0.3809.146/6.0 TV Safari/537.36",
      "tv", "other", "Linux" },
    { MOZ "(Web0S; Linux/SmartTV)" WEBKIT
          "Chrome/94.0.4606.128 Safari/537.36 HbbTV/1.5.1",
      "tv", "Chrome", "Linux" },
    { MOZ "(PlayStation 5 3.03/SmartTV) AppleWebKit/605.1.15 (KHTML, like "
          "Gecko)",
      "tv", "other", "other" },
    { MOZ "(PlayStation 4 11.00) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/13.0 Safari/605.1.15",
      "console", "Safari", "other" },
    { MOZ "(Windows NT 10.0; Win64; x64; Xbox; Xbox One)" WEBKIT
          "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
      "console", "Edge", "Windows" },
    { MOZ "(Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, "
          "like Gecko) NF/6.0.3.15.4 NintendoBrowser/5.1.0.22433",
      "console", "other", "other" },
    { "Lynx/2.9.0 libwebkit", "other", "other", "other" },
};

static usage_agent_t classified(const char *agent)
{
    return usage_agent_classify(agent, strlen(agent));
}

START_TEST(agent_knows_browsers)
{
    const browser_t *row = &browsers[_i];
    usage_agent_t agent = classified(row->agent);
    ck_assert_msg(!agent.is_bot, "a bot: %s", row->agent);
    ck_assert_str_eq(usage_device_word((int)agent.device), row->device);
    ck_assert_str_eq(usage_browser_word((int)agent.browser), row->browser);
    ck_assert_str_eq(usage_system_word((int)agent.system), row->system);
}
END_TEST

static void assert_bot(const char *agent)
{
    ck_assert_msg(classified(agent).is_bot, "no bot: %s", agent);
}

START_TEST(agent_knows_googlebot)
{
    assert_bot("Googlebot/2.1 (+http://www.google.com/bot.html)");
    assert_bot(MOZ "(Linux; Android 6.0.1; Nexus 5X Build/MMB29P)" WEBKIT
                   "Chrome/126.0.6478.61 Mobile Safari/537.36 (compatible; "
                   "Googlebot/2.1; +http://www.google.com/bot.html)");
    assert_bot("Googlebot-Image/1.0");
}
END_TEST

static const char *const bots[] = {
    MOZ "(compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    MOZ "(compatible; YandexBot/3.0; +http://yandex.com/bots)",
    MOZ "(compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider)",
    MOZ "(compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    MOZ "(compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch)",
    MOZ "AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1; "
        "+https://openai.com/gptbot)",
    MOZ "(X11; Linux x86_64)" WEBKIT "HeadlessChrome/126.0.0.0 Safari/537.36",
    MOZ "(Linux; Android 11; moto g power (2022))" WEBKIT
        "Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
    "facebookexternalhit/1.1",
    "Screaming Frog SEO Spider/19.0",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "curl/8.5.0",
    "Wget/1.21.4",
    "python-requests/2.31.0",
    "Python-urllib/3.11",
    "Java/17.0.2",
    "Go-http-client/2.0",
    "libwww-perl/6.72",
    "okhttp/4.12.0",
    "Apache-HTTP Client/4.5",
    "Feedly/1.0",
    "ia_archiver",
    "UptimeMonitor/1.0",
    "Nmap Scan",
};

START_TEST(agent_knows_bots)
{
    assert_bot(bots[_i]);
}
END_TEST

START_TEST(agent_that_is_empty_is_a_bots)
{
    usage_agent_t agent = usage_agent_classify("", 0);
    ck_assert(agent.is_bot);
    ck_assert_str_eq(usage_device_word((int)agent.device), "other");
}
END_TEST

START_TEST(words_are_found_in_any_case)
{
    const char *agent = browsers[_i].agent;
    char *shouted = apr_pstrdup(unit_pool, agent);
    for (char *c = shouted; *c != '\0'; c++) {
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    }
    usage_agent_t one = classified(agent);
    usage_agent_t other = classified(shouted);
    ck_assert_int_eq(one.is_bot, other.is_bot);
    ck_assert_int_eq(one.device, other.device);
    ck_assert_int_eq(one.browser, other.browser);
    ck_assert_int_eq(one.system, other.system);
}
END_TEST

START_TEST(agent_is_read_to_its_length_and_to_512_bytes)
{
    char agent[USAGE_AGENT_MAX + 8];
    memset(agent, 'x', sizeof agent);
    memcpy(agent + USAGE_AGENT_MAX - 3, "bot", 3);
    ck_assert(usage_agent_classify(agent, sizeof agent).is_bot);
    ck_assert(!usage_agent_classify(agent, USAGE_AGENT_MAX - 1).is_bot);
    memset(agent, 'x', sizeof agent);
    memcpy(agent + USAGE_AGENT_MAX - 2, "bot", 3);
    ck_assert(!usage_agent_classify(agent, sizeof agent).is_bot);
}
END_TEST

START_TEST(number_that_is_none_has_the_word_other)
{
    static const int bad[] = { -1, 255, USAGE_BROWSERS, 1 << 30 };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_str_eq(usage_device_word(bad[i]), "other");
        ck_assert_str_eq(usage_browser_word(bad[i]), "other");
        ck_assert_str_eq(usage_system_word(bad[i]), "other");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent");
    TCase *tcase = unit_case(suite, "agent");
    int known = (int)(sizeof browsers / sizeof *browsers);

    tcase_add_loop_test(tcase, agent_knows_browsers, 0, known);
    tcase_add_loop_test(tcase, words_are_found_in_any_case, 0, known);
    tcase_add_test(tcase, agent_knows_googlebot);
    tcase_add_loop_test(tcase, agent_knows_bots, 0,
                        (int)(sizeof bots / sizeof *bots));
    tcase_add_test(tcase, agent_that_is_empty_is_a_bots);
    tcase_add_test(tcase, agent_is_read_to_its_length_and_to_512_bytes);
    tcase_add_test(tcase, number_that_is_none_has_the_word_other);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
