/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers that are the same in every run: a test that fails once fails
 * again. The generator is splitmix64.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>

#include <apr.h>

typedef struct random_t {
    apr_uint64_t state;
} random_t;

static inline random_t random_make(int seed)
{
    return (random_t){ (apr_uint64_t)seed * APR_UINT64_C(1000003) };
}

static inline apr_uint64_t random_next(random_t *random)
{
    apr_uint64_t z = random->state += APR_UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * APR_UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * APR_UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/** From 0 to @a limit - 1. */
static inline int random_below(random_t *random, int limit)
{
    return (int)(random_next(random) % (apr_uint64_t)limit);
}

static inline bool random_chance(random_t *random, int percent)
{
    return random_below(random, 100) < percent;
}

#endif
