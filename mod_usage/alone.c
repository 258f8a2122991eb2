/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The salts of a server of one process. A connection that finds the last look
 * at them ten seconds past looks again, before it has a request; one that stays
 * over midnight finds the salt of the new day, which is made the day before. In
 * every thread of that process; one of them looks at a time.
 */
#include "alone.h"

#include <stdatomic.h>

#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_connection.h>

#include "config.h"
#include "segment.h"

#define PAUSE apr_time_from_sec(10)

static int keep_salts(conn_rec *connection, void *socket)
{
    static _Atomic apr_int64_t looked;
    apr_int64_t now = apr_time_now();
    apr_int64_t last = atomic_load(&looked);
    bool is_due = now < last || now - last >= PAUSE; /* clocks are set back */
    (void)socket;
    if (usage_conf_is_used() && is_due
        && atomic_compare_exchange_strong(&looked, &last, now)) {
        usage_segment_keep_salts(connection->base_server);
    }
    return DECLINED;
}

bool usage_alone_is(void)
{
    return ap_exists_config_define("DEBUG")
           || ap_exists_config_define("ONE_PROCESS");
}

void usage_alone_register(void)
{
    if (usage_alone_is()) {
        ap_hook_pre_connection(keep_salts, NULL, NULL, APR_HOOK_FIRST);
    }
}
