/* SPDX-License-Identifier: Apache-2.0 */
/* The language that a browser asks for first. */
#ifndef USAGE_LANGUAGE_H
#define USAGE_LANGUAGE_H

#include "table.h"

/** The name of what names no language. */
#define USAGE_LANGUAGE_NONE "(none)"

/** Room for a primary tag: two or three letters (RFC 5646). */
typedef struct usage_language_t {
    char tag[3];
} usage_language_t;

/**
 * The primary tag of the first range in an Accept-Language header, in small
 * letters: "de" of "de-CH,de;q=0.9,en;q=0.8". Browsers send the reader's first
 * language first.
 * @param accept the header's value, or NULL
 * @return the tag, in @a room; USAGE_LANGUAGE_NONE if there is none
 */
usage_text_t usage_language_read(const char *accept, usage_language_t *room);

#endif
