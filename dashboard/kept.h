/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a database answered, kept so that who asks the same need not ask the
 * database. Both who keeps and who is answered see a usage_store_t, so whoever
 * asks knows nothing of it. It has what a dashboard asks (source.c), and
 * nothing that writes.
 */
#ifndef USAGE_KEPT_H
#define USAGE_KEPT_H

#include <stdbool.h>

#include "engine/store.h"

/** Answers to the questions of one page. */
typedef struct usage_kept_t usage_kept_t;

/** None yet; all that is kept is in @a pool. */
usage_kept_t *usage_kept_make(apr_pool_t *pool);

/**
 * A store that asks @a store, and keeps each answer; of questions that are
 * asked again the last.
 * @param pool as long as the store that is returned is used
 */
usage_store_t *usage_kept_recorder(usage_kept_t *kept, usage_store_t *store,
                                   apr_pool_t *pool);

/**
 * A store that answers as it was recorded. Several threads may have one each;
 * nothing may be recorded meanwhile.
 * @param has_missed set if it is asked what wasn't asked: that fails
 */
usage_store_t *usage_kept_replayer(const usage_kept_t *kept, bool *has_missed,
                                   apr_pool_t *pool);

#endif
