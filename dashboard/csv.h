/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of the model as comma-separated values, by RFC 4180: each line ends
 * with CR LF, the first has the names of columns. Written row by row. A
 * text that a spreadsheet would take for a formula begins with an apostrophe.
 */
#ifndef USAGE_CSV_H
#define USAGE_CSV_H

#include <stdbool.h>

#include "model.h"
#include "sink.h"

/** Whether there is a table of this name; NULL is none. */
bool usage_csv_has(const char *table);

/** All names, with ", " between them. */
const char *usage_csv_tables(apr_pool_t *pool);

/** Write a table that there is. @return what usage_sink_flush() returns */
apr_status_t usage_csv_render(const usage_model_t *model, const char *table,
                              apr_pool_t *pool, usage_sink_t *sink);

#endif
