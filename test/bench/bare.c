/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a row by the words of sql/, for the bare loops. */
#include "bare.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTER(id, column)                                                    \
    { #column, BARE_NUMBER, offsetof(usage_row_t, values.of[USAGE_##id]) },

static const bare_field_t fields[] = {
    { "grain", BARE_GRAIN, offsetof(usage_row_t, grain) },
    { "start", BARE_NUMBER, offsetof(usage_row_t, start) },
    { "part", BARE_NUMBER, offsetof(usage_row_t, part) },
    { "site", BARE_TEXT, offsetof(usage_row_t, site) },
    { "name", BARE_TEXT, offsetof(usage_row_t, name) },
    { "category", BARE_TEXT, offsetof(usage_row_t, category) },
    { "device", BARE_TEXT, offsetof(usage_row_t, device) },
    { "browser", BARE_TEXT, offsetof(usage_row_t, browser) },
    { "system", BARE_TEXT, offsetof(usage_row_t, system) },
    USAGE_COUNTER_LIST(COUNTER)
};

enum { FIELDS = sizeof fields / sizeof *fields };

const bare_field_t *bare_field(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    for (int i = 0; i < FIELDS; i++) {
        if (strncmp(fields[i].word, text, length) == 0
            && fields[i].word[length] == '\0') {
            return &fields[i];
        }
    }
    bare_fail("no row has the word", text);
}

apr_int64_t bare_number(const usage_row_t *row, const bare_field_t *field)
{
    const char *at = (const char *)row + field->offset;
    return field->type == BARE_GRAIN
               ? (apr_int64_t) * (const usage_grain_e *)(const void *)at
               : *(const apr_int64_t *)(const void *)at;
}

const char *bare_text(const usage_row_t *row, const bare_field_t *field)
{
    const char *at = (const char *)row + field->offset;
    return *(const char *const *)(const void *)at;
}

void bare_fail(const char *doing, const char *problem)
{
    fprintf(stderr, "%s: %s\n", doing, problem);
    exit(EXIT_FAILURE);
}
