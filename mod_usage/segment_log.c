/* SPDX-License-Identifier: Apache-2.0 */
/* Runs in the parent, as it starts and stops. */
#include "segment_log.h"

#include <http_log.h>

#include "mod_usage.h"

APLOG_USE_MODULE(usage);

void usage_segment_log_sizes(server_rec *s, const usage_geometry_t *has,
                             const usage_geometry_t *wants)
{
    if (has->slots != wants->slots || has->visitors != wants->visitors) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "USG0001: mod_usage keeps its memory of %u slots and %u "
                     "visitors, which holds counts; UsageTable %u and "
                     "UsageVisitors %u are used once the server was stopped "
                     "and started",
                     has->slots, has->visitors, wants->slots, wants->visitors);
    }
}

void usage_segment_log_dropped(server_rec *s, const void *base, apr_size_t size,
                               const char *path)
{
    const usage_layout_t *layout = base;
    if (atomic_load(&layout->magic) != 0) {
        ap_log_error(
            APLOG_MARK, APLOG_WARNING, 0, s,
            "USG0004: mod_usage drops %s, of a version that lays it "
            "out otherwise: %" APR_INT64_T_FMT " counts of hits, "
            "views and events were not flushed (-1: nobody can tell), and "
            "today's visitors are met anew",
            path, usage_layout_waiting(base, size));
    }
}

void usage_segment_log_saved(server_rec *s, apr_status_t rv, const char *path,
                             bool is_flushed)
{
    if (rv == APR_SUCCESS && !is_flushed) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     "USG0008: mod_usage left what it could not flush in %s "
                     "for the next start",
                     path);
    }
    if (rv != APR_SUCCESS) {
        /* One process that became the server's user (-X) may not. */
        bool is_harmless = is_flushed && APR_STATUS_IS_EACCES(rv);
        ap_log_error(APLOG_MARK, is_harmless ? APLOG_INFO : APLOG_ERR, rv, s,
                     "USG0009: mod_usage can't save its memory in %s: %s", path,
                     is_flushed ? "today's visitors will be counted again"
                                : "what it could not flush is lost");
    }
}
