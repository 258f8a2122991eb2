/* SPDX-License-Identifier: Apache-2.0 */
/* A site's lists: how they are changed, and what they match. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/rules.h"

/* "a b" as an array of "a", "b". */
static apr_array_header_t *split(const char *words)
{
    apr_array_header_t *made = apr_array_make(unit_pool, 4, sizeof(char *));
    char *state = NULL;
    char *word = apr_strtok(apr_pstrdup(unit_pool, words), " ", &state);
    for (; word != NULL; word = apr_strtok(NULL, " ", &state)) {
        APR_ARRAY_PUSH(made, const char *) = word;
    }
    return made;
}

static const char *changed(const char *const *list, const char *changes)
{
    apr_array_header_t *words =
        usage_rules_list(list, split(changes), unit_pool);
    return apr_array_pstrcat(unit_pool, words, ' ');
}

START_TEST(list_takes_changes_in_their_order)
{
    static const char *const list[] = { "a", "b", "c", NULL };
    static const char *const rows[][2] = {
        { "", "a b c" },      { "d", "a b c d" },   { "+d", "a b c d" },
        { "-b", "a c" },      { "-x", "a b c" },    { "b", "a c b" },
        { "-a +a", "b c a" }, { "+d -d", "a b c" }, { "-a -b -c", "" },
        { "d d", "a b c d" }, { "-b d -c", "a d" },
    };
    ck_assert_str_eq(changed(list, rows[_i][0]), rows[_i][1]);
}
END_TEST

static bool is_static(const char *changes, const char *path)
{
    apr_array_header_t *words =
        usage_rules_list(usage_rules_static, split(changes), unit_pool);
    return usage_rules_is_static(usage_wordset_make(words, unit_pool),
                                 (usage_text_t){ path, strlen(path) });
}

START_TEST(extension_of_the_last_segment_decides)
{
    static const struct {
        const char *path;
        bool is_static;
    } rows[] = {
        { "/a.png", true },
        { "/a.PNG", true },
        { "/a.min.js", true },
        { "/x/y/font.woff2", true },
        { "/.css", true },
        { "/", false },
        { "/a", false },
        { "/a.html", false },
        { "/a.", false },
        { "/v1.js/read", false },
        { "/a.png/", false },
        { "/a.pngx", false },
        { "/a.pn", false },
        { "/png", false },
        { "", false },
        { "a.gif", true },
        { "/a.abcdefghijklmnopqrstuvwxyz", false },
        { "/a.js.abcdefghijklmnop", false },
        /* the last eight bytes are looked at as one word */
        { "/abc.css", true },
        { "/abcdef.css", true },
        { "/abcdef.CSS", true },
        { "/abcdef.cs", false },
        { "/abcdefgh", false },
        { "/abcdefg.", false },
        { "/abcdef./css", false },
        { "/v1.css/abcd", false },
        { "/v1.css/abcdefghijkl", false },
        { "/abcdefgh/css", false },
        { "/a.webmanifest", true },
        { "/a/webmanifest", false },
        { "/\xc3\xa4\xc3\xb6\xc3\xbc.css", true },
        { "/a\xae"
          "abcd.\xe3ss",
          false },
        { "/abcde\xae"
          "css",
          false },
    };
    ck_assert_int_eq(is_static("", rows[_i].path), rows[_i].is_static);
}
END_TEST

START_TEST(extension_is_added_and_taken_away)
{
    ck_assert(!is_static("", "/a.foo"));
    ck_assert(is_static("foo", "/a.foo"));
    ck_assert(is_static("+FOO", "/a.foo"));
    ck_assert(!is_static("-pdf", "/a.pdf"));
    ck_assert(is_static("abcdefghijklmno", "/a.abcdefghijklmno"));
}
END_TEST

/* Extensions are matched in any case, so they are taken away in any case. */
START_TEST(extension_is_taken_away_in_any_case)
{
    ck_assert(!is_static("-PDF", "/a.pdf"));
}
END_TEST

