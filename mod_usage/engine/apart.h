/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processors lend each other cache lines, and fetch them in pairs: a process
 * that writes to one makes all others wait that read or write anything on it.
 */
#ifndef USAGE_APART_H
#define USAGE_APART_H

/**
 * Bytes of such a pair. Fields this far apart share no line wherever their
 * structure begins; an array's members of this size share none if the array
 * begins at a multiple of it.
 */
#define USAGE_APART 128

#endif
