/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as they are counted, and the UTF-8 that they are held to. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include "engine/utf8.h"
#include "engine/path.h"
#include "random.h"

/* A decoder of another make: by the code point's value. 0: none is there. */
static int decoded_length(const unsigned char *s, apr_size_t left,
                          unsigned long *point)
{
    static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned n = *s < 0x80           ? 1
                 : (*s >> 5) == 0x6  ? 2
                 : (*s >> 4) == 0xe  ? 3
                 : (*s >> 3) == 0x1e ? 4
                                     : 0;
    *point = n <= 1 ? *s : *s & (0xffu >> (n + 1));
    if (n == 0 || n > left) {
        return 0;
    }
    for (unsigned i = 1; i < n; i++) {
        if (s[i] >> 6 != 2) {
            return 0;
        }
        *point = *point << 6 | (s[i] & 0x3f);
    }
    bool is_surrogate = *point >= 0xd800 && *point <= 0xdfff;
    return *point < least[n] || *point > 0x10ffff || is_surrogate ? 0 : (int)n;
}

static void assert_length_agrees(const unsigned char *s, apr_size_t left)
{
    unsigned long point;
    if (usage_utf8_length(s, left) != decoded_length(s, left, &point)) {
        ck_abort_msg("%02x %02x %02x %02x, %d bytes of it", s[0], s[1], s[2],
                     s[3], (int)left);
    }
}

START_TEST(utf8_of_one_to_three_bytes_is_judged_right)
{
    for (unsigned long i = 0; i < 1UL << 24; i++) {
        unsigned char s[4] = { (unsigned char)(i >> 16),
                               (unsigned char)(i >> 8), (unsigned char)i, 0 };
        assert_length_agrees(s, 3);
    }
}
END_TEST

static const unsigned char edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90,
                                       0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xff };

START_TEST(utf8_of_four_bytes_is_judged_right)
{
    enum { EDGES = sizeof edges };
    for (int lead = 0; lead < 256; lead++) {
        for (int i = 0; i < EDGES * EDGES * EDGES; i++) {
            unsigned char s[] = { (unsigned char)lead, edges[i % EDGES],
                                  edges[i / EDGES % EDGES],
                                  edges[i / EDGES / EDGES] };
            for (apr_size_t left = 1; left <= 4; left++) {
                assert_length_agrees(s, left);
            }
        }
    }
}
END_TEST

/* Unicode standard, table 3-7: the first and last of each row. */
static const char *const well_formed[] = {
    "\xc2\x80",         "\xdf\xbf",         "\xe0\xa0\x80",
    "\xe0\xbf\xbf",     "\xe1\x80\x80",     "\xec\xbf\xbf",
    "\xed\x80\x80",     "\xed\x9f\xbf",     "\xee\x80\x80",
    "\xef\xbf\xbf",     "\xf0\x90\x80\x80", "\xf0\xbf\xbf\xbf",
    "\xf1\x80\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x80\x80\x80",
    "\xf4\x8f\xbf\xbf",
};

START_TEST(well_formed_utf8_is_one_character)
{
    const char *s = well_formed[_i];
    apr_size_t length = strlen(s);
    ck_assert_int_eq(usage_utf8_length((const unsigned char *)s, length),
                     (int)length);
    ck_assert_int_eq(usage_utf8_length((const unsigned char *)s, length - 1),
                     0);
}
END_TEST

static const char *const ill_formed[] = {
    "\x80",
    "\xbf",
    "\xc0\x80",
    "\xc1\xbf",
    "\xe0\x9f\xbf",
    "\xed\xa0\x80",
    "\xed\xbf\xbf",
    "\xf0\x8f\xbf\xbf",
    "\xf4\x90\x80\x80",
    "\xf5\x80\x80\x80",
    "\xff",
    "\xc2\x41",
};

START_TEST(ill_formed_utf8_is_none)
{
    const char *s = ill_formed[_i];
    ck_assert_int_eq(usage_utf8_length((const unsigned char *)s, strlen(s)), 0);
}
END_TEST

static const char *cleaned(const char *path)
{
    usage_path_buffer_t buffer;
    usage_text_t text = usage_path_clean(path, &buffer);
    return apr_pstrmemdup(unit_pool, text.data, text.length);
}

START_TEST(path_is_cleaned)
{
    static const char *const rows[][2] = {
        { "/", "/" },
        { "/a b?c=%41", "/a b?c=%41" },
        { "/caf\xc3\xa9", "/caf\xc3\xa9" },
        { "/\xf0\x9f\x8d\x80", "/\xf0\x9f\x8d\x80" },
        { "/a\nb\x7f", "/a%0Ab%7F" },
        { "/\x01\x1f", "/%01%1F" },
        { "/\xc2\x80\xc2\x9f\xc2\xa0", "/%C2%80%C2%9F\xc2\xa0" },
        { "/\xff\xfe", "/%FF%FE" },
        { "/\xe2\x82", "/%E2%82" },
        { "/\xed\xa0\x80", "/%ED%A0%80" },
        { "/\xc3(", "/%C3(" },
        { NULL, "/*" },
        { "", "/*" },
    };
    ck_assert_str_eq(cleaned(rows[_i][0]), rows[_i][1]);
}
END_TEST

