/* SPDX-License-Identifier: Apache-2.0 */
/* Sums values by name, as the numbers of database and segment come in. */
#ifndef USAGE_TALLY_H
#define USAGE_TALLY_H

#include <apr_hash.h>

#include "model.h"

typedef struct usage_tally_t {
    apr_hash_t *by_name; /**< name to usage_ranked_t */
} usage_tally_t;

/** An empty tally. */
usage_tally_t usage_tally_make(apr_pool_t *pool);

/** Add to a name of @a length bytes; the tally keeps a copy of a new one. */
void usage_tally_add(usage_tally_t *tally, const char *name, apr_size_t length,
                     const usage_values_t *values);

/** Add rows, of no values, for names that @a others alone have. */
void usage_tally_join(usage_tally_t *tally, const usage_tally_t *others);

/**
 * Fill in what all rows were.
 * @param were     values in the time that they are compared with
 * @param is_whole what isn't among these was none
 */
void usage_tally_know(usage_tally_t *tally, const usage_tally_t *were,
                      bool is_whole);

/** The @a limit first by @a sort from place @a first, from 0, on; equal ones by
 * name. By change, those of which it isn't known come last, by views. */
usage_ranking_t usage_tally_rank(const usage_tally_t *tally, usage_sort_e sort,
                                 int first, int limit);

/** The names alone, sorted; @a count is set to how many there are. */
const char *const *usage_tally_names(const usage_tally_t *tally, int *count);

#endif
