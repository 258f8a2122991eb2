/* SPDX-License-Identifier: Apache-2.0 */
/* The inner side of what mod_usage_api.h offers to other modules. */
#ifndef USAGE_API_H
#define USAGE_API_H

#include <httpd.h>

/** Offer the functions; once, with the hooks. */
void usage_api_register(void);

/** Let other modules add what they cached. In the flusher, before a flush. */
void usage_api_before_flush(server_rec *s, apr_pool_t *pool);

#endif
