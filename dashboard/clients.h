/* SPDX-License-Identifier: Apache-2.0 */
/* Views by device, by browser and by system, of one time. */
#ifndef USAGE_CLIENTS_H
#define USAGE_CLIENTS_H

#include "engine/batch.h"
#include "engine/store.h"
#include "tally.h"

typedef struct usage_clients_t {
    usage_tally_t devices;
    usage_tally_t browsers;
    usage_tally_t systems;
} usage_clients_t;

usage_clients_t usage_clients_make(apr_pool_t *pool);

/** What a store answers; the baton is the usage_clients_t. */
usage_client_fn usage_clients_answer;

/** Add views that no flush has written. */
void usage_clients_add(usage_clients_t *clients, const usage_count_t *count);

/** Let each row know what it was in another time. */
void usage_clients_know(usage_clients_t *clients, const usage_clients_t *were);

#endif
