/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request headers that counting reads, found in one pass over them: modern
 * browsers send a dozen whose names begin alike, so to ask for one after the
 * other would cost more. Runs in every thread of every child.
 */
#ifndef USAGE_HEADERS_H
#define USAGE_HEADERS_H

#include <stdbool.h>

#include <apr_tables.h>

#include "engine/outcome.h"

/** X(id, name) */
#define USAGE_HEADER_LIST(X)                                                   \
    X(USER_AGENT, "User-Agent")                                                \
    X(DNT, "DNT")                                                              \
    X(GPC, "Sec-GPC")                                                          \
    X(PURPOSE, "Purpose")                                                      \
    X(SEC_PURPOSE, "Sec-Purpose")                                              \
    X(X_PURPOSE, "X-Purpose")                                                  \
    X(X_MOZ, "X-Moz")                                                          \
    X(FETCH_DEST, "Sec-Fetch-Dest")                                            \
    X(MOBILE, "Sec-CH-UA-Mobile")                                              \
    X(PLATFORM, "Sec-CH-UA-Platform")

#define USAGE_HEADER_ENUM(id, name) USAGE_HEADER_##id,
typedef enum usage_header_e {
    USAGE_HEADER_LIST(USAGE_HEADER_ENUM) USAGE_HEADERS
} usage_header_e;
#undef USAGE_HEADER_ENUM

/** Bits of client hints. */
#define USAGE_HEADERS_HINTS                                                    \
    (1U << USAGE_HEADER_MOBILE | 1U << USAGE_HEADER_PLATFORM)

/** What a request has of them. */
typedef struct usage_headers_t {
    unsigned found; /**< a bit for each: 1 << usage_header_e */
    const char *of[USAGE_HEADERS]; /**< the first of a name, if it was found */
} usage_headers_t;

/** The signals that UsageOptOut can honour; a set of bits. */
#define USAGE_OPT_OUT_GPC 1 /**< Sec-GPC: 1 */
#define USAGE_OPT_OUT_DNT 2 /**< DNT: 1 */

/** The value of a header, or NULL. */
static inline const char *usage_headers_get(const usage_headers_t *headers,
                                            usage_header_e header)
{
    return (headers->found >> header & 1) != 0 ? headers->of[header] : NULL;
}

/** Find the headers of a request, whose values they point to. */
void usage_headers_find(const apr_table_t *table, usage_headers_t *headers);

/**
 * Whether headers decide a hit's outcome, and which it is: a client that opted
 * out, a page fetched ahead, a part of a page.
 *
 * Sec-Purpose (Fetch standard) and its forerunners Purpose (Chrome, Safari),
 * X-Purpose (Safari) and X-Moz (Firefox) tell of fetching ahead; Sec-Fetch-Dest
 * (Fetch Metadata) that the request is not for a document or a frame.
 *
 * @param opt_outs the signals that are honoured
 */
bool usage_headers_decide(const usage_headers_t *headers, int opt_outs,
                          usage_outcome_e *outcome);

#endif
