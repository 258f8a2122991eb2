/* SPDX-License-Identifier: Apache-2.0 */
/* A site's own patterns of bots: UsageBotPattern. */
#ifndef USAGE_AGENT_PATTERNS_H
#define USAGE_AGENT_PATTERNS_H

#include <apr_strmatch.h>
#include <apr_tables.h>

#include "agent.h"
#include "table.h"

/** Bytes of a pattern. */
#define USAGE_AGENT_PATTERN_MIN 2
#define USAGE_AGENT_PATTERN_MAX 80

/** An agent with this text in it, in any case, is a bot of this kind. */
typedef struct usage_agent_pattern_t {
    usage_bot_kind_e kind;
    const char *text;
    usage_text_t name; /**< the text, clean */
    const apr_strmatch_pattern *matcher; /**< of the text, 2 KB */
} usage_agent_pattern_t;

/** Patterns ready to be looked for; read-only once made. */
typedef struct usage_agent_patterns_t usage_agent_patterns_t;

/**
 * Read one pattern, once for all the lists that it will stand in.
 * @param text lives as long as the pool
 */
usage_agent_pattern_t usage_agent_pattern_make(usage_bot_kind_e kind,
                                               const char *text,
                                               apr_pool_t *pool);

/**
 * Prepare a list of patterns.
 * @param rows of usage_agent_pattern_t, which live as long as the pool
 * @return NULL if there are no rows
 */
usage_agent_patterns_t *
usage_agent_patterns_make(const apr_array_header_t *rows, apr_pool_t *pool);

/**
 * Classify an agent string; the first pattern that is in it wins over all that
 * the module knows.
 * @param patterns NULL if there are none
 * @remark costs a pass over the string for each pattern
 */
usage_agent_t usage_agent_of(const char *agent, apr_size_t length,
                             const usage_agent_patterns_t *patterns);

/**
 * A bot's name, fit to be stored: one known by a pattern is called by its
 * text, in which control bytes and what is no UTF-8 are %XX.
 * @param patterns those by which it was classified, or NULL
 * @param bot      usage_agent_t's; "" for a bad number
 */
usage_text_t usage_agent_bot_name(const usage_agent_patterns_t *patterns,
                                  unsigned bot);

/** A number that tells lists of patterns apart; 0 for NULL. */
apr_uint64_t usage_agent_patterns_salt(const usage_agent_patterns_t *patterns);

#endif
