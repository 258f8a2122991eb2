/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From one batch to the rows of every fact table in every grain at once: there
 * is no roll-up that could stop half-way.
 */
#ifndef USAGE_GRAIN_H
#define USAGE_GRAIN_H

#include <apr_tables.h>

#include "store.h"
#include "zones.h"

/**
 * The rows that a batch adds to a fact table in one grain. The day and the
 * month of a count are those of its site's zone.
 * @param counts array of usage_count_t, interned (intern.h)
 * @param now    Unix seconds: the time of counts that have none
 * @return array of usage_row_t in @a pool, sorted by key, each key once
 */
apr_array_header_t *usage_grain_rows(const apr_array_header_t *counts,
                                     usage_fact_e fact, usage_grain_e grain,
                                     const usage_zones_t *zones,
                                     apr_int64_t now, apr_pool_t *pool);

#endif
