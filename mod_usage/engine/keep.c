/* SPDX-License-Identifier: Apache-2.0 */
/* The order of keeping's steps, and when they stop. Runs in the flusher. */
#include "keep.h"

#include <apr_strings.h>

#include "close.h"
#include "lease.h"
#include "piece.h"
#include "retention.h"

/* A file is shrunk while more than one page in so many is free: what is deleted
 * each day is needed again on the next. */
#define FREE_SHARE 10

static apr_status_t shrink(usage_work_t *work, bool *has_more)
{
    usage_store_t *store = work->keep->store;
    usage_room_t before = { 0 };
    usage_room_t after = { 0 };
    apr_status_t rv = store->keeper->room(store, &before);
    bool is_loose = before.free * FREE_SHARE > before.pages;
    *has_more = false;
    work->report->needs_vacuum = is_loose && before.is_shrinkable == 0;
    if (rv != APR_SUCCESS || !is_loose || before.is_shrinkable == 0) {
        return rv;
    }
    rv = usage_piece_begin(work);
    if (rv == APR_SUCCESS) {
        rv = usage_piece_end(work, store->keeper->shrink(store));
    }
    if (rv == APR_SUCCESS) {
        rv = store->keeper->room(store, &after);
    }
    if (rv == APR_SUCCESS && after.pages < before.pages) {
        work->report->freed += (int)(before.pages - after.pages);
        *has_more = true;
    }
    return rv;
}

#define EVERY_GRAIN(fn, table)                                                 \
    { fn, table, USAGE_GRAIN_BASE }, { fn, table, USAGE_GRAIN_DAY },           \
    {                                                                          \
        fn, table, USAGE_GRAIN_MONTH                                           \
    }

/* What is closed and summed is so before it may be deleted. */
static const struct step_t {
    usage_piece_fn *fn;
    usage_drop_e what;
    usage_grain_e grain;
} steps[] = {
    { usage_close_days, USAGE_DROPS, USAGE_GRAINS },
    { usage_close_observed, USAGE_DROPS, USAGE_GRAINS },
    EVERY_GRAIN(usage_retain_fold, USAGE_DROP_EVENT),
    EVERY_GRAIN(usage_retain_drop, USAGE_DROP_VIEW),
    EVERY_GRAIN(usage_retain_drop, USAGE_DROP_PAGE),
    EVERY_GRAIN(usage_retain_drop, USAGE_DROP_TOTAL),
    EVERY_GRAIN(usage_retain_drop, USAGE_DROP_CLIENT),
    { usage_retain_drop, USAGE_DROP_ALL_PAGE, USAGE_GRAIN_DAY },
    { usage_retain_drop, USAGE_DROP_ALL_PAGE, USAGE_GRAIN_MONTH },
    { usage_retain_drop, USAGE_DROP_ALL_CLIENT, USAGE_GRAIN_DAY },
    { usage_retain_drop, USAGE_DROP_ALL_CLIENT, USAGE_GRAIN_MONTH },
    { usage_retain_drop, USAGE_DROP_ALL_BOTH, USAGE_GRAIN_MONTH },
    EVERY_GRAIN(usage_retain_drop, USAGE_DROP_EVENT),
    { usage_retain_drop, USAGE_DROP_SEEN, USAGE_GRAINS },
    { usage_retain_drop, USAGE_DROP_AVERAGE, USAGE_GRAINS },
    { usage_retain_drop, USAGE_DROP_USER, USAGE_GRAINS },
    { usage_retain_recent, USAGE_DROPS, USAGE_GRAINS },
    { shrink, USAGE_DROPS, USAGE_GRAINS },
};
enum { STEPS = sizeof steps / sizeof *steps };

/* A piece's memory is its own. */
static apr_status_t run_piece(usage_work_t *work, usage_piece_fn *fn,
                              bool *has_more, apr_pool_t *pool)
{
    usage_store_t *store = work->keep->store;
    apr_pool_create(&work->pool, pool);
    apr_status_t rv = fn(work, has_more);
    if (rv != APR_SUCCESS && rv != APR_EAGAIN) {
        work->report->problem = apr_pstrdup(pool, store->error(store));
    }
    apr_pool_destroy(work->pool);
    return rv;
}

/* However little time there is, each run does something that counts. */
static bool is_late(const usage_work_t *work)
{
    const usage_keep_report_t *report = work->report;
    bool has_worked = report->closed + report->observed + report->folded
                          + report->dropped + report->trimmed + report->freed
                      > 0;
    return has_worked && work->keep->clock() >= work->keep->until;
}

static apr_status_t run_step(usage_work_t *work, const struct step_t *step,
                             apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
    bool has_more = true;
    work->what = step->what;
    work->grain = step->grain;
    while (rv == APR_SUCCESS && has_more) {
        rv = is_late(work) ? APR_EAGAIN
                           : run_piece(work, step->fn, &has_more, pool);
    }
    return rv;
}

/* Note what this run knows of the clock. */
static apr_status_t note_doubt(usage_work_t *work, bool *has_more)
{
    const usage_keep_t *keep = work->keep;
    usage_lease_t lease = work->lease;
    *has_more = false;
    work->report->is_doubted = !usage_lease_believes(&lease, keep->now);
    lease.node = keep->node;
    apr_status_t rv = usage_piece_begin(work);
    if (rv == APR_SUCCESS) {
        work->report->is_mine = true;
        rv = usage_piece_end(
            work, keep->store->keeper->lease_note(keep->store, &lease));
    }
    return rv;
}

static apr_status_t note_done(usage_work_t *work, bool *has_more)
{
    const usage_keep_t *keep = work->keep;
    usage_lease_t lease = { .node = keep->node, .done = keep->now };
    *has_more = false;
    apr_status_t rv = usage_piece_begin(work);
    if (rv == APR_SUCCESS) {
        rv = usage_piece_end(
            work, keep->store->keeper->lease_note(keep->store, &lease));
    }
    work->report->is_complete = rv == APR_SUCCESS;
    return rv;
}

static apr_status_t run_steps(usage_work_t *work, apr_pool_t *pool)
{
    static const struct step_t doubt = { note_doubt, USAGE_DROPS,
                                         USAGE_GRAINS };
    static const struct step_t done = { note_done, USAGE_DROPS, USAGE_GRAINS };
    apr_status_t rv = run_step(work, &doubt, pool);
    if (rv != APR_SUCCESS || work->report->is_doubted) {
        return rv;
    }
    for (int i = 0; rv == APR_SUCCESS && i < STEPS; i++) {
        rv = run_step(work, &steps[i], pool);
    }
    return rv == APR_SUCCESS ? run_step(work, &done, pool) : rv;
}

apr_status_t usage_keep_run(const usage_keep_t *keep,
                            usage_keep_report_t *report, apr_pool_t *pool)
{
    usage_store_t *store = keep->store;
    usage_work_t work = { .keep = keep,
                          .report = report,
                          .begun = keep->clock() };
    *report = (usage_keep_report_t){ 0 };
    apr_status_t rv = store->keeper->lease_get(store, &work.lease, pool);
    if (rv != APR_SUCCESS) {
        report->problem = store->error(store);
        return rv;
    }
    report->done = work.lease.done;
    if (!usage_lease_is_due(&work.lease, keep->now)
        || !usage_lease_is_free(&work.lease, keep->node, keep->now)) {
        return APR_SUCCESS;
    }
    rv = run_steps(&work, pool);
    return rv == APR_EAGAIN ? APR_SUCCESS : rv;
}
