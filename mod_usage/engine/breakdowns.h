/* SPDX-License-Identifier: Apache-2.0 */
/* What can be broken down: the words of UsageBreakdown, as bits. */
#ifndef USAGE_BREAKDOWNS_H
#define USAGE_BREAKDOWNS_H

/** X(id, word): the breakdowns of visits, then those of hits. */
#define USAGE_BREAKDOWN_LIST(X)                                                \
    X(SOURCE, "source")                                                        \
    X(COUNTRY, "country")                                                      \
    X(LANGUAGE, "language")                                                    \
    X(VERSION, "version")                                                      \
    X(CAMPAIGN, "campaign")                                                    \
    X(STATUS, "status")                                                        \
    X(NOT_FOUND, "not-found")

#define USAGE_BREAKDOWN_ENUM(id, word) USAGE_BREAKDOWN_##id,
typedef enum usage_breakdown_e {
    USAGE_BREAKDOWN_LIST(USAGE_BREAKDOWN_ENUM) USAGE_BREAKDOWNS
} usage_breakdown_e;
#undef USAGE_BREAKDOWN_ENUM

/** The bit of one. */
#define USAGE_BREAKDOWN_BIT(id) (1U << USAGE_BREAKDOWN_##id)

#endif
