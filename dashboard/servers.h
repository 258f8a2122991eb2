/* SPDX-License-Identifier: Apache-2.0 */
/* The servers that write to the database, as a panel. */
#ifndef USAGE_SERVERS_H
#define USAGE_SERVERS_H

#include "model.h"
#include "sink.h"

/** Write the panel, where there are several and the page is of all sites. */
void usage_servers_render(usage_sink_t *sink, const usage_model_t *model);

#endif
