/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a piece. Runs in the flusher. */
#include "piece.h"

#include "lease.h"

apr_status_t usage_piece_begin(usage_work_t *work)
{
    const usage_keep_t *keep = work->keep;
    usage_lease_t lease;
    apr_int64_t passed = apr_time_sec(keep->clock() - work->begun);
    apr_status_t rv = keep->store->begin(keep->store);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    work->locked = keep->clock();
    rv = usage_lease_take(keep->store, keep->node, keep->now + passed, &lease,
                          work->pool);
    if (rv != APR_SUCCESS) {
        keep->store->rollback(keep->store);
    }
    return rv;
}

apr_status_t usage_piece_end(usage_work_t *work, apr_status_t rv)
{
    const usage_keep_t *keep = work->keep;
    usage_keep_report_t *report = work->report;
    if (rv == APR_SUCCESS) {
        rv = keep->store->commit(keep->store);
    }
    else {
        keep->store->rollback(keep->store);
    }
    apr_interval_time_t length = keep->clock() - work->locked;
    report->longest = length > report->longest ? length : report->longest;
    report->pieces++;
    if (keep->rest != NULL) {
        keep->rest(length);
    }
    return rv;
}
