/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request headers that counting reads, found in one pass over them: modern
 * browsers send a dozen whose names begin alike, so to ask for one after the
 * other would cost more. Runs in every thread of every child.
 */
#ifndef USAGE_HEADERS_H
#define USAGE_HEADERS_H

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <apr_tables.h>

#include "engine/often.h"
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

static inline void usage_headers_keep(usage_headers_t *headers,
                                      usage_header_e header, const char *value)
{
    if ((headers->found >> header & 1) == 0) {
        headers->found |= 1U << header;
        headers->of[header] = value;
    }
}

static inline int usage_headers_lower(char c)
{
    return c | 0x20;
}

static inline apr_uint64_t usage_headers_word(const char *text)
{
    apr_uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/** Whether two names of one length are the same but for case: one bit in which
 * letters differ, and what else differs in it alone is no byte of a name. The
 * last of the words may overlap the one before. */
static inline bool usage_headers_are_same(const char *name, const char *other,
                                          apr_size_t length)
{
    const apr_uint64_t cases = APR_UINT64_C(0x2020202020202020);
    apr_size_t last = length - sizeof cases;
    if (length < sizeof cases || length > 2 * sizeof cases) {
        return strcasecmp(name, other) == 0;
    }
    return ((usage_headers_word(name) ^ usage_headers_word(other)) & ~cases)
               == 0
           && ((usage_headers_word(name + last)
                ^ usage_headers_word(other + last))
               & ~cases)
                  == 0;
}

/** Whether a header has a name of this length; of one of 7 to 15 bytes words
 * are compared, which have its NUL. */
static inline bool usage_headers_is(const char *header, const char *name,
                                    apr_size_t length)
{
    return usage_headers_lower(*header) == usage_headers_lower(*name)
           && strlen(header) == length
           && usage_headers_are_same(header, name, length + 1);
}

/** As apr_table_get, of a header that few ask for. */
const char *usage_headers_one(const apr_table_t *table, const char *name,
                              apr_size_t length);

/** Take one that may be any but User-Agent, or none of these. */
void usage_headers_take(usage_headers_t *headers,
                        const apr_table_entry_t *entry);

/** Whether a name is that of User-Agent. HTTP/1 has it in one way nearly
 * always, and HTTP/2 in the other. */
static inline bool usage_headers_is_agent(const char *name)
{
    const char *usual = *name == 'U' ? "User-Agent" : "user-agent";
    return strcmp(name, usual) == 0 || strcasecmp(name, usual) == 0;
}

/** The letters that names begin with other than User-Agent, and the few bytes
 * that share their low bits. */
#define USAGE_HEADERS_INITIALS                                                 \
    (1U << ('d' & 31) | 1U << ('p' & 31) | 1U << ('s' & 31) | 1U << ('x' & 31))

/** Find the headers of a request, whose values they point to. Inline is what is
 * done of each header, and what nearly every request has. */
static USAGE_OFTEN void usage_headers_find(const apr_table_t *table,
                                           usage_headers_t *headers)
{
    const apr_array_header_t *array = apr_table_elts(table);
    const apr_table_entry_t *entry = (const void *)array->elts;
    const apr_table_entry_t *end = entry + array->nelts;
    headers->found = 0;
    for (; entry < end; entry++) {
        const char *name = entry->key;
        bool is_u = (name[0] | 0x20) == 'u';
        if (is_u && (name[1] | 0x20) == 's' && usage_headers_is_agent(name)) {
            usage_headers_keep(headers, USAGE_HEADER_USER_AGENT, entry->val);
        }
        else if ((USAGE_HEADERS_INITIALS >> (name[0] & 31) & 1) != 0) {
            usage_headers_take(headers, entry);
        }
    }
}

/** Bits of the headers that can decide an outcome. */
#define USAGE_HEADERS_DECIDING                                                 \
    (1U << USAGE_HEADER_DNT | 1U << USAGE_HEADER_GPC                           \
     | 1U << USAGE_HEADER_PURPOSE | 1U << USAGE_HEADER_SEC_PURPOSE             \
     | 1U << USAGE_HEADER_X_PURPOSE | 1U << USAGE_HEADER_X_MOZ                 \
     | 1U << USAGE_HEADER_FETCH_DEST)

/** As usage_headers_decide, of a request that has one of those. */
bool usage_headers_weigh(const usage_headers_t *headers, int opt_outs,
                         usage_outcome_e *outcome);

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
static inline bool usage_headers_decide(const usage_headers_t *headers,
                                        int opt_outs, usage_outcome_e *outcome)
{
    return (headers->found & USAGE_HEADERS_DECIDING) != 0
           && usage_headers_weigh(headers, opt_outs, outcome);
}

#endif
