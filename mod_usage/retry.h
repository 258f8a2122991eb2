/* SPDX-License-Identifier: Apache-2.0 */
/* When a flush that failed is tried again, within the time that it has. */
#ifndef USAGE_RETRY_H
#define USAGE_RETRY_H

#include <apr_time.h>

typedef struct usage_retry_t {
    apr_time_t began; /**< the attempt that runs */
    apr_time_t until; /**< no attempt may end later */
    apr_interval_time_t longest; /**< that an attempt took */
    int attempts; /**< that failed */
} usage_retry_t;

/** The first attempt begins @a now; all have @a seconds. */
usage_retry_t usage_retry_start(apr_time_t now, apr_int64_t seconds);

/**
 * How long to wait after an attempt that failed @a now: from 25 to 75 ms at
 * first, then twice as long each time, up to 1.6 to 4.8 s, so that two servers
 * that met don't meet again.
 * @param most   attempts in all; 0 for as many as there is time for
 * @param random any number
 * @return microseconds; -1 to give up, as another attempt that takes as long as
 *         the longest would end too late
 */
apr_interval_time_t usage_retry_pause(usage_retry_t *retry, int most,
                                      apr_time_t now, apr_uint32_t random);

#endif
