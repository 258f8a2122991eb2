/* SPDX-License-Identifier: Apache-2.0 */
/* Characters that take no column of a terminal, or two. */
#ifndef USAGE_WIDTHS_H
#define USAGE_WIDTHS_H

#include <apr.h>

/** From @a first to @a last; sorted, apart from each other. */
typedef struct usage_width_range_t {
    apr_uint32_t first;
    apr_uint32_t last;
} usage_width_range_t;

/** Those that combine with the one before, or are not seen. */
extern const usage_width_range_t usage_widths_none[];
extern const int usage_widths_none_count;

/** Wide and full-width ones, of East Asia and emoji. */
extern const usage_width_range_t usage_widths_two[];
extern const int usage_widths_two_count;

#endif
