/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model in the shape that pb-ext's analytics have it: the fields of its
 * `Data`, by their names and in their order, so that what reads one reads the
 * other.
 */
#ifndef USAGE_SUMMARY_H
#define USAGE_SUMMARY_H

#include "model.h"
#include "sink.h"

/** Write it. @return what usage_sink_flush() returns */
apr_status_t usage_summary_render(const usage_model_t *model, apr_pool_t *pool,
                                  usage_sink_t *sink);

#endif
