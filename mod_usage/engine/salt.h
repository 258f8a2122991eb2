/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The day's salt: 128 random bits in volatile memory, without which nobody can
 * tell whose hash is whose. Each day has its own; days of two time zones are
 * the same if they begin in the same second. It is made the day before, kept
 * one session window past midnight, so that a visit can cross it, and then
 * overwritten.
 *
 * A salt has its place by the quarter of an hour in which its day begins, or
 * one of the next few. All that can stand side by side begin within three
 * days, so there is a place for each.
 *
 * Salts are this server's own, made by the parent, or shared by all servers of
 * one database: then the flusher brings them (salt_share.h), and the parent
 * only destroys them.
 */
#ifndef USAGE_SALT_H
#define USAGE_SALT_H

#include <stdatomic.h>
#include <stdbool.h>

#include <apr_errno.h>

#include "secret.h"
#include "zones.h"

/** Places of salts: quarters of an hour of more than three days. */
#define USAGE_SALTS 512

typedef struct usage_salt_t {
    _Atomic apr_int64_t day; /**< its first second; 0: none, or half-made */
    apr_int64_t until; /**< when it is to be destroyed; the parent's */
    unsigned char key[16];
} usage_salt_t;

/** All salts, in the segment. */
typedef struct usage_salts_t {
    usage_salt_t of[USAGE_SALTS];
    usage_secret_t agents; /**< of the hashes of agents; not of one day */
    _Atomic apr_uint32_t is_shared; /**< 1: they are the database's */
} usage_salts_t;

/** Fill @a length bytes at random. */
typedef apr_status_t usage_random_fn(unsigned char *bytes, apr_size_t length);

/** What salts are kept for. */
typedef struct usage_salts_need_t {
    const usage_zones_t *zones;
    apr_int64_t now; /**< Unix seconds */
    apr_int64_t window; /**< seconds past midnight that yesterday's is kept */
} usage_salts_need_t;

/**
 * Make the salts of today and tomorrow in each zone if they are missing, and
 * destroy those that are over. Called by one process at a time, often enough
 * that no day comes without: the parent, at each pass of its monitor hook.
 * @param random apr_generate_random_bytes, or a test's own
 * @return APR_SUCCESS; an error of @a random; APR_ENOSPC if there is no place,
 *         which takes zones whose midnights are minutes apart
 */
apr_status_t usage_salts_keep(usage_salts_t *salts,
                              const usage_salts_need_t *need,
                              usage_random_fn *random);

/**
 * Say whose the salts are. When that changes, all are destroyed, and agents
 * have a new secret, so that none of them is in the database and in memory of
 * a server that shares none.
 * @return what @a random does
 */
apr_status_t usage_salts_let(usage_salts_t *salts, bool is_shared,
                             usage_random_fn *random);

/** Whether there is no salt for what is today in one of the zones. */
bool usage_salts_lack(const usage_salts_t *salts,
                      const usage_salts_need_t *need);

/**
 * Take the salt of a day from elsewhere, in place of the one that it has.
 * @return whether it is another; false, too, when there is no place for it
 */
bool usage_salts_take(usage_salts_t *salts, apr_int64_t day, apr_int64_t until,
                      const unsigned char key[16]);

/**
 * The salt of the day that begins at @a day.
 * @return 16 bytes, or NULL if there is none
 */
const unsigned char *usage_salts_of(const usage_salts_t *salts,
                                    apr_int64_t day);

#endif
