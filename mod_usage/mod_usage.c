/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod_usage counts the use of the sites that a server serves or proxies, and
 * shows it at the handler "usage-stats". This file holds the module's record
 * and its hooks; config.c the directives, filter.c the way of a request,
 * flusher.c that of a flush, ../dashboard/handler.c the page.
 */
#include "mod_usage.h"

#include <ap_mpm.h>
#include <mpm_common.h>
#include <util_filter.h>
#include <http_core.h>
#include <http_request.h>
#include <http_log.h>
#include <http_protocol.h>

#include "alone.h"
#include "api.h"
#include "config.h"
#include "dashboard/handler.h"
#include "directives.h"
#include "filter.h"
#include "flusher.h"
#include "log_event.h"
#include "mark.h"
#include "preflight.h"
#include "segment.h"
#include "status.h"

static int pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)pconf;
    (void)plog;
    (void)ptemp;
    usage_conf_forget();
    return OK;
}

static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                       server_rec *s)
{
    (void)plog;
    usage_conf_complete(s, pconf);
    if (!usage_conf_is_used()
        || ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK;
    }
    if (usage_segment_open(s, usage_server_conf(s)->global) != APR_SUCCESS) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    usage_log_event_start(s, ptemp);
    usage_preflight_rights(s, ptemp);
    usage_mark_begin(s, pconf);
    usage_flusher_start(s, pconf);
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    usage_filter_register();
    usage_alone_register();
    usage_api_register();
    usage_status_register();
    ap_hook_pre_config(pre_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(usage_preflight_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_insert_filter(usage_filter_insert, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(usage_filter_insert, NULL, NULL, APR_HOOK_LAST);
    ap_hook_log_transaction(usage_filter_log, NULL, NULL, APR_HOOK_LAST);
    ap_hook_monitor(usage_flusher_monitor, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(usage_dashboard_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(usage_dashboard_handler, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(usage) = { STANDARD20_MODULE_STUFF, usage_dir_conf_create,
                             usage_dir_conf_merge,    usage_server_conf_create,
                             usage_server_conf_merge, usage_directives,
                             register_hooks,          AP_MODULE_FLAG_NONE };
