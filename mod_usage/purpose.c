/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the headers of purpose; a header that is not there costs next to
 * nothing, for tables know the first letters of their keys. */
#include "purpose.h"

#include <string.h>

#include <httpd.h>

/* A header that means an outcome if its value begins in one of two ways. */
typedef struct signal_t {
    const char *header;
    const char *value;
    const char *other; /* or NULL */
    usage_outcome_e outcome;
    int opt_out; /* the signal it is, or 0 */
} signal_t;

/* clang-format off */
static const signal_t signals[] = {
    { "Sec-GPC", "1", NULL, USAGE_OUTCOME_OPTED_OUT, USAGE_OPT_OUT_GPC },
    { "DNT", "1", NULL, USAGE_OUTCOME_OPTED_OUT, USAGE_OPT_OUT_DNT },
    { "Sec-Purpose", "prefetch", NULL, USAGE_OUTCOME_PREFETCH, 0 },
    { "Purpose", "prefetch", "prerender", USAGE_OUTCOME_PREFETCH, 0 },
    { "X-Purpose", "preview", "instant", USAGE_OUTCOME_PREFETCH, 0 },
    { "X-Moz", "prefetch", NULL, USAGE_OUTCOME_PREFETCH, 0 },
};

/* Values of Sec-Fetch-Dest under which a person sees a page. */
static const char *const destinations[] = {
    "document", "iframe", "frame", NULL
};
/* clang-format on */

static bool begins(const char *value, const char *word)
{
    return word != NULL && ap_cstr_casecmpn(value, word, strlen(word)) == 0;
}

static bool says(const apr_table_t *headers, const signal_t *signal)
{
    const char *value = apr_table_get(headers, signal->header);
    return value != NULL
           && (begins(value, signal->value) || begins(value, signal->other));
}

static bool is_part(const apr_table_t *headers)
{
    const char *value = apr_table_get(headers, "Sec-Fetch-Dest");
    if (value == NULL) {
        return false;
    }
    for (int i = 0; destinations[i] != NULL; i++) {
        if (ap_cstr_casecmp(value, destinations[i]) == 0) {
            return false;
        }
    }
    return true;
}

bool usage_purpose_decides(const apr_table_t *headers, int opt_outs,
                           usage_outcome_e *outcome)
{
    for (apr_size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        const signal_t *signal = &signals[i];
        bool is_heeded =
            signal->opt_out == 0 || (signal->opt_out & opt_outs) != 0;
        if (is_heeded && says(headers, signal)) {
            *outcome = signal->outcome;
            return true;
        }
    }
    *outcome = USAGE_OUTCOME_FETCH;
    return is_part(headers);
}
