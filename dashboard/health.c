/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the segment's health, and the database's. One page, one thread. */
#include "health.h"

#include <apr_strings.h>

/* Before the first flush there are no tables, and nothing is wrong. */
static const char *database_error(const usage_source_t *source,
                                  apr_status_t status)
{
    usage_store_t *store = source->store;
    if (store == NULL) {
        return "there is no connection to the database of DBDParams; the "
               "error log says why";
    }
    return status == APR_SUCCESS || status == APR_NOTFOUND
               ? NULL
               : store->error(store);
}

/* Of what the clock, set back, has not yet come to: 0. */
static apr_int64_t age_of(apr_int64_t time, apr_int64_t now)
{
    return now > time ? now - time : 0;
}

void usage_health_read(const usage_source_t *source, const usage_query_t *query,
                       apr_status_t status, usage_health_t *health,
                       apr_pool_t *pool)
{
    const usage_memory_t *memory = source->memory;
    const usage_flush_health_t *flush = &memory->header->health;
    apr_int64_t last = atomic_load(&flush->last);
    apr_int64_t failing = atomic_load(&flush->failing);
    health->fill =
        usage_table_fill(&memory->tables[usage_memory_active(memory)]);
    health->last_flush = last;
    health->age = last != 0 ? age_of(last, query->now) : -1;
    health->flush_error =
        failing != 0 ? apr_pstrndup(pool, flush->error, USAGE_ERROR_SIZE - 1)
                     : NULL;
    health->failing_since = failing;
    health->database_error = database_error(source, status);
    health->node = source->node;
    health->version = source->version;
}
