/* SPDX-License-Identifier: Apache-2.0 */
/* Tells one configuration of the server from another. */
#ifndef USAGE_CONF_DIGEST_H
#define USAGE_CONF_DIGEST_H

#include <apr.h>

/**
 * A digest of all directives, with their arguments and in their order, and of
 * the modules' names; not of comments, or of the files that they stand in.
 * From post_config, when the tree is there.
 * @return never 0
 */
apr_uint64_t usage_conf_digest(void);

#endif
