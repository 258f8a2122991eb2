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
