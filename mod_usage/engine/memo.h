/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where this process counted something not long ago, by a hash of what it was
 * read from: a Referer, an agent, a line of events. What comes often is then
 * neither read nor looked up again.
 *
 * Each entry is two words, which threads may write at once: the place (place.h;
 * its time is the interval's start), and that "or, but not both" the hash. A
 * pair of which one word is another's fits no hash that anybody looks for. The
 * hashes are keyed, so that nobody outside can make two texts of one hash.
 */
#ifndef USAGE_MEMO_H
#define USAGE_MEMO_H

#include "hit.h"

/** What memos are about; each has hashes of its own. */
typedef enum usage_memo_e {
    USAGE_MEMO_SOURCE,
    USAGE_MEMO_COUNTRY,
    USAGE_MEMO_LANGUAGE,
    USAGE_MEMO_BROWSER,
    USAGE_MEMO_SYSTEM,
    USAGE_MEMO_STATUS,
    USAGE_MEMO_RULE,
    USAGE_MEMO_LINE,
    USAGE_MEMO_DOWNLOAD,
    USAGE_MEMO_CAMPAIGN
} usage_memo_e;

/** A host's moment, and what is looked for. */
typedef struct usage_memo_t {
    const usage_memory_t *memory;
    const usage_host_t *host;
    apr_int64_t start; /**< of the interval */
    usage_active_t active;
    apr_uint64_t hash;
} usage_memo_t;

/** Begin to look for what a host counts at @a time. */
static USAGE_OFTEN usage_memo_t usage_memo_begin(const usage_memory_t *memory,
                                                 const usage_host_t *host,
                                                 apr_int64_t time)
{
    return (usage_memo_t){ .memory = memory,
                           .host = host,
                           .start = usage_clock_at(host->clock, time).start,
                           .active = usage_memory_now(memory) };
}

/** Look for something that was read from this text, of any bytes. */
void usage_memo_look(usage_memo_t *memo, unsigned about, usage_text_t text);

#define USAGE_MEMO_SPREAD APR_UINT64_C(0x9e3779b97f4a7c15)

/**
 * Look for something that was read from a number below 2 to the 56, of which
 * the server itself has only so many: no other has its hash.
 */
static USAGE_OFTEN void usage_memo_look_number(usage_memo_t *memo,
                                               apr_uint64_t about,
                                               apr_uint64_t number)
{
    memo->hash = (about << 56 | number) * USAGE_MEMO_SPREAD ^ memo->host->key;
}

/** Look for the next of several things that were read from one text. */
static inline void usage_memo_next(usage_memo_t *memo)
{
    memo->hash += USAGE_MEMO_SPREAD;
}

/** It was read from this text, too. */
void usage_memo_also(usage_memo_t *memo, usage_text_t text);

/** Count it once more where it was counted before; whether that is known, or
 * that there is nothing to count. */
bool usage_memo_count(const usage_memo_t *memo);

/**
 * Remember where it is counted.
 * @param place usage_event_count; 0: there is nothing to count
 */
void usage_memo_keep(const usage_memo_t *memo, apr_uint64_t place);

#endif
