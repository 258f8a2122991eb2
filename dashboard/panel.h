/* SPDX-License-Identifier: Apache-2.0 */
/* The rankings: a panel for each row of the catalog that has something to
 * say. */
#ifndef USAGE_PANEL_H
#define USAGE_PANEL_H

#include "model.h"
#include "sink.h"

/** Write the panels of visits and views, or (late) those of all else. */
void usage_panels_render(usage_sink_t *sink, const usage_model_t *model,
                         bool is_late);

/** Write the one panel that the query asks for. */
void usage_panel_alone_render(usage_sink_t *sink, const usage_model_t *model);

/** Write a section's begin and its title, with what it is about. */
void usage_panel_begin(usage_sink_t *sink, const char *id, const char *title,
                       const char *about);

/** Name what could be counted and isn't, with the directives to do so. */
void usage_missing_render(usage_sink_t *sink, const usage_model_t *model);

#endif
