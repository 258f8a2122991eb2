/* SPDX-License-Identifier: Apache-2.0 */
/* Bots of a reading, by kind and by name: from categories to rankings. */
#ifndef USAGE_BOTS_H
#define USAGE_BOTS_H

#include "engine/table.h"
#include "tally.h"

typedef struct usage_bots_t {
    usage_tally_t kinds;
    usage_tally_t names; /**< by "kind name": a kind has no space */
} usage_bots_t;

/** No bots yet. */
usage_bots_t usage_bots_make(apr_pool_t *pool);

/** A usage_answer_fn for USAGE_ASK_BOTS; @a baton is a usage_bots_t. */
apr_status_t usage_bots_answer(void *baton, const usage_answer_t *row);

/** Add a count of the segment, if it is one of bots. */
void usage_bots_add(usage_bots_t *bots, const usage_key_t *key,
                    const usage_values_t *values);

/** The kinds, and the @a limit most frequent names, noted with their kind. */
usage_ranking_t usage_bots_kinds(const usage_bots_t *bots);
usage_ranking_t usage_bots_names(const usage_bots_t *bots, int limit);

#endif
