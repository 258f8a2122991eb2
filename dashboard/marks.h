/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the marks of a period: those of the database, and those that wait. */
#ifndef USAGE_DASHBOARD_MARKS_H
#define USAGE_DASHBOARD_MARKS_H

#include "source.h"

/** Fill in the model's marks, once its query and health are known. */
void usage_marks_read(const usage_source_t *source, usage_model_t *model,
                      apr_pool_t *pool);

#endif
