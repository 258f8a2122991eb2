/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every unit test needs: a suite that runs under APR, and a pool that
 * each test gets new. Every test is a program of its own.
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdlib.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <check.h>

/** A test's own pool. */
static apr_pool_t *unit_pool;

static inline void unit_setup(void)
{
    ck_assert_int_eq(apr_pool_create(&unit_pool, NULL), APR_SUCCESS);
}

static inline void unit_teardown(void)
{
    apr_pool_destroy(unit_pool);
}

/** A case of @a suite whose tests have a pool. */
static inline TCase *unit_case(Suite *suite, const char *name)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, unit_setup, unit_teardown);
    suite_add_tcase(suite, tcase);
    return tcase;
}

/** Run @a suite and free it. @return how many tests failed */
static inline int unit_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    if (apr_initialize() != APR_SUCCESS) {
        abort();
    }
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    apr_terminate();
    return failed;
}

#endif
