/* SPDX-License-Identifier: Apache-2.0 */
/* The pages, with all that is known of each. */
#ifndef USAGE_PAGE_LIST_H
#define USAGE_PAGE_LIST_H

#include "model.h"
#include "sink.h"

/** Write the cells of a page's row that follow its name. */
void usage_page_list_cells(usage_sink_t *sink, const usage_model_t *model,
                           const usage_ranked_t *row);

/** Write the heads of these cells. */
void usage_page_list_heads(usage_sink_t *sink, const usage_model_t *model);

/** How many cells there are. */
int usage_page_list_count(const usage_model_t *model);

/** Write the ways to sort them, where they are compared. */
void usage_page_list_sorts(usage_sink_t *sink, const usage_query_t *query);

#endif
