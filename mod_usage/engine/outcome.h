/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outcome of a hit: the one reason why it was or was not a view. A site's
 * outcomes add up to its hits.
 */
#ifndef USAGE_OUTCOME_H
#define USAGE_OUTCOME_H

#include <stdbool.h>

/** The category under which outcomes are stored as events. */
#define USAGE_OUTCOME_CATEGORY "outcome"

/**
 * X(id, word): the outcomes, in the order in which they are decided.
 *
 * excluded   UsageExclude names it
 * asset      the path's extension is static
 * method     anything but GET
 * bot        the agent is no person
 * opted-out  the client asks not to be tracked, and UsageOptOut honours it
 * prefetch   fetched ahead, by Sec-Purpose or its forerunners
 * fetch      part of a page, or asked for by its script, by Sec-Fetch-Dest
 * redirect   3xx, except 304
 * error      4xx
 * failure    5xx
 * partial    206 that begins past the first byte
 * type       the media type is no page's
 * view       what is left
 */
#define USAGE_OUTCOME_LIST(X)                                                  \
    X(EXCLUDED, "excluded")                                                    \
    X(ASSET, "asset")                                                          \
    X(METHOD, "method")                                                        \
    X(BOT, "bot")                                                              \
    X(OPTED_OUT, "opted-out")                                                  \
    X(PREFETCH, "prefetch")                                                    \
    X(FETCH, "fetch")                                                          \
    X(REDIRECT, "redirect")                                                    \
    X(ERROR, "error")                                                          \
    X(FAILURE, "failure")                                                      \
    X(PARTIAL, "partial")                                                      \
    X(TYPE, "type")                                                            \
    X(VIEW, "view")

#define USAGE_OUTCOME_ENUM(id, word) USAGE_OUTCOME_##id,
typedef enum usage_outcome_e {
    USAGE_OUTCOME_LIST(USAGE_OUTCOME_ENUM) USAGE_OUTCOMES
} usage_outcome_e;
#undef USAGE_OUTCOME_ENUM

/** What is known of a response when it is complete. */
typedef struct usage_response_t {
    int status;
    bool is_page_type; /**< its media type is a page's */
    bool begins_at_zero; /**< a 206 that has the first byte */
} usage_response_t;

/** The word for an outcome, as it is stored. */
const char *usage_outcome_word(usage_outcome_e outcome);

/** The outcome of a hit by a person's GET of a path that may be a page. */
static inline usage_outcome_e usage_outcome_of(const usage_response_t *response)
{
    int status = response->status;
    if (status >= 500) {
        return USAGE_OUTCOME_FAILURE;
    }
    if (status >= 400) {
        return USAGE_OUTCOME_ERROR;
    }
    if (status >= 300 && status != 304) {
        return USAGE_OUTCOME_REDIRECT;
    }
    if (status == 206 && !response->begins_at_zero) {
        return USAGE_OUTCOME_PARTIAL;
    }
    return response->is_page_type ? USAGE_OUTCOME_VIEW : USAGE_OUTCOME_TYPE;
}

#endif