START_TEST(clean_path_is_not_copied)
{
    static const char path[] = "/a/b.html";
    usage_path_buffer_t buffer;
    ck_assert_ptr_eq(usage_path_clean(path, &buffer).data, path);
}
END_TEST

static char *path_of_length(apr_size_t length)
{
    char *path = apr_palloc(unit_pool, length + 1);
    memset(path, 'a', length);
    path[0] = '/';
    path[length] = '\0';
    return path;
}

START_TEST(path_has_255_bytes_at_most)
{
    ck_assert_str_eq(cleaned(path_of_length(256)), "/*");
    ck_assert_str_eq(cleaned(path_of_length(100000)), "/*");
    ck_assert_uint_eq(strlen(cleaned(path_of_length(255))), 255);
}
END_TEST

START_TEST(escapes_count_as_three_bytes)
{
    char *path = path_of_length(253);
    path[252] = '\n';
    ck_assert_uint_eq(strlen(cleaned(path)), 255);
    path = path_of_length(254);
    path[253] = '\n';
    ck_assert_str_eq(cleaned(path), "/*");
}
END_TEST

START_TEST(character_at_the_end_is_kept_whole_or_not_at_all)
{
    char *path = path_of_length(255);
    memcpy(path + 253, "\xc3\xa9", 2);
    ck_assert_str_eq(cleaned(path), path);
    path = path_of_length(256);
    memcpy(path + 254, "\xc3\xa9", 2);
    ck_assert_str_eq(cleaned(path), "/*");
}
END_TEST

/* Bytes of which many make characters, and some don't. */
static const char *random_path(random_t *random)
{
    static const unsigned char likely[] = "a/%.\n\x7f\xc2\xc3\xe2\xed\xf0\xf4"
                                          "\x80\x8f\x90\x9f\xa0\xa9\xbf";
    int length = random_below(random, random_chance(random, 30) ? 300 : 30);
    char *path = apr_pcalloc(unit_pool, (apr_size_t)length + 1);
    for (int i = 0; i < length; i++) {
        int c = random_chance(random, 20)
                    ? 1 + random_below(random, 255)
                    : likely[random_below(random, sizeof likely - 1)];
        path[i] = (char)c;
    }
    return path;
}

static bool is_hidden(unsigned long point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c
           || point == 0x200e || point == 0x200f
           || (point >= 0x2028 && point <= 0x202e)
           || (point >= 0x2066 && point <= 0x2069);
}

/* What the text should be, spelt out. */
static const char *expected(const char *path)
{
    const unsigned char *s = (const unsigned char *)path;
    apr_size_t left = strlen(path);
    const char *made = "";
    while (left > 0) {
        unsigned long point;
        int n = decoded_length(s, left, &point);
        bool is_kept = n > 0 && !is_hidden(point);
        n = is_kept ? n : 1;
        made = is_kept
                   ? apr_psprintf(unit_pool, "%s%.*s", made, n, (const char *)s)
                   : apr_psprintf(unit_pool, "%s%%%02X", made, *s);
        s += n;
        left -= (apr_size_t)n;
    }
    return *path == '\0' || strlen(made) > 255 ? "/*" : made;
}

START_TEST(random_bytes_become_clean_text)
{
    random_t random = random_make(_i);
    for (int i = 0; i < 300; i++) {
        const char *path = random_path(&random);
        const char *made = cleaned(path);
        ck_assert_str_eq(made, expected(path));
        ck_assert_str_eq(cleaned(made), made);
        ck_assert_uint_le(strlen(made), 255);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("path");
    TCase *tcase = unit_case(suite, "path");

    tcase_add_test(tcase, utf8_of_one_to_three_bytes_is_judged_right);
    tcase_add_test(tcase, utf8_of_four_bytes_is_judged_right);
    tcase_add_loop_test(tcase, well_formed_utf8_is_one_character, 0,
                        (int)(sizeof well_formed / sizeof *well_formed));
    tcase_add_loop_test(tcase, ill_formed_utf8_is_none, 0,
                        (int)(sizeof ill_formed / sizeof *ill_formed));
    tcase_add_loop_test(tcase, path_is_cleaned, 0, 13);
    tcase_add_test(tcase, clean_path_is_not_copied);
    tcase_add_test(tcase, path_has_255_bytes_at_most);
    tcase_add_test(tcase, escapes_count_as_three_bytes);
    tcase_add_test(tcase, character_at_the_end_is_kept_whole_or_not_at_all);
    tcase_add_loop_test(tcase, random_bytes_become_clean_text, 0, 20);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
