/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A forked process that is no child of the MPM's: it must not react to the
 * server's signals, hold its sockets, keep root's rights or run its cleanups.
 * So it sets itself a deadline by alarm(), closes its own connection, which
 * lets SQLite put its log back into the database, and leaves by _exit().
 */
#include "flush_child.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <apr_dbd.h>
#include <apr_optional.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <ap_listen.h>
#include <http_core.h>
#include <http_log.h>
#include <mod_dbd.h>
#include <unixd.h>
#include <mod_unixd.h>

#include "api.h"
#include "config.h"
#include "engine/fault.h"
#include "engine/flush.h"
#include "flusher.h"
#include "keep_child.h"
#include "mark.h"
#include "mod_usage.h"
#include "preflight.h"
#include "retry.h"
#include "segment.h"
#include "store_dbd.h"

APLOG_USE_MODULE(usage);

#define LOCK_FILE  "mod_usage-lock"
#define LOCK_PERMS (APR_FPROT_UREAD | APR_FPROT_UWRITE)

/* Seconds between two lines about the same trouble. */
#define LOG_PAUSE 600

void usage_flush_child_detach(void)
{
    static const int ignored[] = { SIGTERM, SIGHUP, SIGUSR1, SIGINT, SIGWINCH };
    for (apr_size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        signal(ignored[i], SIG_IGN);
    }
    ap_close_listeners();
}

void usage_flush_child_demote(server_rec *s)
{
    bool was_root = geteuid() == 0;
    usage_flush_child_detach();
    if (ap_unixd_setup_child() != 0
        || (was_root && geteuid() == 0 && ap_unixd_config.user_id != 0)) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "USG0011: mod_usage's flusher can't become the server's "
                     "user (User, Group)");
        _exit(USAGE_FLUSH_EXIT_ROOT);
    }
}

/* The file whose lock a flusher has; opened while rights to the folder last.
 * NULL if there are none, as under -X: there is no second flusher then. */
static apr_file_t *open_lock(server_rec *s, apr_pool_t *pool)
{
    const char *path = ap_runtime_dir_relative(pool, LOCK_FILE);
    apr_file_t *file = NULL;
    apr_status_t rv =
        apr_file_open(&file, path, APR_WRITE | APR_CREATE, LOCK_PERMS, pool);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_INFO, rv, s,
                     "USG0055: mod_usage flushes without a lock on %s", path);
    }
    return file;
}

/* Wait until no other flusher is in the segment: one whose parent was killed
 * lives on, and meets those of the next server. The lock ends with its
 * process, however that ends. */
static void keep_others_out(apr_file_t *lock)
{
    if (lock != NULL) {
        apr_file_lock(lock, APR_FLOCK_EXCLUSIVE);
    }
}

/* mod_dbd makes its connections in its child_init; other modules' are not run:
 * they would set up children that this is none of. */
static void start_mod_dbd(apr_pool_t *pool, server_rec *s)
{
    apr_array_header_t *hooks = ap_hook_get_child_init();
    for (int i = 0; hooks != NULL && i < hooks->nelts; i++) {
        ap_LINK_child_init_t *hook =
            &APR_ARRAY_IDX(hooks, i, ap_LINK_child_init_t);
        if (strcmp(hook->szName, "mod_dbd.c") == 0) {
            hook->pFunc(pool, s);
        }
    }
}

static ap_dbd_t *open_database(apr_pool_t *pool, server_rec *s)
{
    APR_OPTIONAL_FN_TYPE(ap_dbd_open) *open =
        APR_RETRIEVE_OPTIONAL_FN(ap_dbd_open);
    return open != NULL ? open(pool, s) : NULL;
}

/* The pool's end closes what mod_dbd got back. */
static void close_database(server_rec *s, ap_dbd_t *dbd)
{
    APR_OPTIONAL_FN_TYPE(ap_dbd_close) *close_one =
        APR_RETRIEVE_OPTIONAL_FN(ap_dbd_close);
    if (dbd != NULL && close_one != NULL) {
        close_one(s, dbd);
    }
}

static bool was_logged(apr_int64_t now)
{
    usage_header_t *header = usage_segment_memory()->header;
    apr_int64_t since = now - atomic_load(&header->health.logged);
    return since >= 0 && since < LOG_PAUSE;
}

/* What mod_dbd has to say of a database that is away, it has said. Only this
 * process hears no more of it. */
static void silence_mod_dbd(server_rec *s)
{
    module *dbd = ap_find_linked_module("mod_dbd.c");
    ap_set_module_loglevel(s->process->pool, &s->log, dbd->module_index,
                           APLOG_EMERG);
}

void usage_flush_child_log(server_rec *s, const char *problem)
{
    usage_header_t *header = usage_segment_memory()->header;
    apr_int64_t now = apr_time_sec(apr_time_now());
    if (was_logged(now)) {
        return;
    }
    atomic_store(&header->health.logged, now);
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                 "USG0012: mod_usage can't flush to %s: %s; counting goes on, "
                 "nothing is lost",
                 usage_preflight_place(s->process->pool), problem);
}

/* A flush, and the tries at it. */
typedef struct attempt_t {
    apr_time_t begun; /* the first of them */
    usage_flush_report_t report; /* of the last one */
    int salts; /* new ones that any of them had */
    usage_trouble_e trouble;
} attempt_t;

