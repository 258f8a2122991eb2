/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Since when views are counted: a time that was not counted, or of which a part
 * was not, is no measure of what came after it. In the first weeks of a site
 * all would be "new", and then ten times as much.
 */
#ifndef USAGE_BEGINNING_H
#define USAGE_BEGINNING_H

#include "engine/store.h"
#include "query.h"

/** Let a query compare its period with nothing; @a is_uncounted: as that time,
 * if there was one, was not counted. */
void usage_beginning_forgo(usage_query_t *query, bool is_uncounted);

/**
 * Let it do so, and say why, if its site (or, of all, any) has no views from
 * before the time it is compared with: the interval that has the first ones may
 * not be whole. Two years of months and two months of days are looked at. Where
 * all from before is deleted by now (UsageRetain), views in the first interval
 * will do.
 */
apr_status_t usage_beginning_ask(usage_query_t *query, usage_store_t *store);

#endif
