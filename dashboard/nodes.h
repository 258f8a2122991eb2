/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The servers that write to one database, and what can be known of each from
 * there: when it was last there, nothing of why it isn't.
 */
#ifndef USAGE_NODES_H
#define USAGE_NODES_H

#include "model.h"
#include "source.h"

/** Fill in a model's nodes; its health is there. A database that is away leaves
 * them empty. */
void usage_nodes_read(const usage_source_t *source, usage_model_t *model,
                      apr_pool_t *pool);

#endif
