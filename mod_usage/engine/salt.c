/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of salts: a day has its place by its number. */
#include "salt.h"

#include <string.h>

#include "calendar.h"

#define DAY 86400

static usage_salt_t *place(usage_salts_t *salts, apr_int64_t day)
{
    return &salts->of[(apr_uint64_t)(day / DAY) % USAGE_SALTS];
}

static void destroy(usage_salt_t *salt)
{
    atomic_store(&salt->day, 0);
    memset(salt->key, 0, sizeof salt->key);
    atomic_thread_fence(memory_order_seq_cst);
}

static apr_status_t make(usage_salt_t *salt, apr_int64_t day,
                         usage_random_fn *random)
{
    if (atomic_load(&salt->day) == day) {
        return APR_SUCCESS;
    }
    destroy(salt);
    apr_status_t rv = random(salt->key, sizeof salt->key);
    if (rv == APR_SUCCESS) {
        atomic_store(&salt->day, day);
    }
    return rv;
}

apr_status_t usage_salts_keep(usage_salts_t *salts, apr_int64_t now,
                              apr_int64_t window, usage_random_fn *random)
{
    apr_int64_t today = usage_calendar_day(now);
    apr_int64_t oldest = usage_calendar_day(now - window);
    for (int i = 0; i < USAGE_SALTS; i++) {
        apr_int64_t day = atomic_load(&salts->of[i].day);
        if (day != 0 && (day < oldest || day > today + DAY)) {
            destroy(&salts->of[i]);
        }
    }
    apr_status_t rv = make(place(salts, today), today, random);
    if (rv == APR_SUCCESS) {
        rv = make(place(salts, today + DAY), today + DAY, random);
    }
    return rv;
}

const unsigned char *usage_salts_of(const usage_salts_t *salts, apr_int64_t day)
{
    const usage_salt_t *salt =
        &salts->of[(apr_uint64_t)(day / DAY) % USAGE_SALTS];
    return atomic_load_explicit(&salt->day, memory_order_acquire) == day
               ? salt->key
               : NULL;
}
