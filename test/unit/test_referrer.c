/* SPDX-License-Identifier: Apache-2.0 */
/* The sources that referrers name. */
#include "unit.h"

#include <apr_strings.h>

#include "counting.h"
#include "engine/referrer.h"
#include "random.h"

/* "kind name" of a referrer. */
static const char *source_of(const char *referer)
{
    usage_source_t source;
    usage_referrer_read(referer, &source);
    return apr_psprintf(unit_pool, "%s %.*s",
                        usage_source_category(source.kind) + strlen("source-"),
                        (int)source.name.length, source.name.data);
}

static const struct {
    const char *referer;
    const char *source;
} referrers[] = {
    { NULL, "direct (direct)" },
    { "", "direct (direct)" },
    { "https://", "direct (direct)" },
    { "/a/page", "direct (direct)" },
    { "about:blank", "direct (direct)" },
    { "no url at all", "direct (direct)" },
    { "/search?u=https://a.example/", "direct (direct)" },
    { "https://<script>/", "direct (direct)" },
    { "https://b\xc3\xbc"
      "cher.example/",
      "direct (direct)" },
    { "https://a.example", "site a.example" },
    { "https://a.example/secret?q=words#part", "site a.example" },
    { "https://WWW.A.Example:8443/", "site a.example" },
    { "https://www.www.example/", "site www.example" },
    { "https://www/", "site www" },
    { "https://www.", "site www" },
    { "https://a.example./", "site a.example" },
    { "https://user:word@a.example/@b.example", "site a.example" },
    { "https://a.example?next=@b.example", "site a.example" },
    { "https://xn--bcher-kva.example/", "site xn--bcher-kva.example" },
    { "http://192.0.2.7/intern", "site (an address)" },
    { "http://192.0.2.7:81/", "site (an address)" },
    { "http://[2001:db8::1]:81/", "site (an address)" },
    { "http://3232235777/", "site (an address)" },
    /* Known ones, wherever they are at home. */
    { "https://www.google.com/", "search Google" },
    { "https://www.google.de/search?q=a", "search Google" },
    { "https://google.co.uk/", "search Google" },
    { "https://images.google.com.br/", "search Google" },
    { "https://mail.google.com/mail/u/0/", "mail Gmail" },
    { "https://gemini.google.com/app", "ai Gemini" },
    { "https://docs.google.com/document", "site Google Docs" },
    { "https://chatgpt.com/", "ai ChatGPT" },
    { "https://chat.openai.com/", "ai ChatGPT" },
    { "https://www.perplexity.ai/search", "ai Perplexity" },
    { "https://l.facebook.com/l.php?u=x", "social Facebook" },
    { "https://m.facebook.com/", "social Facebook" },
    { "https://t.co/abc", "social X" },
    { "https://old.reddit.com/r/x", "social Reddit" },
    { "https://news.ycombinator.com/item", "social Hacker News" },
    { "https://de.search.yahoo.com/", "search Yahoo" },
    { "https://mail.yahoo.com/", "mail Yahoo Mail" },
    { "https://mail.yandex.ru/", "mail Yandex Mail" },
    { "https://yandex.com.tr/", "search Yandex" },
    { "https://ya.ru/", "search Yandex" },
    { "android-app://com.google.android.gm/", "mail Gmail" },
    { "android-app://org.example.reader/", "site org.example.reader" },
    /* What only looks like one. */
    { "https://google.com.evil.example/", "site google.com.evil.example" },
    { "https://notgoogle.com/", "site notgoogle.com" },
    { "https://google.example/", "site google.example" },
    { "https://google.evil.de/", "site google.evil.de" },
    { "https://google/", "site google" },
    { "https://t.co.example/", "site t.co.example" },
    { "https://not.com/", "site not.com" },
    { "https://xx.com/", "site xx.com" },
};

START_TEST(referrer_names_its_source)
{
    ck_assert_str_eq(source_of(referrers[_i].referer), referrers[_i].source);
}
END_TEST

START_TEST(host_may_be_as_long_as_hosts_are)
{
    char url[400] = "https://";
    memset(url + 8, 'x', 300);
    url[8 + 253] = '/';
    ck_assert_uint_eq(strlen(source_of(url)), strlen("site ") + 253);
    url[8 + 253] = 'x';
    url[8 + 254] = '/';
    ck_assert_str_eq(source_of(url), "direct (direct)");
}
END_TEST

/* Each row is found by its own domain: so they stand in order. */
START_TEST(every_known_host_is_found)
{
    static const char *const hosts[] = {
        "aistudio.google.com",
        "baidu.com",
        "bsky.app",
        "claude.ai",
        "copilot.microsoft.com",
        "discord.com",
        "duckduckgo.com",
        "ecosia.org",
        "instagram.com",
        "kagi.com",
        "linkedin.com",
        "lobste.rs",
        "mail.ru",
        "mojeek.com",
        "news.google.com",
        "ok.ru",
        "outlook.live.com",
        "pinterest.fr",
        "proton.me",
        "qwant.com",
        "search.brave.com",
        "sites.google.com",
        "startpage.com",
        "tiktok.com",
        "translate.google.com",
        "tumblr.com",
        "web.de",
        "weibo.com",
        "x.com",
        "xing.com",
        "yahoo.co.jp",
        "you.com",
        "youtu.be",
        "youtube.com",
    };
    for (apr_size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        const char *source =
            source_of(apr_psprintf(unit_pool, "https://%s/", hosts[i]));
        ck_assert_msg(strstr(source, hosts[i]) == NULL, "%s", source);
    }
}
END_TEST

START_TEST(any_bytes_name_a_host_or_none)
{
    static const char bytes[] = "htps://..@:[]wg?#aA1-_\xc3\xff\n";
    random_t random = random_make(99);
    for (int i = 0; i < 30000; i++) {
        char url[40] = "https://";
        int begin = random_chance(&random, 50) ? 8 : 0;
        int length = begin + random_below(&random, 30);
        for (int j = begin; j < length; j++) {
            url[j] = bytes[random_below(&random, sizeof bytes - 1)];
        }
        url[length] = '\0';
        usage_source_t source;
        usage_referrer_read(url, &source);
        must(source.name.length > 0);
        must(strspn(source.host, "abcdefghijklmnopqrstuvwxyz0123456789-._")
             == strlen(source.host));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("referrer");
    TCase *tcase = unit_case(suite, "referrer");

    tcase_add_loop_test(tcase, referrer_names_its_source, 0,
                        sizeof referrers / sizeof *referrers);
    tcase_add_test(tcase, host_may_be_as_long_as_hosts_are);
    tcase_add_test(tcase, every_known_host_is_found);
    tcase_add_test(tcase, any_bytes_name_a_host_or_none);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