START_TEST(prefix_excludes_what_lies_below_it)
{
    static const struct {
        const char *path;
        bool is_excluded;
    } rows[] = {
        { "/api/", true },
        { "/api/x", true },
        { "/api/x/y", true },
        { "/api", false },
        { "/apis", false },
        { "/x/api/", false },
        { "/_/", true },
        { "/_app/immutable/x.js", true },
        { "/_app/", false },
        { "/.well-known/acme", true },
        { "/favicon.ico", true },
        { "/favicon.ico/x", true },
        { "/favicon.icon", false },
        { "/robots.txt", true },
        { "/ROBOTS.TXT", false },
        { "/manifest.json", true },
        { "/service-worker.js", true },
        { "/", false },
        { "", false },
    };
    apr_array_header_t *prefixes =
        usage_rules_list(usage_rules_excluded, split(""), unit_pool);
    ck_assert_int_eq(
        usage_rules_excludes(usage_rules_prefixes(prefixes, unit_pool),
                             rows[_i].path),
        rows[_i].is_excluded);
}
END_TEST

START_TEST(root_excludes_all_and_no_prefix_nothing)
{
    ck_assert(
        usage_rules_excludes(usage_rules_prefixes(split("/"), unit_pool), "/"));
    ck_assert(usage_rules_excludes(usage_rules_prefixes(split("/"), unit_pool),
                                   "/a/b"));
    ck_assert(
        !usage_rules_excludes(usage_rules_prefixes(split(""), unit_pool), "/"));
}
END_TEST

START_TEST(prefix_without_a_slash_is_a_path_itself)
{
    const usage_prefixes_t *a = usage_rules_prefixes(split("/a"), unit_pool);
    ck_assert(usage_rules_excludes(a, "/a"));
    ck_assert(usage_rules_excludes(a, "/a/b"));
    ck_assert(!usage_rules_excludes(a, "/ab"));
    ck_assert(!usage_rules_excludes(a, "/"));
    ck_assert(usage_rules_has_prefix("/ab/", "/ab"));
    ck_assert(!usage_rules_has_prefix("/a", "/ab"));
}
END_TEST

START_TEST(no_media_type_is_a_page_where_none_is_named)
{
    apr_array_header_t *none = usage_rules_page_types(split(""), unit_pool);
    ck_assert(!usage_rules_is_page(none, ""));
    ck_assert(!usage_rules_is_page(none, "text/html"));
}
END_TEST

START_TEST(media_type_decides_without_its_parameters)
{
    static const struct {
        const char *type;
        bool is_page;
    } rows[] = {
        { "text/html", true },
        { "text/html;charset=utf-8", true },
        { "text/html ; charset=utf-8", true },
        { "text/html\tx", true },
        { "TEXT/HTML; charset=UTF-8", true },
        { "application/xhtml+xml", true },
        { "Application/XHTML+XML;x", true },
        { "text/html5", false },
        { "text/htm", false },
        { "text/plain", false },
        { "", false },
        { ";text/html", false },
        { "application/"
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaa",
          false },
    };
    apr_array_header_t *types = usage_rules_page_types(
        usage_rules_list(usage_rules_types, split(""), unit_pool), unit_pool);
    ck_assert_int_eq(usage_rules_is_page(types, rows[_i].type),
                     rows[_i].is_page);
}
END_TEST

START_TEST(set_holds_words_in_lower_case)
{
    usage_wordset_t *set =
        usage_wordset_make(split("WebManifest b B"), unit_pool);
    ck_assert(usage_wordset_has(set, "b", 1));
    ck_assert(!usage_wordset_has(set, "c", 1));
    ck_assert(usage_wordset_has(set, "webmanifest", 11));
    ck_assert(!usage_wordset_has(set, "webmanifess", 11));
    ck_assert(!usage_wordset_has(set, "webmanif", 8));
    ck_assert(!usage_wordset_has(set, "", 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tcase = unit_case(suite, "rules");

    tcase_add_loop_test(tcase, list_takes_changes_in_their_order, 0, 11);
    tcase_add_loop_test(tcase, extension_of_the_last_segment_decides, 0, 33);
    tcase_add_test(tcase, extension_is_added_and_taken_away);
    tcase_add_test(tcase, extension_is_taken_away_in_any_case);
    tcase_add_loop_test(tcase, prefix_excludes_what_lies_below_it, 0, 19);
    tcase_add_test(tcase, root_excludes_all_and_no_prefix_nothing);
    tcase_add_test(tcase, prefix_without_a_slash_is_a_path_itself);
    tcase_add_test(tcase, no_media_type_is_a_page_where_none_is_named);
    tcase_add_loop_test(tcase, media_type_decides_without_its_parameters, 0,
                        13);
    tcase_add_test(tcase, set_holds_words_in_lower_case);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
