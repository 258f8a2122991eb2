/* SPDX-License-Identifier: Apache-2.0 */
/* Runs in the parent as it starts; carry() in a process that it forks. */
#include "resize.h"

#include "flusher.h"

typedef struct resizing_t {
    const usage_memory_t *from;
    usage_memory_t to;
    usage_carried_t *lost; /* in shared memory */
} resizing_t;

enum { CARRIED, HAS_NO_ROOM };

static int carry(void *baton)
{
    resizing_t *resizing = baton;
    apr_pool_t *pool;
    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    return usage_memory_carry(resizing->from, &resizing->to, resizing->lost,
                              pool)
                   == APR_SUCCESS
               ? CARRIED
               : HAS_NO_ROOM;
}

apr_status_t usage_resize(server_rec *s, const usage_memory_t *from,
                          const usage_geometry_t *wants, apr_shm_t **copy,
                          usage_carried_t *lost, apr_pool_t *pool)
{
    resizing_t resizing = { .from = from };
    apr_size_t size = usage_memory_size(wants);
    apr_status_t rv = apr_shm_create(copy, size + sizeof *lost, NULL, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    char *base = apr_shm_baseaddr_get(*copy);
    usage_memory_create(&resizing.to, base, wants, from->header->seed,
                        atomic_load(&from->header->opened));
    resizing.lost = (usage_carried_t *)(void *)(base + size);
    if (usage_flusher_ask(s, carry, &resizing, pool) != CARRIED) {
        apr_shm_destroy(*copy);
        return APR_ENOSPC;
    }
    *lost = *resizing.lost;
    return APR_SUCCESS;
}
