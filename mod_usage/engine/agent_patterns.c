/* SPDX-License-Identifier: Apache-2.0 */
/* Made while the configuration is read, then asked by every thread. */
#include "agent_patterns.h"

#include <string.h>

#include <apr_strings.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "agent_data.h"
#include "path.h"

/* However it is escaped, a pattern is a name. */
_Static_assert(USAGE_AGENT_PATTERN_MAX * 3 <= USAGE_NAME_MAX, "it is too long");

struct usage_agent_patterns_t {
    apr_uint64_t salt;
    int count;
    const usage_agent_pattern_t *rows;
};

static apr_uint64_t salted(apr_uint64_t salt, const usage_agent_pattern_t *row)
{
    apr_uint64_t kind = (apr_uint64_t)row->kind;
    return XXH3_64bits_withSeed(row->text, strlen(row->text),
                                salt * USAGE_BOT_KINDS + kind);
}

static usage_text_t name_of(const char *text, apr_pool_t *pool)
{
    usage_path_buffer_t buffer;
    usage_text_t name = usage_path_clean(text, &buffer);
    return (usage_text_t){ apr_pstrmemdup(pool, name.data, name.length),
                           name.length };
}

usage_agent_pattern_t usage_agent_pattern_make(usage_bot_kind_e kind,
                                               const char *text,
                                               apr_pool_t *pool)
{
    return (usage_agent_pattern_t){
        .kind = kind,
        .text = text,
        .name = name_of(text, pool),
        .matcher = apr_strmatch_precompile(pool, text, 0),
    };
}

usage_agent_patterns_t *
usage_agent_patterns_make(const apr_array_header_t *rows, apr_pool_t *pool)
{
    if (rows->nelts == 0) {
        return NULL;
    }
    usage_agent_patterns_t *patterns = apr_pcalloc(pool, sizeof *patterns);
    patterns->count = rows->nelts;
    patterns->rows = (const usage_agent_pattern_t *)(const void *)rows->elts;
    for (int i = 0; i < patterns->count; i++) {
        patterns->salt = salted(patterns->salt, &patterns->rows[i]);
    }
    return patterns;
}

usage_agent_t usage_agent_of(const char *agent, apr_size_t length,
                             const usage_agent_patterns_t *patterns)
{
    usage_agent_t result = usage_agent_classify(agent, length);
    apr_size_t read = length < USAGE_AGENT_MAX ? length : USAGE_AGENT_MAX;
    int count = patterns != NULL ? patterns->count : 0;
    for (int i = 0; i < count; i++) {
        const usage_agent_pattern_t *row = &patterns->rows[i];
        if (apr_strmatch(row->matcher, agent, read) != NULL) {
            return usage_agent_as_bot(result, row->kind, i);
        }
    }
    return result;
}

usage_text_t usage_agent_bot_name(const usage_agent_patterns_t *patterns,
                                  unsigned bot)
{
    unsigned pattern = bot - USAGE_BOTS;
    unsigned count = patterns != NULL ? (unsigned)patterns->count : 0;
    if (bot >= USAGE_BOTS && pattern < count) {
        return patterns->rows[pattern].name;
    }
    const char *name = usage_bot_name(bot);
    return (usage_text_t){ name, strlen(name) };
}

apr_uint64_t usage_agent_patterns_salt(const usage_agent_patterns_t *patterns)
{
    return patterns != NULL ? patterns->salt : 0;
}
