/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of a URL that say how something is shown, not what (query.h). */
#ifndef USAGE_ARGUMENT_H
#define USAGE_ARGUMENT_H

#include <apr_pools.h>

/**
 * The last value of an argument, decoded.
 * @param args what follows the `?`, or NULL
 * @return NULL if it isn't there, or is malformed
 */
const char *usage_argument(const char *args, const char *name,
                           apr_pool_t *pool);

#endif
