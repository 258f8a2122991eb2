/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points at which tests make a process fail. They are compiled in by
 * `configure --enable-faults` alone; else they are nothing at all, and a guard
 * sees to it that the module has none.
 *
 * The folder that the environment variable USAGE_FAULTS names has a file for
 * each point that is to be acted on, once: its text is what to do.
 *
 *   kill    end as by kill -9
 *   abort   end as a crash does
 *   exit    leave at once, as a failure
 *   error   return APR_ENOSPC, where a point is asked for an error
 *   hold    write one's process id into POINT.held, and wait until someone
 *           takes that file away
 */
#ifndef USAGE_FAULT_H
#define USAGE_FAULT_H

#include <apr_errno.h>

#ifdef USAGE_FAULTS

/** Do what is ordered for this point, if anything is. @return APR_SUCCESS, or
 * APR_ENOSPC where "error" is ordered */
apr_status_t usage_fault(const char *point);

/** The least UsageFlushInterval: tests can't wait for long. */
#define USAGE_FLUSH_LEAST 1
#define USAGE_FLUSH_WORDS "1s to 1d"

#define USAGE_FAULT(point)       ((void)usage_fault(point))
#define USAGE_FAULT_ERROR(point) usage_fault(point)

#else

#define USAGE_FLUSH_LEAST        10
#define USAGE_FLUSH_WORDS        "10s to 1d"
#define USAGE_FAULT(point)       ((void)0)
#define USAGE_FAULT_ERROR(point) APR_SUCCESS

#endif

#endif
