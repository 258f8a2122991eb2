/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a request to a hit. The hooks below are the only readers of
 * request_rec on the way of a request; they run in every thread of every
 * child.
 */
#ifndef USAGE_FILTER_H
#define USAGE_FILTER_H

#include <string.h>

#include <httpd.h>

/** The handler's name: what it serves is never counted. */
#define USAGE_HANDLER "usage-stats"

/** Whether a request can be for the dashboard: nearly all are not, and need not
 * be asked more. */
static inline int usage_filter_may_be_dashboard(const request_rec *r)
{
    return r->handler != NULL && *r->handler == *USAGE_HANDLER;
}

/** Whether a request is for the dashboard. */
static inline int usage_filter_is_dashboard(const request_rec *r)
{
    return usage_filter_may_be_dashboard(r)
           && strcmp(r->handler, USAGE_HANDLER) == 0;
}

/** Register the output filter; once, with the hooks. */
void usage_filter_register(void);

/** Hook insert_filter and insert_error_filter. */
void usage_filter_insert(request_rec *r);

/**
 * Hook log_transaction: counts what no filter saw, such as TRACE, `OPTIONS *`
 * and a request line that could not be read. So hits are what an access log
 * would have lines.
 */
int usage_filter_log(request_rec *r);

#endif
