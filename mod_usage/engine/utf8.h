/* SPDX-License-Identifier: Apache-2.0 */
/* What is UTF-8, and what of it may be stored. */
#ifndef USAGE_UTF8_H
#define USAGE_UTF8_H

#include <stdbool.h>

#include <apr.h>

/** Length of the UTF-8 character at @a s, of @a left bytes; 0: it is none. */
int usage_utf8_length(const unsigned char *s, apr_size_t left);

/** Whether a text is valid UTF-8 without the ASCII control bytes. */
bool usage_utf8_is_clean(const char *text, apr_size_t length);

#endif
