/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model as a document for programs: all that the page shows. README
 * describes its fields; a change of what one means needs another version.
 */
#ifndef USAGE_JSON_H
#define USAGE_JSON_H

#include "model.h"
#include "sink.h"

/** The document's version. */
#define USAGE_JSON_VERSION 1

/** Write the document. @return what usage_sink_flush() returns */
apr_status_t usage_json_render(const usage_model_t *model, apr_pool_t *pool,
                               usage_sink_t *sink);

#endif
