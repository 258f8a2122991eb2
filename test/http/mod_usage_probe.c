/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test's module: it logs how long the monitor hooks between its own two
 * took, in the parent. Built by probe.py, never installed.
 */
#include <time.h>

#include <apr.h>

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>
#include <mpm_common.h>

static apr_int64_t begun;

/* Microseconds, by a clock that no test sets. */
static apr_int64_t micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * APR_INT64_C(1000000) + now.tv_nsec / 1000;
}

static int begin(apr_pool_t *pool, server_rec *s)
{
    (void)pool;
    (void)s;
    begun = micros();
    return DECLINED;
}

static int end(apr_pool_t *pool, server_rec *s)
{
    (void)pool;
    ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                 "probe: the monitor hooks took %" APR_INT64_T_FMT " us",
                 micros() - begun);
    return DECLINED;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_monitor(begin, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_monitor(end, NULL, NULL, APR_HOOK_REALLY_LAST);
}

AP_DECLARE_MODULE(usage_probe) = { STANDARD20_MODULE_STUFF, NULL, NULL, NULL,
                                   NULL, NULL, register_hooks,
                                   AP_MODULE_FLAG_NONE };
