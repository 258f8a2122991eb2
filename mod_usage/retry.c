/* SPDX-License-Identifier: Apache-2.0 */
/* Counts attempts and time. Runs in the flusher; time is a parameter. */
#include "retry.h"

/* Around which the first pause lies, and how often it is doubled. */
#define FIRST     apr_time_from_msec(50)
#define DOUBLINGS 6

/* Of its time, a tenth is left for the end of the flusher. */
usage_retry_t usage_retry_start(apr_time_t now, apr_int64_t seconds)
{
    return (usage_retry_t){ .began = now,
                            .until =
                                now + apr_time_from_sec(seconds) / 10 * 9 };
}

apr_interval_time_t usage_retry_pause(usage_retry_t *retry, int most,
                                      apr_time_t now, apr_uint32_t random)
{
    apr_interval_time_t took = now - retry->began;
    apr_interval_time_t middle =
        FIRST << (retry->attempts < DOUBLINGS ? retry->attempts : DOUBLINGS);
    apr_interval_time_t pause = middle / 2 + random % middle;
    retry->longest = took > retry->longest ? took : retry->longest;
    retry->attempts++;
    retry->began = now + pause;
    if ((most != 0 && retry->attempts >= most)
        || retry->began + retry->longest > retry->until) {
        return -1;
    }
    return pause;
}
