/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rankings of a dashboard as HTML: one table each, from one row each in
 * catalog.c.
 */
#ifndef USAGE_PANEL_H
#define USAGE_PANEL_H

#include "model.h"
#include "sink.h"

/** Write every panel. */
void usage_panels_render(usage_sink_t *sink, const usage_model_t *model);

/** Name what could be counted and isn't, with the directives to do so. */
void usage_missing_render(usage_sink_t *sink, const usage_model_t *model);

#endif
