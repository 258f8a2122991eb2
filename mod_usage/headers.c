/* SPDX-License-Identifier: Apache-2.0 */
/* Finds headers by the first bytes of their names, and reads their values. */
#include "headers.h"

#include <string.h>
#include <strings.h>

#include <httpd.h>

#define HEADER_NAME(id, name) [USAGE_HEADER_##id] = name,

static const char *const names[USAGE_HEADERS] = { USAGE_HEADER_LIST(
    HEADER_NAME) };

#define HEADER_LENGTH(id, name) [USAGE_HEADER_##id] = sizeof name - 1,

static const unsigned char lengths[USAGE_HEADERS] = { USAGE_HEADER_LIST(
    HEADER_LENGTH) };

/* A header that means an outcome if its value begins in one of two ways. */
typedef struct signal_t {
    usage_header_e header;
    const char *value;
    const char *other; /* or NULL */
    usage_outcome_e outcome;
    int opt_out; /* the signal it is, or 0 */
} signal_t;

/* clang-format off */
static const signal_t signals[] = {
    { USAGE_HEADER_GPC, "1", NULL, USAGE_OUTCOME_OPTED_OUT,
      USAGE_OPT_OUT_GPC },
    { USAGE_HEADER_DNT, "1", NULL, USAGE_OUTCOME_OPTED_OUT,
      USAGE_OPT_OUT_DNT },
    { USAGE_HEADER_SEC_PURPOSE, "prefetch", NULL, USAGE_OUTCOME_PREFETCH, 0 },
    { USAGE_HEADER_PURPOSE, "prefetch", "prerender", USAGE_OUTCOME_PREFETCH,
      0 },
    { USAGE_HEADER_X_PURPOSE, "preview", "instant", USAGE_OUTCOME_PREFETCH,
      0 },
    { USAGE_HEADER_X_MOZ, "prefetch", NULL, USAGE_OUTCOME_PREFETCH, 0 },
};

#define BIT(id) (1U << USAGE_HEADER_##id)
#define SIGNALS                                                                \
    (BIT(GPC) | BIT(DNT) | BIT(SEC_PURPOSE) | BIT(PURPOSE) | BIT(X_PURPOSE)    \
     | BIT(X_MOZ))

/* Values of Sec-Fetch-Dest under which a person sees a page. */
static const char *const destinations[] = {
    "document", "iframe", "frame", NULL
};
/* clang-format on */

/* Which of the headers a name that begins with "Sec-" can only be. */
static usage_header_e secure_candidate(const char *name)
{
    switch (usage_headers_lower(name[4])) {
    case 'g':
        return USAGE_HEADER_GPC;
    case 'p':
        return USAGE_HEADER_SEC_PURPOSE;
    case 'f':
        return USAGE_HEADER_FETCH_DEST;
    case 'c':
        return strncasecmp(name, "Sec-CH-UA-M", 11) == 0
                   ? USAGE_HEADER_MOBILE
                   : USAGE_HEADER_PLATFORM;
    default:
        return USAGE_HEADERS;
    }
}

/* Which of the headers a name that begins with "X-" can only be. */
static usage_header_e extra_candidate(const char *name)
{
    switch (usage_headers_lower(name[2])) {
    case 'm':
        return USAGE_HEADER_X_MOZ;
    case 'p':
        return USAGE_HEADER_X_PURPOSE;
    default:
        return USAGE_HEADERS;
    }
}

/* Which of the headers but User-Agent a name can be; USAGE_HEADERS: none. */
static usage_header_e candidate(const char *name)
{
    switch (usage_headers_lower(name[0])) {
    case 'd':
        return USAGE_HEADER_DNT;
    case 'p':
        return USAGE_HEADER_PURPOSE;
    case 'x':
        return name[1] == '-' ? extra_candidate(name) : USAGE_HEADERS;
    case 's':
        return strncasecmp(name, "Sec-", 4) == 0 ? secure_candidate(name)
                                                 : USAGE_HEADERS;
    default:
        return USAGE_HEADERS;
    }
}

static inline bool is_name(const char *name, usage_header_e header)
{
    apr_size_t length = strlen(name);
    return length == lengths[header]
           && usage_headers_are_same(name, names[header], length);
}

const char *usage_headers_one(const apr_table_t *table, const char *name,
                              apr_size_t length)
{
    const apr_array_header_t *array = apr_table_elts(table);
    const apr_table_entry_t *entry = (const void *)array->elts;
    const apr_table_entry_t *end = entry + array->nelts;
    for (; entry < end; entry++) {
        if (usage_headers_is(entry->key, name, length)) {
            return entry->val;
        }
    }
    return NULL;
}

void usage_headers_take(usage_headers_t *headers,
                        const apr_table_entry_t *entry)
{
    usage_header_e header = candidate(entry->key);
    if (header != USAGE_HEADERS && is_name(entry->key, header)) {
        usage_headers_keep(headers, header, entry->val);
    }
}

static bool begins(const char *value, const char *word)
{
    return word != NULL && ap_cstr_casecmpn(value, word, strlen(word)) == 0;
}

static bool is_part(const char *destination)
{
    for (int i = 0; destinations[i] != NULL; i++) {
        if (ap_cstr_casecmp(destination, destinations[i]) == 0) {
            return false;
        }
    }
    return true;
}

/* Whether one of the signals decides. */
static bool is_signalled(const usage_headers_t *headers, int opt_outs,
                         usage_outcome_e *outcome)
{
    for (apr_size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        const signal_t *signal = &signals[i];
        const char *value = usage_headers_get(headers, signal->header);
        if (value != NULL
            && (signal->opt_out == 0 || (signal->opt_out & opt_outs) != 0)
            && (begins(value, signal->value) || begins(value, signal->other))) {
            *outcome = signal->outcome;
            return true;
        }
    }
    return false;
}

bool usage_headers_weigh(const usage_headers_t *headers, int opt_outs,
                         usage_outcome_e *outcome)
{
    if ((headers->found & SIGNALS) != 0
        && is_signalled(headers, opt_outs, outcome)) {
        return true;
    }
    const char *destination =
        usage_headers_get(headers, USAGE_HEADER_FETCH_DEST);
    *outcome = USAGE_OUTCOME_FETCH;
    return destination != NULL && is_part(destination);
}
