/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Told to the compiler, where it can't know how often a request comes by: a
 * function that saves registers for what few requests need makes all others
 * pay for it.
 */
#ifndef USAGE_OFTEN_H
#define USAGE_OFTEN_H

/** What nearly every request does: it goes into its callers. */
#define USAGE_OFTEN inline __attribute__((always_inline))

/** What some do: it stays out of the others, but is quick. */
#define USAGE_SOMETIMES __attribute__((noinline))

/** What few do: it stays out of them. */
#define USAGE_RARELY __attribute__((noinline, cold))

#endif
