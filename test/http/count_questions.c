/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts what is asked of databases through APR-util by the processes that have
 * it preloaded: a byte in the file $USAGE_QUESTIONS for each. Built by probe.py,
 * never installed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <apr_dbd.h>

static void count(void)
{
    const char *path = getenv("USAGE_QUESTIONS");
    int file = path != NULL ? open(path, O_WRONLY | O_APPEND) : -1;
    if (file >= 0) {
        if (write(file, "?", 1) != 1) {
            abort();
        }
        close(file);
    }
}

typedef int select_fn(const apr_dbd_driver_t *, apr_pool_t *, apr_dbd_t *,
                      apr_dbd_results_t **, apr_dbd_prepared_t *, int,
                      const void **);

int apr_dbd_pbselect(const apr_dbd_driver_t *driver, apr_pool_t *pool,
                     apr_dbd_t *handle, apr_dbd_results_t **results,
                     apr_dbd_prepared_t *statement, int random,
                     const void **values)
{
    select_fn *next = (select_fn *)dlsym(RTLD_NEXT, "apr_dbd_pbselect");
    count();
    return next(driver, pool, handle, results, statement, random, values);
}
