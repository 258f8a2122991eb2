/* SPDX-License-Identifier: Apache-2.0 */
/* What a request is shown. */
#ifndef USAGE_HANDLER_MODEL_H
#define USAGE_HANDLER_MODEL_H

#include <httpd.h>

#include "metrics.h"
#include "model.h"

/** The site that alone is shown to a request; NULL: all may be. */
const char *usage_handler_site(const request_rec *r);

/** What a request for metrics is shown. */
usage_metrics_t usage_handler_metrics(request_rec *r);

/** Read the model of a query, which is completed (usage_model_read). */
void usage_handler_read(request_rec *r, usage_query_t *query,
                        usage_model_t *model);

#endif
