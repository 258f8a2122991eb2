/* SPDX-License-Identifier: Apache-2.0 */
/* An agent's parts as words, and all of them as the bits of one number. */
#include "agent.h"

#include <apr_cstr.h>

#include "agent_tables.h"

#define WORD(id, word) word,
static const char *const device_words[] = { USAGE_DEVICE_LIST(WORD) };
static const char *const browser_words[] = { USAGE_BROWSER_LIST(WORD) };
static const char *const system_words[] = { USAGE_SYSTEM_LIST(WORD) };
static const char *const kind_words[] = { USAGE_BOT_KIND_LIST(WORD) };

#define CATEGORY(id, word) USAGE_BOT_PREFIX word,
static const char *const categories[] = { USAGE_BOT_KIND_LIST(CATEGORY) };

/* As agent.h reads them. */
#define DEVICE_AT     2
#define SYSTEM_AT     5
#define BROWSER_AT    9
#define REST_AT       15
#define VERSION_BITS  10
#define KIND_AT       27
#define END_AT        31
#define FIELD(at, to) ((1U << ((to) - (at))) - 1)

_Static_assert(USAGE_DEVICES - 1 <= FIELD(DEVICE_AT, SYSTEM_AT), "devices");
_Static_assert(USAGE_SYSTEMS - 1 <= FIELD(SYSTEM_AT, BROWSER_AT), "systems");
_Static_assert(USAGE_BROWSERS - 1 <= FIELD(BROWSER_AT, REST_AT), "browsers");
_Static_assert(USAGE_BOT_NUMBERS - 1 <= FIELD(REST_AT, KIND_AT), "bots");
_Static_assert(USAGE_BOTS <= USAGE_BOT_NUMBERS, "known bots");
_Static_assert(USAGE_BOT_KINDS - 1 <= FIELD(KIND_AT, END_AT), "kinds");
_Static_assert(USAGE_AGENT_VERSION_MAX < 1 << VERSION_BITS, "versions");

apr_uint32_t usage_agent_pack(const usage_agent_t *agent)
{
    unsigned rest = agent->is_bot ? agent->bot : agent->version;
    return 1U | (unsigned)agent->is_bot << 1
           | (unsigned)agent->device << DEVICE_AT
           | (unsigned)agent->system << SYSTEM_AT
           | (unsigned)agent->browser << BROWSER_AT | rest << REST_AT
           | (unsigned)agent->kind << KIND_AT;
}

usage_agent_t usage_agent_unpack(apr_uint32_t bits)
{
    bool is_bot = usage_agent_bits_is_bot(bits);
    unsigned rest = bits >> REST_AT & FIELD(REST_AT, KIND_AT);
    unsigned kind = is_bot ? bits >> KIND_AT & FIELD(KIND_AT, END_AT) : 0;
    return (usage_agent_t){
        .is_bot = is_bot,
        .kind = (usage_bot_kind_e)(kind < USAGE_BOT_KINDS ? kind : 0),
        .bot = is_bot ? (apr_uint16_t)rest : 0,
        .version = is_bot ? 0 : (apr_uint16_t)rest,
        .device = (usage_device_e)usage_agent_bits_device(bits),
        .browser = (usage_browser_e)usage_agent_bits_browser(bits),
        .system = (usage_system_e)usage_agent_bits_system(bits),
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

const char *usage_bot_kind_word(int kind)
{
    return word_of(kind_words, USAGE_BOT_KINDS, kind);
}

const char *usage_bot_category(int kind)
{
    bool is_kind = kind > USAGE_BOT_KIND_NONE && kind < USAGE_BOT_KINDS;
    return categories[is_kind ? kind : USAGE_BOT_KIND_OTHER];
}

usage_bot_kind_e usage_bot_kind_of(const char *word)
{
    int kind = USAGE_BOT_KINDS - 1;
    while (kind > 0 && apr_cstr_casecmp(kind_words[kind], word) != 0) {
        kind--;
    }
    return (usage_bot_kind_e)kind;
}

const char *usage_bot_name(unsigned bot)
{
    return usage_bots[bot < USAGE_BOTS ? bot : 0].name;
}
