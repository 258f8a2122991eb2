/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The day's salt: 128 random bits in volatile memory, without which nobody can
 * tell whose hash is whose. Each day has its own. It is made the day before,
 * kept one session window past midnight, so that a visit can cross it, and
 * then overwritten.
 */
#ifndef USAGE_SALT_H
#define USAGE_SALT_H

#include <stdatomic.h>
#include <stdbool.h>

#include <apr_errno.h>

#include "secret.h"

/** Days whose salts can stand side by side: yesterday, today, tomorrow. */
#define USAGE_SALTS 4

typedef struct usage_salt_t {
    _Atomic apr_int64_t day; /**< its first second; 0: none, or half-made */
    unsigned char key[16];
} usage_salt_t;

/** A ring of salts, in the segment. */
typedef struct usage_salts_t {
    usage_salt_t of[USAGE_SALTS];
    usage_secret_t agents; /**< of the hashes of agents; not of one day */
} usage_salts_t;

/** Fill @a length bytes at random. */
typedef apr_status_t usage_random_fn(unsigned char *bytes, apr_size_t length);

/**
 * Make today's and tomorrow's salt if they are missing, and destroy those that
 * are over. Called by one process at a time, often enough that no day comes
 * without: the parent, at each pass of its monitor hook.
 * @param now    Unix seconds
 * @param window seconds past midnight for which yesterday's is kept
 * @param random apr_generate_random_bytes, or a test's own
 */
apr_status_t usage_salts_keep(usage_salts_t *salts, apr_int64_t now,
                              apr_int64_t window, usage_random_fn *random);

/**
 * The salt of the day that begins at @a day.
 * @return 16 bytes, or NULL if there is none
 */
const unsigned char *usage_salts_of(const usage_salts_t *salts,
                                    apr_int64_t day);

#endif
