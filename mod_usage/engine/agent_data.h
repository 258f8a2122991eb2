/* SPDX-License-Identifier: Apache-2.0 AND MIT */
/*
 * Made by build/agents/tables.py of the lists beside it; don't edit.
 *
 * Made by build/agents/import.py of the npm package crawler-user-agents
 * 1.60.0.
 * The MIT License (MIT)
 *
 * Copyright (c) 2017 Martin Monperrus
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy
 * of
 * this software and associated documentation files (the "Software"), to deal
 * in
 * the Software without restriction, including without limitation the rights to
 * use, copy, modify, merge, publish, distribute, sublicense, and/or sell
 * copies of
 * the Software, and to permit persons to whom the Software is furnished to do
 * so,
 * subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in
 * all
 * copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
 * IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
 * FITNESS
 * FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS
 * OR
 * COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
 * WHETHER
 * IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
 * CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
#ifndef USAGE_AGENT_DATA_H
#define USAGE_AGENT_DATA_H

/* clang-format off */
/** What a word of an agent shows. */
typedef enum usage_trait_e {
    USAGE_TRAIT_BROWSER_START = 1,
    USAGE_TRAIT_COMPATIBLE = 2,
    USAGE_TRAIT_OTHER_SYSTEM = 3,
    USAGE_TRAIT_OTHER_BROWSER = 4,
    USAGE_TRAIT_PHONE = 5,
    USAGE_TRAIT_TV = 6,
    USAGE_TRAIT_CONSOLE = 7,
    USAGE_TRAIT_TABLET = 8,
    USAGE_TRAIT_SILK = 9,
    USAGE_TRAIT_TABLET_PC = 10,
    USAGE_TRAIT_MOBILE = 11,
    USAGE_TRAIT_MOBILE_BUILD = 12,
    USAGE_TRAIT_IPHONE = 13,
    USAGE_TRAIT_IPAD = 14,
    USAGE_TRAIT_ANDROID = 15,
    USAGE_TRAIT_WINDOWS_PHONE = 16,
    USAGE_TRAIT_CROS = 17,
    USAGE_TRAIT_MAC = 18,
    USAGE_TRAIT_WINDOWS = 19,
    USAGE_TRAIT_BSD = 20,
    USAGE_TRAIT_LINUX = 21,
    USAGE_TRAIT_X11 = 22,
    USAGE_TRAIT_HARMONY = 23,
    USAGE_TRAIT_KAIOS = 24,
    USAGE_TRAIT_TIZEN = 25,
    USAGE_TRAIT_WEBOS = 26,
    USAGE_TRAIT_IOS_VERSION = 27,
    USAGE_TRAIT_IOS = 28,
    USAGE_TRAIT_FIREFOX = 29,
    USAGE_TRAIT_IOS_ONLY = 30,
    USAGE_TRAIT_CHROME = 31,
    USAGE_TRAIT_SAFARI = 32,
    USAGE_TRAIT_WEBKIT = 33,
    USAGE_TRAIT_VERSION = 34,
    USAGE_TRAIT_IE = 35,
    USAGE_TRAIT_IEMOBILE = 36,
    USAGE_TRAIT_TRIDENT = 37,
    USAGE_TRAIT_RV = 38,
    USAGE_TRAIT_WEBVIEW = 39,
    USAGE_TRAIT_EDGE = 40,
    USAGE_TRAIT_OPERA = 41,
    USAGE_TRAIT_OPERA_MINI = 42,
    USAGE_TRAIT_OPERA_OLD = 43,
    USAGE_TRAIT_SAMSUNG = 44,
    USAGE_TRAIT_BRAVE = 45,
    USAGE_TRAIT_VIVALDI = 46,
    USAGE_TRAIT_YANDEX = 47,
    USAGE_TRAIT_UC = 48,
    USAGE_TRAIT_DUCKDUCKGO = 49,
    USAGE_TRAIT_FACEBOOK = 50,
    USAGE_TRAIT_APP_VERSION = 51,
    USAGE_TRAIT_INSTAGRAM = 52,
    USAGE_TRAIT_TIKTOK = 53,
    USAGE_TRAIT_WECHAT = 54,
    USAGE_TRAIT_LINE = 55,
    USAGE_TRAIT_SNAPCHAT = 56,
    USAGE_TRAIT_PINTEREST = 57,
    USAGE_TRAIT_LINKEDIN = 58,
    USAGE_TRAIT_TWITTER = 59,
    USAGE_TRAIT_GOOGLE_APP = 60,
    USAGE_TRAIT_HUAWEI = 61,
    USAGE_TRAIT_MIUI = 62,
    USAGE_TRAITS = 63
} usage_trait_e;

/** Bots that no literal finds. */
typedef enum usage_bot_e {
    USAGE_BOT_NONE = 0,
    USAGE_BOT_EMPTY = 1,
    USAGE_BOT_NO_BROWSER = 2,
    USAGE_BOT_NO_SYSTEM = 3,
    USAGE_BOT_SITE_SEARCH = 4,
    USAGE_BOT_SITE_AI_CRAWLER = 5,
    USAGE_BOT_SITE_AI_ASSISTANT = 6,
    USAGE_BOT_SITE_AI_SEARCH = 7,
    USAGE_BOT_SITE_PREVIEW = 8,
    USAGE_BOT_SITE_FEED = 9,
    USAGE_BOT_SITE_MONITOR = 10,
    USAGE_BOT_SITE_SEO = 11,
    USAGE_BOT_SITE_SECURITY = 12,
    USAGE_BOT_SITE_LIBRARY = 13,
    USAGE_BOT_SITE_OTHER = 14,
    USAGE_BOTS = 1742
} usage_bot_e;
/* clang-format on */

#endif
