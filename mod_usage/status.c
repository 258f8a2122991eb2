/* SPDX-License-Identifier: Apache-2.0 */
/* A few numbers for who watches the server by mod_status, in one list: its page
 * and its `?auto` follow from it. No name of a site or a page is among them. */
#include "status.h"

#include <apr_hooks.h>
#include <apr_optional_hooks.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <mod_status.h>

#include "config.h"
#include "engine/glance.h"
#include "segment.h"

/* One number, in both forms. */
typedef struct row_t {
    const char *key; /* of ?auto */
    const char *label;
    const char *text;
} row_t;

static usage_glance_t read_now(const request_rec *r, apr_int64_t now)
{
    const usage_server_conf_t *conf = usage_server_conf(r->server);
    usage_glance_at_t at = { .now = now,
                             .interval = conf->global->interval,
                             .date =
                                 usage_clock_at(conf->host->clock, now).date };
    return usage_glance_read(usage_segment_memory(), &at);
}

static const char *number(apr_int64_t value, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%" APR_INT64_T_FMT, value);
}

/* Seconds since then; -1: never. A clock may have been set back. */
static const char *age(apr_int64_t time, apr_int64_t now, apr_pool_t *pool)
{
    apr_int64_t seconds = now > time ? now - time : 0;
    return number(time == 0 ? -1 : seconds, pool);
}

static void write_row(request_rec *r, int flags, const row_t *row)
{
    if ((flags & AP_STATUS_SHORT) != 0) {
        ap_rprintf(r, "%s: %s\n", row->key, row->text);
    }
    else if ((flags & AP_STATUS_NOTABLE) != 0) {
        ap_rprintf(r, "<p>%s: %s</p>\n", row->label, row->text);
    }
    else {
        ap_rprintf(r, "<tr><th align=\"left\">%s</th><td>%s</td></tr>\n",
                   row->label, row->text);
    }
}

static void write_rows(request_rec *r, int flags, const row_t *rows)
{
    bool has_table = (flags & (AP_STATUS_SHORT | AP_STATUS_NOTABLE)) == 0;
    if ((flags & AP_STATUS_SHORT) == 0) {
        ap_rputs("<hr />\n<h2>mod_usage</h2>\n", r);
    }
    if (has_table) {
        ap_rputs("<table>\n", r);
    }
    for (int i = 0; rows[i].key != NULL; i++) {
        write_row(r, flags, &rows[i]);
    }
    if (has_table) {
        ap_rputs("</table>\n", r);
    }
}

static int write_section(request_rec *r, int flags)
{
    apr_int64_t now = apr_time_sec(apr_time_now());
    apr_pool_t *pool = r->pool;
    if (!usage_conf_is_used()) {
        return DECLINED;
    }
    usage_glance_t its = read_now(r, now);
    const row_t rows[] = {
        { "UsageIntervalHits", "Hits of this interval",
          number(its.hits, pool) },
        { "UsageIntervalViews", "Views of this interval",
          number(its.views, pool) },
        { "UsageIntervalBots", "Bots' hits of this interval",
          number(its.bots, pool) },
        { "UsageVisitorsToday", "Visitors today", number(its.visitors, pool) },
        { "UsageTableFill", "Table in use, percent",
          apr_psprintf(pool, "%d.%d", its.fill / 10, its.fill % 10) },
        { "UsageLastFlush", "Seconds since the last flush",
          age(its.flushed, now, pool) },
        { "UsageFlushFailing", "Seconds since flushes fail",
          age(its.failing, now, pool) },
        { .key = NULL }
    };
    write_rows(r, flags, rows);
    return OK;
}

void usage_status_register(void)
{
    APR_OPTIONAL_HOOK(ap, status_hook, write_section, NULL, NULL,
                      APR_HOOK_MIDDLE);
}
