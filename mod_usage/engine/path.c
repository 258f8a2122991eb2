/* SPDX-License-Identifier: Apache-2.0 */
/* Cleans paths on their way in. Runs in every thread of every child. */
#include "path.h"

#include <string.h>

#include "utf8.h"

static const usage_text_t overflow = { USAGE_PATH_OVERFLOW,
                                       sizeof USAGE_PATH_OVERFLOW - 1 };

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f;
}

/* Bytes to keep as they are at @a s; 0: the first one must be escaped. */
static int keep(const unsigned char *s, apr_size_t left)
{
    if (is_plain(*s)) {
        return 1;
    }
    int length = usage_utf8_length(s, left);
    bool is_c1 = length == 2 && s[0] == 0xc2 && s[1] < 0xa0;
    return length > 1 && !is_c1 ? length : 0;
}

static void escape(char *to, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    to[0] = '%';
    to[1] = digits[c >> 4];
    to[2] = digits[c & 15];
}

static usage_text_t rewrite(const unsigned char *s, apr_size_t left,
                            usage_path_buffer_t *buffer)
{
    apr_size_t length = 0;
    while (left > 0) {
        int kept = keep(s, left);
        apr_size_t taken = kept > 0 ? (apr_size_t)kept : 1;
        apr_size_t made = kept > 0 ? taken : 3;
        if (length + made > sizeof buffer->data) {
            return overflow;
        }
        if (kept > 0) {
            memcpy(buffer->data + length, s, taken);
        }
        else {
            escape(buffer->data + length, *s);
        }
        length += made;
        s += taken;
        left -= taken;
    }
    return (usage_text_t){ buffer->data, length };
}

bool usage_path_is_clean(usage_text_t path)
{
    apr_size_t plain = 0;
    while (plain < path.length && is_plain((unsigned char)path.data[plain])) {
        plain++;
    }
    return plain == path.length && plain > 0 && plain <= USAGE_NAME_MAX;
}

usage_text_t usage_path_clean(const char *path, usage_path_buffer_t *buffer)
{
    usage_text_t text = { path, path != NULL ? strlen(path) : 0 };
    if (text.length == 0 || text.length > USAGE_NAME_MAX) {
        return overflow;
    }
    return usage_path_is_clean(text)
               ? text
               : rewrite((const unsigned char *)path, text.length, buffer);
}