static void log_report(server_rec *s, const attempt_t *attempt,
                       const char *node)
{
    usage_header_t *header = usage_segment_memory()->header;
    const usage_flush_report_t *report = &attempt->report;
    if (report->is_stray) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "USG0013: the database knows neither the last batch of "
                     "node %s nor the one before: another server has the same "
                     "UsageNode, or the database was put back; the batch was "
                     "written again",
                     node);
    }
    if (report->lost > 0) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "USG0014: mod_usage dropped %d counts with damaged names",
                     report->lost);
    }
    if (atomic_exchange(&header->health.logged, 0) != 0) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "USG0015: mod_usage flushes to the database again");
    }
    if (attempt->salts > 0) {
        ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, s,
                     "USG0065: mod_usage has %d new salts of the database",
                     attempt->salts);
    }
    ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, s,
                 "USG0016: batch %" APR_INT64_T_FMT " of node %s: %d counts%s",
                 report->batch, node, report->counts,
                 report->was_settled ? "; the one before was written" : "");
}

static apr_status_t flush_to(server_rec *s, const ap_dbd_t *dbd,
                             attempt_t *attempt, apr_pool_t *pool)
{
    const usage_global_conf_t *global = usage_server_conf(s)->global;
    usage_store_t *store = usage_store_dbd_make(
        usage_connection_make(dbd->driver, dbd->handle, NULL, pool),
        USAGE_VERSION);
    usage_flush_t run = {
        .memory = usage_segment_memory(),
        .store = store,
        .node = usage_flusher_node(s),
        .zones = global->zones,
        .window = global->longest_window,
        .recent = global->recent,
        .now = apr_time_sec(apr_time_now()),
        .random = usage_segment_random,
        .standing = usage_mark_standing(),
    };
    apr_status_t rv = usage_flush_run(&run, &attempt->report, pool);
    attempt->trouble = usage_store_dbd_trouble(store);
    attempt->salts += attempt->report.salts;
    if (rv == APR_SUCCESS) {
        usage_keep_child_run(s, store, attempt->begun, pool);
    }
    return rv;
}

/* A file that can't be opened will not be in a second; a server may be. */
static apr_status_t fail_to_connect(server_rec *s, attempt_t *attempt,
                                    apr_pool_t *pool)
{
    const usage_dialect_t *dialect = usage_preflight_dialect(pool);
    silence_mod_dbd(s);
    attempt->trouble = dialect != NULL && dialect->is_file
                           ? USAGE_TROUBLE_FILE_RIGHTS
                           : USAGE_TROUBLE_AWAY;
    attempt->report.problem =
        apr_pstrcat(pool, "no connection; mod_dbd says why above; ",
                    usage_trouble_advice(attempt->trouble), NULL);
    usage_flush_failed(usage_segment_memory()->header, attempt->report.problem,
                       apr_time_sec(apr_time_now()));
    return APR_EGENERAL;
}

/* Statements are let go of while their connection is still there. */
static apr_status_t flush(server_rec *s, attempt_t *attempt, apr_pool_t *pool)
{
    ap_dbd_t *dbd = open_database(pool, s);
    apr_pool_t *own;
    if (dbd == NULL) {
        return fail_to_connect(s, attempt, pool);
    }
    USAGE_FAULT("connected");
    apr_pool_create(&own, pool);
    apr_status_t rv = flush_to(s, dbd, attempt, own);
    attempt->report.problem = apr_pstrdup(pool, attempt->report.problem);
    apr_pool_destroy(own);
    USAGE_FAULT("closing");
    close_database(s, dbd);
    USAGE_FAULT("closed");
    return rv;
}

static apr_uint32_t any_number(void)
{
    apr_uint32_t number = 0;
    apr_generate_random_bytes((unsigned char *)&number, sizeof number);
    return number;
}

/* A failed attempt undid all that it did; the next takes the batch anew, and
 * learns of the database whether it was written after all. */
static apr_status_t flush_in_time(server_rec *s, attempt_t *attempt,
                                  apr_pool_t *pool)
{
    usage_retry_t retry = usage_retry_start(
        apr_time_now(), usage_server_conf(s)->global->flush_timeout);
    apr_status_t rv = flush(s, attempt, pool);
    while (rv != APR_SUCCESS) {
        apr_interval_time_t pause =
            usage_retry_pause(&retry, usage_trouble_attempts(attempt->trouble),
                              apr_time_now(), any_number());
        if (pause < 0) {
            break;
        }
        ap_log_error(APLOG_MARK, APLOG_INFO, 0, s,
                     "USG0030: mod_usage flushes again after %s",
                     attempt->report.problem);
        apr_sleep(pause);
        rv = flush(s, attempt, pool);
    }
    return rv;
}

void usage_flush_child_run(server_rec *s)
{
    const usage_global_conf_t *global = usage_server_conf(s)->global;
    attempt_t attempt = { .begun = apr_time_now() };
    apr_pool_t *pool;
    signal(SIGALRM, SIG_DFL);
    alarm((unsigned)global->flush_timeout);
    USAGE_FAULT("forked");
    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    apr_file_t *lock = open_lock(s, pool);
    usage_flush_child_demote(s);
    USAGE_FAULT("demoted");
    keep_others_out(lock);
    usage_api_before_flush(s, pool);
    if (was_logged(apr_time_sec(apr_time_now()))) {
        silence_mod_dbd(s);
    }
    start_mod_dbd(pool, s);
    apr_status_t rv = flush_in_time(s, &attempt, pool);
    if (rv == APR_SUCCESS) {
        log_report(s, &attempt, usage_flusher_node(s));
    }
    else {
        usage_flush_child_log(s, attempt.report.problem);
    }
    apr_pool_destroy(pool);
    _exit(rv == APR_SUCCESS ? USAGE_FLUSH_EXIT_DONE : USAGE_FLUSH_EXIT_FAILED);
}
