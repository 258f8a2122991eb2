/* SPDX-License-Identifier: Apache-2.0 */
/* Reads referrers. Runs in every thread of every child, when a visit begins. */
#include "referrer.h"

#include <stdlib.h>
#include <string.h>

#include <apr_cstr.h>

#include "text.h"

#define CATEGORY(id, category) [USAGE_SOURCE_##id] = category,

static const char *const categories[USAGE_SOURCE_KINDS] = { USAGE_SOURCE_LIST(
    CATEGORY) };

const char *usage_source_category(usage_source_kind_e kind)
{
    return categories[kind];
}

/* A domain with all below it; one that ends in a dot is at home in many
 * countries: google.de, google.co.uk. */
typedef struct known_t {
    const char *domain;
    const char *name;
    usage_source_kind_e kind;
} known_t;

#define SITE   USAGE_SOURCE_SITE
#define SEARCH USAGE_SOURCE_SEARCH
#define SOCIAL USAGE_SOURCE_SOCIAL
#define AI     USAGE_SOURCE_AI
#define MAIL   USAGE_SOURCE_MAIL

/* In the order of strcmp. */
/* clang-format off */
static const known_t known[] = {
    { "aistudio.google.com", "Google AI Studio", AI },
    { "ask.com", "Ask", SEARCH },
    { "baidu.com", "Baidu", SEARCH },
    { "bing.com", "Bing", SEARCH },
    { "bsky.app", "Bluesky", SOCIAL },
    { "chat.deepseek.com", "DeepSeek", AI },
    { "chat.mistral.ai", "Mistral", AI },
    { "chat.openai.com", "ChatGPT", AI },
    { "chat.qwen.ai", "Qwen", AI },
    { "chatgpt.com", "ChatGPT", AI },
    { "claude.ai", "Claude", AI },
    { "com.facebook.katana", "Facebook", SOCIAL },
    { "com.google.android.gm", "Gmail", MAIL },
    { "com.google.android.googlequicksearchbox", "Google", SEARCH },
    { "com.linkedin.android", "LinkedIn", SOCIAL },
    { "com.reddit.frontpage", "Reddit", SOCIAL },
    { "com.twitter.android", "X", SOCIAL },
    { "copilot.cloud.microsoft", "Copilot", AI },
    { "copilot.microsoft.com", "Copilot", AI },
    { "discord.com", "Discord", SOCIAL },
    { "docs.google.com", "Google Docs", SITE },
    { "drive.google.com", "Google Drive", SITE },
    { "duck.ai", "Duck.ai", AI },
    { "duckduckgo.com", "DuckDuckGo", SEARCH },
    { "ecosia.org", "Ecosia", SEARCH },
    { "facebook.com", "Facebook", SOCIAL },
    { "fb.me", "Facebook", SOCIAL },
    { "gemini.google.com", "Gemini", AI },
    { "google.", "Google", SEARCH },
    { "grok.com", "Grok", AI },
    { "instagram.com", "Instagram", SOCIAL },
    { "kagi.com", "Kagi", SEARCH },
    { "lens.google.com", "Google", SEARCH },
    { "linkedin.com", "LinkedIn", SOCIAL },
    { "lnkd.in", "LinkedIn", SOCIAL },
    { "lobste.rs", "Lobsters", SOCIAL },
    { "mail.aol.com", "AOL Mail", MAIL },
    { "mail.google.com", "Gmail", MAIL },
    { "mail.ru", "Mail.ru", MAIL },
    { "mail.yahoo.com", "Yahoo Mail", MAIL },
    { "mail.yandex.", "Yandex Mail", MAIL },
    { "mail.zoho.", "Zoho Mail", MAIL },
    { "mastodon.social", "Mastodon", SOCIAL },
    { "meta.ai", "Meta AI", AI },
    { "metager.de", "MetaGer", SEARCH },
    { "metager.org", "MetaGer", SEARCH },
    { "mojeek.com", "Mojeek", SEARCH },
    { "naver.com", "Naver", SEARCH },
    { "news.google.com", "Google News", SITE },
    { "news.ycombinator.com", "Hacker News", SOCIAL },
    { "ok.ru", "Odnoklassniki", SOCIAL },
    { "org.telegram.messenger", "Telegram", SOCIAL },
    { "outlook.live.com", "Outlook", MAIL },
    { "outlook.office.com", "Outlook", MAIL },
    { "outlook.office365.com", "Outlook", MAIL },
    { "perplexity.ai", "Perplexity", AI },
    { "phind.com", "Phind", AI },
    { "pinterest.", "Pinterest", SOCIAL },
    { "poe.com", "Poe", AI },
    { "proton.me", "Proton Mail", MAIL },
    { "quora.com", "Quora", SOCIAL },
    { "qwant.com", "Qwant", SEARCH },
    { "reddit.com", "Reddit", SOCIAL },
    { "search.aol.com", "AOL", SEARCH },
    { "search.brave.com", "Brave Search", SEARCH },
    { "search.marginalia.nu", "Marginalia", SEARCH },
    { "seznam.cz", "Seznam", SEARCH },
    { "sites.google.com", "Google Sites", SITE },
    { "snapchat.com", "Snapchat", SOCIAL },
    { "so.com", "360 Search", SEARCH },
    { "sogou.com", "Sogou", SEARCH },
    { "startpage.com", "Startpage", SEARCH },
    { "swisscows.com", "Swisscows", SEARCH },
    { "t.co", "X", SOCIAL },
    { "t.me", "Telegram", SOCIAL },
    { "telegram.org", "Telegram", SOCIAL },
    { "threads.com", "Threads", SOCIAL },
    { "threads.net", "Threads", SOCIAL },
    { "tiktok.com", "TikTok", SOCIAL },
    { "translate.google.com", "Google Translate", SITE },
    { "tumblr.com", "Tumblr", SOCIAL },
    { "twitter.com", "X", SOCIAL },
    { "vk.com", "VK", SOCIAL },
    { "wa.me", "WhatsApp", SOCIAL },
    { "web.de", "WEB.DE", MAIL },
    { "weibo.com", "Weibo", SOCIAL },
    { "whatsapp.com", "WhatsApp", SOCIAL },
    { "x.com", "X", SOCIAL },
    { "xing.com", "XING", SOCIAL },
    { "ya.ru", "Yandex", SEARCH },
    { "yahoo.", "Yahoo", SEARCH },
    { "yandex.", "Yandex", SEARCH },
    { "you.com", "You.com", AI },
    { "youtu.be", "YouTube", SOCIAL },
    { "youtube.com", "YouTube", SOCIAL },
};
/* clang-format on */

