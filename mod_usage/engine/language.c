/* SPDX-License-Identifier: Apache-2.0 */
/* Reads Accept-Language. Runs in every thread of every child, when a visit
 * begins. */
#include "language.h"

#include <string.h>

static char letter(char c)
{
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'z' ? small : '\0';
}

usage_text_t usage_language_read(const char *accept, usage_language_t *room)
{
    const usage_text_t none = { USAGE_LANGUAGE_NONE,
                                sizeof USAGE_LANGUAGE_NONE - 1 };
    apr_size_t length = 0;
    if (accept == NULL) {
        return none;
    }
    const char *at = accept + strspn(accept, " \t,");
    while (length < sizeof room->tag && letter(at[length]) != '\0') {
        room->tag[length] = letter(at[length]);
        length++;
    }
    char next = at[length];
    return length >= 2 && (next == '\0' || strchr("-_,; \t", next) != NULL)
               ? (usage_text_t){ room->tag, length }
               : none;
}
