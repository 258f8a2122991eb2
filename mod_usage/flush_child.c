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
#include <apr_strings.h>
#include <ap_listen.h>
#include <http_core.h>
#include <http_log.h>
#include <mod_dbd.h>
#include <unixd.h>
#include <mod_unixd.h>

#include "config.h"
#include "engine/fault.h"
#include "engine/flush.h"
#include "flusher.h"
#include "mod_usage.h"
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
    if (open == NULL) {
        return NULL;
    }
    start_mod_dbd(pool, s);
    return open(pool, s);
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

void usage_flush_child_log(server_rec *s, const char *problem)
{
    usage_header_t *header = usage_segment_memory()->header;
    apr_int64_t now = apr_time_sec(apr_time_now());
    if (now - atomic_load(&header->health.logged) < LOG_PAUSE) {
        return;
    }
    atomic_store(&header->health.logged, now);
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                 "USG0012: mod_usage can't flush to the database of "
                 "DBDParams: %s; counting goes on, nothing is lost",
                 problem);
}

static void log_report(server_rec *s, const usage_flush_report_t *report,
                       const char *node)
{
    usage_header_t *header = usage_segment_memory()->header;
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
    ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, s,
                 "USG0016: batch %" APR_INT64_T_FMT " of node %s: %d counts%s",
                 report->batch, node, report->counts,
                 report->was_settled ? "; the one before was written" : "");
}

static apr_status_t flush(server_rec *s, const ap_dbd_t *dbd,
                          usage_flush_report_t *report, apr_pool_t *pool)
{
    const usage_global_conf_t *global = usage_server_conf(s)->global;
    usage_connection_t connection = { .driver = dbd->driver,
                                      .handle = dbd->handle,
                                      .pool = pool,
                                      .statements = apr_hash_make(pool) };
    usage_flush_t run = {
        .memory = usage_segment_memory(),
        .store = usage_store_dbd_make(&connection, USAGE_VERSION),
        .node = usage_flusher_node(s),
        .interval = global->interval,
        .window = global->longest_window,
        .recent = global->recent,
        .now = apr_time_sec(apr_time_now()),
    };
    return usage_flush_run(&run, report, pool);
}

void usage_flush_child_run(server_rec *s)
{
    const usage_global_conf_t *global = usage_server_conf(s)->global;
    usage_flush_report_t report = { 0 };
    apr_status_t rv = APR_EGENERAL;
    apr_pool_t *pool;
    signal(SIGALRM, SIG_DFL);
    alarm((unsigned)global->flush_timeout);
    USAGE_FAULT("forked");
    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    apr_file_t *lock = open_lock(s, pool);
    usage_flush_child_demote(s);
    USAGE_FAULT("demoted");
    keep_others_out(lock);
    ap_dbd_t *dbd = open_database(pool, s);
    if (dbd != NULL) {
        USAGE_FAULT("connected");
        rv = flush(s, dbd, &report, pool);
    }
    else {
        report.problem = "no connection; mod_dbd says why above";
        usage_flush_failed(usage_segment_memory()->header, report.problem,
                           apr_time_sec(apr_time_now()));
    }
    if (rv == APR_SUCCESS) {
        log_report(s, &report, usage_flusher_node(s));
    }
    else {
        usage_flush_child_log(s, report.problem);
    }
    USAGE_FAULT("closing");
    close_database(s, dbd);
    USAGE_FAULT("closed");
    apr_pool_destroy(pool);
    _exit(rv == APR_SUCCESS ? USAGE_FLUSH_EXIT_DONE : USAGE_FLUSH_EXIT_FAILED);
}
