/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping, in the flusher, after the batch's transaction: it may not delay
 * that, nor the next one, nor a stop of the server. So it ends by itself long
 * before the flusher's deadline, and is gone on with after the next flush.
 */
#include "keep_child.h"

#include <time.h>

#include <http_core.h>
#include <http_log.h>

#include "config.h"
#include "engine/keep.h"
#include "mod_usage.h"
#include "segment.h"

APLOG_USE_MODULE(usage);

/* The longest that a flusher keeps; less, if its deadline is near. */
#define LONGEST apr_time_from_sec(5)

/* The least and the most that others get between two pieces. */
#define REST_LEAST apr_time_from_msec(1)
#define REST_MOST  apr_time_from_msec(100)

/* Seconds without a complete run from which on trouble is told loudly, and
 * between two lines about it. */
#define BEHIND    86400
#define LOG_PAUSE 600

/* A clock that nobody sets. */
static apr_time_t steady(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_from_sec(now.tv_sec) + now.tv_nsec / 1000;
}

static void rest(apr_interval_time_t length)
{
    length = length < REST_LEAST ? REST_LEAST : length;
    apr_sleep(length > REST_MOST ? REST_MOST : length);
}

static void log_trouble(server_rec *s, const usage_keep_report_t *report,
                        apr_int64_t now)
{
    usage_flush_health_t *health = &usage_segment_memory()->header->health;
    bool is_behind = now - report->done > BEHIND;
    if (is_behind && now - atomic_load(&health->kept) < LOG_PAUSE) {
        return;
    }
    if (is_behind) {
        atomic_store(&health->kept, now);
    }
    ap_log_error(APLOG_MARK, is_behind ? APLOG_WARNING : APLOG_INFO, 0, s,
                 "USG0045: mod_usage can't close days and delete old rows "
                 "(UsageRetain): %s; it is tried again after the next flush",
                 report->problem);
}

static void log_report(server_rec *s, const usage_keep_report_t *report,
                       apr_int64_t now)
{
    if (report->is_doubted && report->done != 0) {
        ap_log_error(APLOG_MARK, APLOG_INFO, 0, s,
                     "USG0046: old rows were last deleted %" APR_INT64_T_FMT
                     " days ago, by the clock: mod_usage waits for an hour, "
                     "in case that the clock is wrong",
                     (now - report->done) / 86400);
    }
    if (report->needs_vacuum && report->is_complete
        && report->done / BEHIND < now / BEHIND) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "USG0047: the database of DBDParams has much free room "
                     "that it can't give back, since mod_usage did not make "
                     "its file; `PRAGMA auto_vacuum = INCREMENTAL; VACUUM;` in "
                     "the sqlite3 shell, as the server's user, changes that");
    }
    if (report->pieces > 0) {
        ap_log_error(
            APLOG_MARK, APLOG_DEBUG, 0, s,
            "USG0048: kept in %d pieces, the longest of %" APR_TIME_T_FMT
            " us: %d rows of visitors closed, %d of "
            "events summed, %d rows deleted, %d pages freed%s",
            report->pieces, report->longest, report->closed, report->folded,
            report->dropped, report->freed,
            report->is_complete ? "" : "; there is more");
    }
}

/* Half of the time that the flusher has, or less. */
static apr_time_t end_of(const usage_global_conf_t *global, apr_time_t begun)
{
    apr_interval_time_t spent = apr_time_now() - begun;
    apr_interval_time_t left =
        apr_time_from_sec(global->flush_timeout) / 2 - spent;
    return steady() + (left < LONGEST ? left : LONGEST);
}

void usage_keep_child_run(server_rec *s, usage_store_t *store, apr_time_t begun,
                          apr_pool_t *pool)
{
    const usage_global_conf_t *global = usage_server_conf(s)->global;
    usage_keep_report_t report;
    usage_keep_t keep = { .store = store,
                          .node = global->node,
                          .retain = &global->retain,
                          .window = global->longest_window,
                          .recent = global->recent,
                          .now = apr_time_sec(apr_time_now()),
                          .rows = USAGE_KEEP_ROWS,
                          .until = end_of(global, begun),
                          .clock = steady,
                          .rest = rest };
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_EXITING) {
        return;
    }
    if (usage_keep_run(&keep, &report, pool) == APR_SUCCESS) {
        log_report(s, &report, keep.now);
    }
    else {
        log_trouble(s, &report, keep.now);
    }
}
