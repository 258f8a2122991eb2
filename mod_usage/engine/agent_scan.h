/* SPDX-License-Identifier: Apache-2.0 */
/* The one pass over an agent string. */
#ifndef USAGE_AGENT_SCAN_H
#define USAGE_AGENT_SCAN_H

#include <apr.h>

#include "agent_data.h"

/** A set of usage_trait_e. */
typedef apr_uint64_t usage_traits_t;

/** The bot whose literal says most. */
typedef struct usage_agent_found_t {
    apr_uint16_t bot; /**< place in usage_bots, or 0 */
    apr_uint16_t weight; /**< the literal's rank and length */
} usage_agent_found_t;

/** What was found in an agent string. */
typedef struct usage_agent_scan_t {
    usage_traits_t traits;
    usage_traits_t numbered; /**< those with a number right behind */
    apr_uint16_t ends[USAGE_TRAITS]; /**< where a numbered one's number is */
    usage_agent_found_t bot;
    usage_agent_found_t weak_bot; /**< unless it is an Android's model */
} usage_agent_scan_t;

/**
 * Find every literal of agent_data.c in an agent string.
 * @param length 65535 at most
 * @remark at most two steps a byte, however many literals there are
 */
void usage_agent_scan(usage_agent_scan_t *scan, const char *bytes,
                      apr_size_t length);

/**
 * The number behind a trait's word: a major version, 0 if there is none or it
 * is over USAGE_AGENT_VERSION_MAX.
 */
apr_uint16_t usage_agent_number(const usage_agent_scan_t *scan,
                                usage_trait_e trait, const char *text,
                                apr_size_t length);

#endif
