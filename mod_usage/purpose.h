/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What request headers say a request is for, where that makes it no view: a
 * client that opted out, a page fetched ahead, a part of a page. Runs in every
 * thread of every child.
 */
#ifndef USAGE_PURPOSE_H
#define USAGE_PURPOSE_H

#include <stdbool.h>

#include <apr_tables.h>

#include "engine/outcome.h"

/** The signals that UsageOptOut can honour; a set of bits. */
#define USAGE_OPT_OUT_GPC 1 /**< Sec-GPC: 1 */
#define USAGE_OPT_OUT_DNT 2 /**< DNT: 1 */

/**
 * Whether headers decide a hit's outcome, and which it is.
 *
 * Sec-Purpose (Fetch standard) and its forerunners Purpose (Chrome, Safari),
 * X-Purpose (Safari) and X-Moz (Firefox) tell of fetching ahead; Sec-Fetch-Dest
 * (Fetch Metadata) that the request is not for a document or a frame.
 *
 * @param opt_outs the signals that are honoured
 */
bool usage_purpose_decides(const apr_table_t *headers, int opt_outs,
                           usage_outcome_e *outcome);

#endif
