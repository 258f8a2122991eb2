/* SPDX-License-Identifier: Apache-2.0 */
/* Pure functions, for every thread. */
#include "utf8.h"

static bool is_tail(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* Well-formed sequences: Unicode standard, table 3-7. */
int usage_utf8_length(const unsigned char *s, apr_size_t left)
{
    unsigned char c = s[0];
    if (c < 0x80) {
        return 1;
    }
    if (c >= 0xc2 && c <= 0xdf) {
        return left >= 2 && is_tail(s[1]) ? 2 : 0;
    }
    if (c >= 0xe0 && c <= 0xef) {
        unsigned char low = c == 0xe0 ? 0xa0 : 0x80;
        unsigned char high = c == 0xed ? 0x9f : 0xbf;
        return left >= 3 && s[1] >= low && s[1] <= high && is_tail(s[2]) ? 3
                                                                         : 0;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        unsigned char low = c == 0xf0 ? 0x90 : 0x80;
        unsigned char high = c == 0xf4 ? 0x8f : 0xbf;
        return left >= 4 && s[1] >= low && s[1] <= high && is_tail(s[2])
                       && is_tail(s[3])
                   ? 4
                   : 0;
    }
    return 0;
}

bool usage_utf8_is_clean(const char *text, apr_size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    bool is_clean = true;
    while (is_clean && length > 0) {
        int taken = usage_utf8_length(s, length);
        is_clean = taken > 0 && *s >= 0x20 && *s != 0x7f;
        s += taken;
        length -= (apr_size_t)taken;
    }
    return is_clean;
}
