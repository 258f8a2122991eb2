/* SPDX-License-Identifier: Apache-2.0 */
/* Decides the outcome of a complete response. Runs in every thread. */
#include "outcome.h"

#define OUTCOME_WORD(id, word) [USAGE_OUTCOME_##id] = word,

static const char *const words[USAGE_OUTCOMES] = { USAGE_OUTCOME_LIST(
    OUTCOME_WORD) };

const char *usage_outcome_word(usage_outcome_e outcome)
{
    return words[outcome];
}

usage_outcome_e usage_outcome_of(const usage_response_t *response)
{
    int status = response->status;
    if (status >= 500) {
        return USAGE_OUTCOME_FAILURE;
    }
    if (status >= 400) {
        return USAGE_OUTCOME_ERROR;
    }
    if (status >= 300 && status != 304) {
        return USAGE_OUTCOME_REDIRECT;
    }
    if (status == 206 && !response->begins_at_zero) {
        return USAGE_OUTCOME_PARTIAL;
    }
    return response->is_page_type ? USAGE_OUTCOME_VIEW : USAGE_OUTCOME_TYPE;
}
