/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from outside as it may be shown, in any format: what is no UTF-8, a
 * control character, a line's end or turns the direction of writing is U+FFFD.
 */
#ifndef USAGE_VISIBLE_H
#define USAGE_VISIBLE_H

#include <apr_pools.h>

/** One character that may be shown. */
typedef struct usage_visible_t {
    const char *data; /**< its bytes: those of the text, or of U+FFFD */
    apr_size_t length;
    apr_uint32_t code;
} usage_visible_t;

/** Take the next character of @a text, which ends in a NUL and is moved on.
 * @return its length is 0 at the end */
usage_visible_t usage_visible_next(const char **text);

/** A copy that has nothing else. */
const char *usage_visible_text(const char *text, apr_pool_t *pool);

/**
 * Columns that a character takes in a terminal: 0 (it combines with the one
 * before it), 1 or 2.
 */
int usage_visible_columns(apr_uint32_t code);

#endif
