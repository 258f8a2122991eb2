/* SPDX-License-Identifier: Apache-2.0 */
/* What a request is shown. */
#ifndef USAGE_HANDLER_MODEL_H
#define USAGE_HANDLER_MODEL_H

#include <httpd.h>

#include "model.h"

/** Hook child_init: makes the child's cache. */
void usage_handler_child_init(apr_pool_t *pool, server_rec *s);

/** Read the model of a query, which is completed (usage_model_read). */
void usage_handler_read(request_rec *r, usage_query_t *query,
                        usage_model_t *model);

#endif
