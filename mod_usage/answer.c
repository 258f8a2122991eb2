/* SPDX-License-Identifier: Apache-2.0 */
/* Reads ranges. Runs in every thread of every child. */
#include "answer.h"

#include <string.h>

#include "engine/often.h"

/* A response of several parts has no Content-Range; then what was asked for
 * tells. */
USAGE_RARELY bool usage_answer_begins_at_zero(const request_rec *r)
{
    const char *range = apr_table_get(r->headers_out, "Content-Range");
    if (range != NULL) {
        return strncmp(range, "bytes 0-", 8) == 0;
    }
    range = apr_table_get(r->headers_in, "Range");
    return range != NULL && strncmp(range, "bytes=0-", 8) == 0;
}
