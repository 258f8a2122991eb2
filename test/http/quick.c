/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a test's httpd: what sleeps a second, as the parent does
 * between two looks at its children, sleeps a twentieth of one. So the parent
 * looks every half second whether a flush is due. Built by probe.py, never
 * installed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <time.h>

#include <apr_time.h>

void apr_sleep(apr_interval_time_t micros)
{
    apr_interval_time_t shorter =
        micros == apr_time_from_sec(1) ? micros / 20 : micros;
    struct timespec rest = { .tv_sec = apr_time_sec(shorter),
                             .tv_nsec = apr_time_usec(shorter) * 1000 };
    nanosleep(&rest, NULL);
}
