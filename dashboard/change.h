/* SPDX-License-Identifier: Apache-2.0 */
/* How much a number has changed against the compared period. */
#ifndef USAGE_CHANGE_H
#define USAGE_CHANGE_H

#include "query.h"
#include "sink.h"

/**
 * Write an element with a change: "+12%" (class rise) or "−1.2%" (fall), "×12"
 * where it is tenfold or more, "new" of what was none, "=" where there is no
 * change, and nothing of what is none and was none.
 */
void usage_change_put(usage_sink_t *sink, const char *element,
                      apr_int64_t value, apr_int64_t was);

/** Write the words alone. */
void usage_change_say(usage_sink_t *sink, apr_int64_t value, apr_int64_t was);

/** Write by how much: "+1,234" or "−1,234". */
void usage_change_amount(usage_sink_t *sink, apr_int64_t value,
                         apr_int64_t was);

#endif
