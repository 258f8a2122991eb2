/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a ranking: a name, which is the way to what it alone is, and
 * its numbers. */
#ifndef USAGE_ROWS_H
#define USAGE_ROWS_H

#include "catalog.h"
#include "model.h"
#include "sink.h"

/** Whether a panel's rows are pages: page_list.h. */
bool usage_rows_are_pages(const usage_panel_t *panel);

/** Whether they are views, by page or client. */
bool usage_rows_are_of_views(const usage_panel_t *panel);

/** Whether the panel of that row of the catalog stands among all: what is
 * counted by name isn't told apart by page or client. */
bool usage_rows_are_shown(const usage_model_t *model, int row);

/** Whether rows tell what share of all they are: those of a whole, and all
 * where there is nothing to compare with. */
bool usage_rows_have_share(const usage_panel_t *panel,
                           const usage_model_t *model);

/** The most that a row counts, which is as long as a bar gets; all rows are
 * looked at. */
apr_int64_t usage_rows_most(const usage_ranking_t *ranking);

/** Write a cell with how much a row has changed, if that is known. */
void usage_rows_change(usage_sink_t *sink, const usage_ranked_t *row);

/** Write a panel's rows that are listed. */
void usage_rows_render(usage_sink_t *sink, const usage_model_t *model,
                       const usage_panel_t *panel,
                       const usage_ranking_t *ranking);

/** Write a cell with how much of all that is; a little isn't nothing. */
void usage_panel_share(usage_sink_t *sink, apr_int64_t part, apr_int64_t whole);

#endif
