/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that begin at once, for tests of what they do to each other. */
#ifndef THREADS_H
#define THREADS_H

#include <stdatomic.h>

#include <apr_thread_proc.h>

#include "unit.h"

#define THREADS 8

/** What a thread does; @a number tells which it is, from 0. */
typedef void threads_fn(int number);

typedef struct threads_start_t {
    threads_fn *fn;
    int number;
} threads_start_t;

static _Atomic int threads_waiting;

static void *APR_THREAD_FUNC threads_begin(apr_thread_t *thread, void *baton)
{
    const threads_start_t *start = baton;
    (void)thread;
    atomic_fetch_sub(&threads_waiting, 1);
    while (atomic_load(&threads_waiting) > 0) {
        apr_thread_yield();
    }
    start->fn(start->number);
    return NULL;
}

/** Run @a fn in THREADS threads, until all have returned. */
static inline void threads_run(threads_fn *fn)
{
    apr_thread_t *threads[THREADS];
    threads_start_t starts[THREADS];
    apr_status_t rv;
    atomic_store(&threads_waiting, THREADS);
    for (int i = 0; i < THREADS; i++) {
        starts[i] = (threads_start_t){ fn, i };
        ck_assert_int_eq(apr_thread_create(&threads[i], NULL, threads_begin,
                                           &starts[i], unit_pool),
                         APR_SUCCESS);
    }
    for (int i = 0; i < THREADS; i++) {
        apr_thread_join(&rv, threads[i]);
    }
}

#endif
