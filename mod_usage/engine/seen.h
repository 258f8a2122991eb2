/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which visitors are new to the database: the flusher's way through the table
 * of visitors. To write one twice does no harm, so what a flusher that died
 * leaves unmarked is written again.
 */
#ifndef USAGE_SEEN_H
#define USAGE_SEEN_H

#include <apr_hash.h>
#include <apr_tables.h>

#include "memory.h"
#include "sketch.h"
#include "store.h"

/** The category of a site's visitors. */
#define USAGE_SEEN_VISITOR "visitor"

/** The category of its users. */
#define USAGE_SEEN_USER "user"

/** The hash of a site and a category, of which members (session.h) have the
 * low half: of visitors, the site's own. */
apr_uint64_t usage_seen_key(apr_uint64_t site, usage_text_t category);

/** That of a site's users. */
apr_uint64_t usage_seen_user_key(apr_uint64_t site);

/** What a site met of a category that is new on a day. */
typedef struct usage_seen_t {
    apr_int64_t day; /**< its start: usage_zone_start */
    const char *site;
    const char *category;
    usage_sketch_t sketch;
} usage_seen_t;

/** What a flush takes of the visitors. */
typedef struct usage_seen_batch_t {
    apr_array_header_t *days; /**< of usage_seen_t */
    apr_array_header_t *members; /**< of usage_member_t *, to be marked */
} usage_seen_batch_t;

/**
 * Take the visitors that no flush has written. Their sites are told by those
 * of the counts that are written with them; a visitor of none of these waits.
 * @param counts array of usage_count_t
 */
usage_seen_batch_t usage_seen_take(const usage_memory_t *memory,
                                   const apr_array_header_t *counts,
                                   apr_pool_t *pool);

/** Merge what was taken into what the node has stored. */
apr_status_t usage_seen_write(const usage_seen_batch_t *batch,
                              usage_store_t *store, const char *node,
                              apr_pool_t *pool);

/** A visitor that no flush has written. */
typedef struct usage_newcomer_t {
    apr_uint64_t visitor; /**< usage_visitor_hash */
    apr_uint32_t site; /**< the low half of usage_site_key */
    apr_int64_t day; /**< its start: usage_zone_start */
} usage_newcomer_t;

typedef void usage_newcomer_fn(void *baton, const usage_newcomer_t *newcomer);

/**
 * Read them while they come and are written. Who reads them first and then the
 * database misses none of those there were: one who is written meanwhile is in
 * both, and in a merge once.
 */
void usage_seen_read(const usage_memory_t *memory, usage_newcomer_fn *fn,
                     void *baton);

/** It is in the database. */
void usage_seen_mark(const usage_seen_batch_t *batch);

#endif
