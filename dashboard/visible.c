/* SPDX-License-Identifier: Apache-2.0 */
/* Characters that may be shown, and how much room they take. */
#include "visible.h"

#include <stdbool.h>
#include <string.h>

#include "engine/utf8.h"
#include "widths.h"

#define REPLACEMENT      "\xEF\xBF\xBD"
#define REPLACEMENT_CODE 0xFFFD

/* The number of a well-formed UTF-8 character of @a length bytes. */
static apr_uint32_t code_of(const char *text, int length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    apr_uint32_t code =
        length == 1 ? bytes[0] : bytes[0] & (0xFFu >> (length + 1));

    for (int i = 1; i < length; i++) {
        code = code << 6 | (bytes[i] & 0x3Fu);
    }
    return code;
}

static bool is_control(apr_uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

/* Directional characters could show a page's rows in another order. */
static bool is_directional(apr_uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F
           || (code >= 0x202A && code <= 0x202E)
           || (code >= 0x2066 && code <= 0x2069);
}

static bool is_line_break(apr_uint32_t code)
{
    return code == 0x2028 || code == 0x2029;
}

static bool is_visible(apr_uint32_t code)
{
    return !is_control(code) && !is_directional(code) && !is_line_break(code);
}

usage_visible_t usage_visible_next(const char **text)
{
    static const usage_visible_t replacement = { REPLACEMENT,
                                                 sizeof REPLACEMENT - 1,
                                                 REPLACEMENT_CODE };
    const char *at = *text;
    apr_size_t left = strnlen(at, 4);
    int length =
        left > 0 ? usage_utf8_length((const unsigned char *)at, left) : 0;
    apr_uint32_t code = length > 0 ? code_of(at, length) : 0;

    if (left == 0) {
        return (usage_visible_t){ at, 0, 0 };
    }
    *text += length > 0 ? length : 1;
    if (length == 0 || !is_visible(code)) {
        return replacement;
    }
    return (usage_visible_t){ at, (apr_size_t)length, code };
}

const char *usage_visible_text(const char *text, apr_pool_t *pool)
{
    char *made = apr_palloc(pool, 3 * strlen(text) + 1);
    char *end = made;
    usage_visible_t next;

    while ((next = usage_visible_next(&text)).length > 0) {
        memcpy(end, next.data, next.length);
        end += next.length;
    }
    *end = '\0';
    return made;
}

static bool is_within(const usage_width_range_t *ranges, int count,
                      apr_uint32_t code)
{
    int low = 0;
    int high = count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (ranges[middle].last < code) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < count && ranges[low].first <= code;
}

int usage_visible_columns(apr_uint32_t code)
{
    if (is_within(usage_widths_none, usage_widths_none_count, code)) {
        return 0;
    }
    return is_within(usage_widths_two, usage_widths_two_count, code) ? 2 : 1;
}
