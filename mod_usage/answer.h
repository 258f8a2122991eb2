/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an answer tells of its hit. Inline, as each page that is sent is asked.
 */
#ifndef USAGE_ANSWER_H
#define USAGE_ANSWER_H

#include <stdbool.h>

#include <httpd.h>
#include <util_filter.h>

#include "config.h"
#include "engine/outcome.h"
#include "engine/rules.h"

/** Whether an answer of a part of a page, which is what was asked for, begins
 * with the page. */
bool usage_answer_begins_at_zero(const request_rec *r);

/** Whether the type is that of a page; of what was not sent again, as well. */
static inline bool usage_answer_is_page(const usage_server_conf_t *conf,
                                        const char *type, int status)
{
    return type != NULL ? usage_rules_is_page(conf->types, type)
                        : status == HTTP_NOT_MODIFIED;
}

/** The outcome of a hit that its answer decides. @param type before it was sent
 */
static inline usage_outcome_e
usage_answer_outcome(const request_rec *r, const usage_server_conf_t *conf,
                     const char *type)
{
    usage_response_t response = {
        .status = r->status,
        .is_page_type = usage_answer_is_page(conf, type, r->status),
        .begins_at_zero =
            r->status == HTTP_PARTIAL_CONTENT && usage_answer_begins_at_zero(r)
    };
    return usage_outcome_of(&response);
}

/** Whether a brigade has the answer's end. */
static inline bool usage_answer_ends(const apr_bucket_brigade *bb)
{
    const apr_bucket *b = APR_BRIGADE_LAST(bb);
    while (b != APR_BRIGADE_SENTINEL(bb)) {
        if (APR_BUCKET_IS_EOS(b)) {
            return true;
        }
        if (!APR_BUCKET_IS_METADATA(b)) {
            return false;
        }
        b = APR_BUCKET_PREV(b);
    }
    return false;
}

#endif
