/* SPDX-License-Identifier: Apache-2.0 */
/* The model for terminals: plain text, 80 columns, the page's order. */
#ifndef USAGE_TEXT_H
#define USAGE_TEXT_H

#include "model.h"
#include "sink.h"

/** Write it: no control character but the line's end, whatever names have.
 * @return what usage_sink_flush() returns */
apr_status_t usage_text_render(const usage_model_t *model, apr_pool_t *pool,
                               usage_sink_t *sink);

#endif
