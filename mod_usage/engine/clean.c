/* SPDX-License-Identifier: Apache-2.0 */
/* Cleans what comes from outside. Runs in every thread of every child. */
#include "clean.h"

#include <string.h>

#include "utf8.h"

/* Of two bytes: C1 controls, and the Arabic letter mark. */
static bool is_hidden_of_two(const unsigned char *s)
{
    return (s[0] == 0xc2 && s[1] < 0xa0) || (s[0] == 0xd8 && s[1] == 0x9c);
}

/* Of three: U+200E, U+200F, U+2028 to U+202E and U+2066 to U+2069. */
static bool is_hidden_of_three(const unsigned char *s)
{
    if (s[0] != 0xe2) {
        return false;
    }
    return s[1] == 0x80
               ? s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae)
               : s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

/* Bytes to keep as they are at @a s; 0: the first one must be escaped. */
static int keep(const unsigned char *s, apr_size_t left)
{
    if (usage_clean_is_plain(*s)) {
        return 1;
    }
    int length = usage_utf8_length(s, left);
    bool is_hidden = length == 1 || (length == 2 && is_hidden_of_two(s))
                     || (length == 3 && is_hidden_of_three(s));
    return is_hidden ? 0 : length;
}

static void escape(char *to, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    to[0] = '%';
    to[1] = digits[c >> 4];
    to[2] = digits[c & 15];
}

usage_text_t usage_clean_write(usage_text_t text, usage_clean_buffer_t *buffer,
                               bool *fits)
{
    const unsigned char *s = (const unsigned char *)text.data;
    apr_size_t left = text.length;
    apr_size_t length = 0;
    *fits = true;
    while (left > 0) {
        int kept = keep(s, left);
        apr_size_t taken = kept > 0 ? (apr_size_t)kept : 1;
        apr_size_t made = kept > 0 ? taken : 3;
        if (length + made > sizeof buffer->data) {
            *fits = false;
            break;
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

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static usage_text_t trim(usage_text_t text)
{
    while (text.length > 0 && is_space(*text.data)) {
        text.data++;
        text.length--;
    }
    while (text.length > 0 && is_space(text.data[text.length - 1])) {
        text.length--;
    }
    return text;
}

static bool is_all_plain(usage_text_t text)
{
    for (apr_size_t i = 0; i < text.length; i++) {
        if (!usage_clean_is_plain((unsigned char)text.data[i])) {
            return false;
        }
    }
    return true;
}

usage_text_t usage_clean_name(usage_text_t text, usage_clean_buffer_t *buffer)
{
    bool fits;
    text = trim(text);
    if (text.length == 0) {
        return (usage_text_t){ USAGE_CLEAN_NAMELESS,
                               sizeof USAGE_CLEAN_NAMELESS - 1 };
    }
    if (text.length <= USAGE_NAME_MAX && is_all_plain(text)) {
        return text;
    }
    return usage_clean_write(text, buffer, &fits);
}
