/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The copy of the segment that a server leaves in a file when it stops, and
 * the next one reads. Only bytes are moved. All run in the parent.
 */
#ifndef USAGE_STATE_H
#define USAGE_STATE_H

#include <apr_file_io.h>

/**
 * Write @a size bytes at @a base into a file that its owner alone may read,
 * with holes where they are zero. A file of that name is whole or not there,
 * whenever the process dies.
 */
apr_status_t usage_state_save(const char *path, const void *base,
                              apr_size_t size, apr_pool_t *pool);

/**
 * Open a copy.
 * @param size set to its bytes
 */
apr_status_t usage_state_open(apr_file_t **file, const char *path,
                              apr_size_t *size, apr_pool_t *pool);

/**
 * Read a copy into a new segment, the word that says that it is one last: what
 * a process that dies has read in part is none.
 * @param base @a size bytes of zeros
 */
apr_status_t usage_state_read(apr_file_t *file, void *base, apr_size_t size);

#endif
