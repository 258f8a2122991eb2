/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that know their length, beside strings that end with a NUL. */
#ifndef USAGE_TEXT_H
#define USAGE_TEXT_H

#include <stdbool.h>
#include <string.h>

#include "table.h"

/** A string as a text; NULL as the empty one. It lives as long as that. */
static inline usage_text_t usage_text_of(const char *string)
{
    return (usage_text_t){ string, string != NULL ? strlen(string) : 0 };
}

/** Whether a text is this one, byte by byte. */
static inline bool usage_text_is(usage_text_t text, const char *string)
{
    return strlen(string) == text.length
           && memcmp(string, text.data, text.length) == 0;
}

#endif