typedef struct span_t {
    const char *text;
    apr_size_t length;
} span_t;

static int compare(const void *key, const void *row)
{
    const span_t *span = key;
    const char *domain = ((const known_t *)row)->domain;
    int order = strncmp(span->text, domain, span->length);
    return order != 0 ? order : -(int)(unsigned char)domain[span->length];
}

static const known_t *find(const char *text, apr_size_t length)
{
    span_t span = { text, length };
    return bsearch(&span, known, sizeof known / sizeof *known, sizeof *known,
                   compare);
}

static apr_size_t label_length(const char *at)
{
    return strcspn(at, ".");
}

/* Whether a country's part of the domain names is all that is left: "com",
 * "de", "co.uk", "com.br". */
static bool is_country(const char *at)
{
    apr_size_t first = label_length(at);
    bool is_generic = strncmp(at, "com", first) == 0 && first >= 2;
    if (at[first] == '\0') {
        return first == 2 || strcmp(at, "com") == 0;
    }
    const char *last = at + first + 1;
    return is_generic && strlen(last) == 2;
}

/* A label with its dot, behind which a country stands. */
static const known_t *find_in_countries(const char *at)
{
    const char *rest = at;
    for (int labels = 1; labels <= 2 && *rest != '\0'; labels++) {
        rest += label_length(rest);
        rest += *rest == '.';
        if (*rest != '\0' && is_country(rest)) {
            return find(at, (apr_size_t)(rest - at));
        }
    }
    return NULL;
}

/* From the whole host to its last label: the longest domain wins. */
static const known_t *find_host(const char *host)
{
    const known_t *row = NULL;
    const char *at = host;
    while (row == NULL && *at != '\0') {
        row = find(at, strlen(at));
        if (row == NULL) {
            row = find_in_countries(at);
        }
        at += label_length(at);
        at += *at == '.';
    }
    return row;
}

static bool is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
           || c == '.' || c == '_';
}

static char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Behind "scheme://" and what names a user. */
static const char *authority_of(const char *url)
{
    const char *at = strstr(url, "://");
    if (at == NULL || at == url
        || strcspn(url, "/?#") != (apr_size_t)(at - url) + 1) {
        return NULL;
    }
    at += 3;
    apr_size_t length = strcspn(at, "/?#");
    for (apr_size_t i = length; i > 0; i--) {
        if (at[i - 1] == '@') {
            return at + i;
        }
    }
    return at;
}

static bool copy_host(const char *at, char host[USAGE_SOURCE_HOST_SIZE])
{
    apr_size_t length = strcspn(at, ":/?#");
    while (length > 0 && at[length - 1] == '.') {
        length--;
    }
    if (length == 0 || length >= USAGE_SOURCE_HOST_SIZE) {
        return false;
    }
    for (apr_size_t i = 0; i < length; i++) {
        host[i] = lowered(at[i]);
        if (!is_host_byte(host[i])) {
            return false;
        }
    }
    host[length] = '\0';
    return true;
}

static bool read_host(const char *referer, char host[USAGE_SOURCE_HOST_SIZE])
{
    const char *at = referer != NULL ? authority_of(referer) : NULL;
    if (at == NULL || !copy_host(at, host)) {
        return false;
    }
    if (strncmp(host, "www.", 4) == 0 && host[4] != '\0') {
        memmove(host, host + 4, strlen(host + 4) + 1);
    }
    return true;
}

static bool is_address(const char *host)
{
    const char *last = strrchr(host, '.');
    last = last != NULL ? last + 1 : host;
    return strspn(last, "0123456789") == strlen(last);
}

void usage_referrer_read(const char *referer, usage_source_t *source)
{
    const char *at = referer != NULL ? authority_of(referer) : NULL;
    source->host[0] = '\0';
    source->is_address = at != NULL && *at == '[';
    if (source->is_address) {
        source->kind = USAGE_SOURCE_SITE;
        source->name = usage_text_of(USAGE_SOURCE_ADDRESS);
        return;
    }
    if (!read_host(referer, source->host)) {
        source->host[0] = '\0';
        source->kind = USAGE_SOURCE_DIRECT;
        source->name = usage_text_of(USAGE_SOURCE_NONE);
        return;
    }
    const known_t *row = find_host(source->host);
    source->is_address = is_address(source->host);
    source->kind = row != NULL ? row->kind : USAGE_SOURCE_SITE;
    source->name = usage_text_of(row != NULL          ? row->name
                                 : source->is_address ? USAGE_SOURCE_ADDRESS
                                                      : source->host);
}
