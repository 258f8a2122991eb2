/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from outside, made fit to be stored and shown: valid UTF-8 of 255 bytes
 * at most. Control bytes, bytes that are no UTF-8, and characters that turn the
 * direction of what follows or end a line become %XX, so that what is stored is
 * readable and tells the bytes that came.
 */
#ifndef USAGE_CLEAN_H
#define USAGE_CLEAN_H

#include <stdbool.h>

#include "table.h"

/** Room for a text that had to be changed. */
typedef struct usage_clean_buffer_t {
    char data[USAGE_NAME_MAX];
} usage_clean_buffer_t;

/** Whether a byte may stay in any text: printable ASCII. */
static inline bool usage_clean_is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f;
}

/**
 * Write a text as it may be stored.
 * @param fits set to whether all of it has room; if not, what is written ends
 *             with a whole character
 * @return what is written; it lives as long as @a buffer
 */
usage_text_t usage_clean_write(usage_text_t text, usage_clean_buffer_t *buffer,
                               bool *fits);

/** The name of what has none. */
#define USAGE_CLEAN_NAMELESS "#"

/**
 * A name as it is counted: without white space around it; what is too long is
 * cut off.
 * @return USAGE_CLEAN_NAMELESS if nothing is left; it lives as long as @a text
 *         and @a buffer
 */
usage_text_t usage_clean_name(usage_text_t text, usage_clean_buffer_t *buffer);

#endif
