/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request's path as it is counted: clean (clean.h), and 255 bytes at most.
 */
#ifndef USAGE_PATH_H
#define USAGE_PATH_H

#include "clean.h"

/** The path under which everything is counted that has no path of its own. */
#define USAGE_PATH_OVERFLOW "/*"

/** Room that usage_path_clean needs. */
typedef usage_clean_buffer_t usage_path_buffer_t;

/**
 * Clean a decoded path.
 * @param path   the path, or NULL where the request had none
 * @param buffer room for the result if it has to differ from @a path
 * @return the path; USAGE_PATH_OVERFLOW if it is NULL, empty or would be over
 *         255 bytes. It lives as long as @a path and @a buffer.
 */
usage_text_t usage_path_clean(const char *path, usage_path_buffer_t *buffer);

#endif
