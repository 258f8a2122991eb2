/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An example of a module that counts events in mod_usage, and the tests' means
 * to try it. It answers what has its handler, "usage-example", with the status
 * of one event, which the arguments name:
 *
 *     /any?category=account&event=signup&count=3
 *
 * And it caches a count of all requests, of all children, which it adds before
 * each flush. Built by probe.py, never installed.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <apr_optional.h>
#include <apr_shm.h>

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>
#include <http_protocol.h>
#include <util_script.h>

#include "mod_usage_api.h"

#define HANDLER "usage-example"

/* Found when all modules are loaded; NULL without mod_usage. */
static APR_OPTIONAL_FN_TYPE(usage_count) * count;
static APR_OPTIONAL_FN_TYPE(usage_count_server) * count_server;

/* In shared memory: requests that were not yet added. */
static _Atomic apr_int64_t *cached;

static void find_functions(void)
{
    count = APR_RETRIEVE_OPTIONAL_FN(usage_count);
    count_server = APR_RETRIEVE_OPTIONAL_FN(usage_count_server);
}

/* The children of the configuration before go on while the next is read: so it
 * belongs to the process, and is found again. */
static int open_cache(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *s)
{
    static const char key[] = "mod_usage_example cache";
    apr_pool_t *pool = s->process->pool;
    void *shm = NULL;
    (void)pconf;
    (void)plog;
    (void)ptemp;
    apr_pool_userdata_get(&shm, key, pool);
    if (shm == NULL) {
        if (apr_shm_create((apr_shm_t **)&shm, sizeof *cached, NULL, pool)
            != APR_SUCCESS) {
            return HTTP_INTERNAL_SERVER_ERROR;
        }
        atomic_store((_Atomic apr_int64_t *)apr_shm_baseaddr_get(shm), 0);
        apr_pool_userdata_setn(shm, key, NULL, pool);
    }
    cached = apr_shm_baseaddr_get(shm);
    return OK;
}

static int cache(request_rec *r)
{
    (void)r;
    atomic_fetch_add(cached, 1);
    return DECLINED;
}

/* In the flusher. */
static int add(server_rec *s, apr_pool_t *pool)
{
    (void)pool;
    count_server(s, "example", "request", atomic_exchange(cached, 0));
    return OK;
}

static int answer(request_rec *r)
{
    apr_table_t *words;
    if (r->handler == NULL || strcmp(r->handler, HANDLER) != 0) {
        return DECLINED;
    }
    ap_set_content_type(r, "text/html");
    if (count == NULL) {
        ap_rputs("nobody counts", r);
        return OK;
    }
    ap_args_to_table(r, &words);
    const char *number = apr_table_get(words, "count");
    apr_status_t rv =
        count(r, apr_table_get(words, "category"),
              apr_table_get(words, "event"), number ? atoll(number) : 1);
    ap_rprintf(r, "%d", rv);
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_optional_fn_retrieve(find_functions, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(open_cache, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_log_transaction(cache, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(answer, NULL, NULL, APR_HOOK_MIDDLE);
    APR_OPTIONAL_HOOK(ap, usage_before_flush, add, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(usage_example) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks,
    AP_MODULE_FLAG_NONE
};
