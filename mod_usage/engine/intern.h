/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of counts that are equal become one, and lie in memory in their order:
 * so rows are sorted by address. A batch is sorted for each table and grain,
 * and texts are slow to compare.
 */
#ifndef USAGE_INTERN_H
#define USAGE_INTERN_H

#include <apr_tables.h>

/**
 * Intern the texts of counts.
 * @param counts array of usage_count_t; its texts, which end in NUL, are
 *               replaced
 */
void usage_intern(apr_array_header_t *counts, apr_pool_t *pool);

#endif
