/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An example of a module that counts events, meets distinct things and puts
 * marks in mod_usage, and the tests' means to try it. It answers what has its
 * handler, "usage-example", with what it is told of what the arguments name:
 *
 *     /any?category=account&event=signup&count=3
 *     /any?category=customer&id=4711
 *     /any?category=deploy&mark=release+2.0
 *
 * Of a form that is sent it counts, meets or marks what that says, bytes and
 * all, under the same names.
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

#define HANDLER  "usage-example"
#define FORM_MAX 262144

/* Found when all modules are loaded; NULL without mod_usage. */
static APR_OPTIONAL_FN_TYPE(usage_count) * count;
static APR_OPTIONAL_FN_TYPE(usage_count_server) * count_server;
static APR_OPTIONAL_FN_TYPE(usage_seen) * seen;
static APR_OPTIONAL_FN_TYPE(usage_mark) * mark;

/* In shared memory: requests that were not yet added. */
static _Atomic apr_int64_t *cached;

static void find_functions(void)
{
    count = APR_RETRIEVE_OPTIONAL_FN(usage_count);
    count_server = APR_RETRIEVE_OPTIONAL_FN(usage_count_server);
    seen = APR_RETRIEVE_OPTIONAL_FN(usage_seen);
    mark = APR_RETRIEVE_OPTIONAL_FN(usage_mark);
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
        apr_pool_userdata_set(shm, key, NULL, pool);
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

/* What a form says, up to the first NUL of each. */
static void add_form(request_rec *r, apr_table_t *words)
{
    apr_array_header_t *pairs = NULL;
    ap_parse_form_data(r, NULL, &pairs, 8, FORM_MAX);
    for (int i = 0; pairs != NULL && i < pairs->nelts; i++) {
        ap_form_pair_t *pair = &APR_ARRAY_IDX(pairs, i, ap_form_pair_t);
        apr_size_t length = FORM_MAX;
        char *text = apr_pcalloc(r->pool, length + 1);
        apr_brigade_flatten(pair->value, text, &length);
        apr_table_set(words, pair->name, text);
    }
}

static int run(request_rec *r, const apr_table_t *words)
{
    const char *category = apr_table_get(words, "category");
    const char *number = apr_table_get(words, "count");
    if (apr_table_get(words, "mark") != NULL) {
        return mark(r->server, apr_table_get(words, "mark"), category);
    }
    if (apr_table_get(words, "id") != NULL) {
        return seen(r, category, apr_table_get(words, "id"));
    }
    return count(r, category, apr_table_get(words, "event"),
                 number != NULL ? atoll(number) : 1);
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
    if (r->method_number == M_POST) {
        add_form(r, words);
    }
    ap_rprintf(r, "%d", run(r, words));
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
