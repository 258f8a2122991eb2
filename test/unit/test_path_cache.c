/* SPDX-License-Identifier: Apache-2.0 */
/* The cache of paths: the same answers, whatever was asked before. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "engine/path.h"
#include "engine/path_cache.h"
#include "engine/rules.h"

static usage_path_cache_t *cache;
static usage_secret_t secret;
static usage_wordset_t *extensions;

static usage_wordset_t *set_of(const char *word)
{
    apr_array_header_t *words = apr_array_make(unit_pool, 1, sizeof word);
    APR_ARRAY_PUSH(words, const char *) = word;
    return usage_wordset_make(words, unit_pool);
}

static void setup(void)
{
    cache = apr_pcalloc(unit_pool, sizeof *cache);
    usage_secret_make(&secret, 0x5eed);
    extensions = set_of("css");
}

static usage_known_path_t ask(const char *path)
{
    return usage_path_known(cache, &secret, extensions, path);
}

START_TEST(path_is_told_from_others_first_and_later)
{
    static const struct {
        const char *path;
        bool is_static;
        bool is_clean;
    } rows[] = {
        { "/", false, true },         { "/a.css", true, true },
        { "/a.html", false, true },   { "/\xc3\xa4.css", true, false },
        { "/\x01", false, false },    { "", false, false },
        { "/a.css/b", false, true },  { "/\x7f.css", true, false },
        { "/a%20b.css", true, true },
    };
    for (int round = 0; round < 3; round++) {
        for (apr_size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            usage_known_path_t known = ask(rows[i].path);
            ck_assert_int_eq(known.is_static, rows[i].is_static);
            ck_assert_int_eq(known.is_clean, rows[i].is_clean);
            ck_assert_ptr_eq(known.text.data, rows[i].path);
            ck_assert_uint_eq(known.text.length, strlen(rows[i].path));
        }
    }
}
END_TEST

START_TEST(long_path_is_not_clean)
{
    char path[USAGE_NAME_MAX + 2];
    memset(path, 'a', sizeof path);
    path[USAGE_NAME_MAX] = '\0';
    ck_assert(ask(path).is_clean);
    path[USAGE_NAME_MAX] = 'a';
    path[USAGE_NAME_MAX + 1] = '\0';
    ck_assert(!ask(path).is_clean);
}
END_TEST

START_TEST(hash_is_that_of_the_secret)
{
    apr_uint64_t hash = ask("/a").hash;
    ck_assert_uint_eq(hash, usage_secret_hash(&secret, "/a", 2));
    usage_secret_make(&secret, 0x5eee);
    ck_assert_uint_ne(ask("/a").hash, hash);
}
END_TEST

/* Two virtual hosts with lists of their own share the cache. */
START_TEST(other_extensions_have_other_answers)
{
    usage_wordset_t *others = set_of("html");
    for (int round = 0; round < 3; round++) {
        ck_assert(ask("/a.css").is_static);
        ck_assert(
            !usage_path_known(cache, &secret, others, "/a.css").is_static);
        ck_assert(
            usage_path_known(cache, &secret, others, "/a.html").is_static);
        ck_assert(!ask("/a.html").is_static);
    }
}
END_TEST

/* Many more paths than words: each is right, though it lost its place. */
START_TEST(more_paths_than_words_are_told_rightly)
{
    char path[32];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4 * USAGE_PATH_WORDS; i++) {
            snprintf(path, sizeof path, "/%d%s", i, i % 3 == 0 ? ".css" : "");
            ck_assert_int_eq(ask(path).is_static, i % 3 == 0);
        }
    }
}
END_TEST

START_TEST(known_path_is_not_read_again)
{
    apr_uint64_t word = 0;
    ask("/a.css");
    for (int i = 0; i < USAGE_PATH_WORDS; i++) {
        if (cache->words[i] != 0) {
            ck_assert_uint_eq(word, 0);
            word = cache->words[i] ^ 2;
            cache->words[i] = word;
        }
    }
    ck_assert_uint_ne(word, 0);
    ck_assert(!ask("/a.css").is_static);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("path_cache");
    TCase *tcase = unit_case(suite, "path_cache");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, path_is_told_from_others_first_and_later);
    tcase_add_test(tcase, long_path_is_not_clean);
    tcase_add_test(tcase, hash_is_that_of_the_secret);
    tcase_add_test(tcase, other_extensions_have_other_answers);
    tcase_add_test(tcase, more_paths_than_words_are_told_rightly);
    tcase_add_test(tcase, known_path_is_not_read_again);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
