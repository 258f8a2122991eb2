/* SPDX-License-Identifier: Apache-2.0 */
/* Matches paths and media types with a site's lists. In every thread. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <apr_strings.h>

#include "often.h"

/* clang-format off */
const char *const usage_rules_excluded[] = {
    "/api/", "/_/", "/_app/immutable/", "/.well-known/", "/favicon.ico",
    "/service-worker.js", "/manifest.json", "/robots.txt", NULL
};

const char *const usage_rules_static[] = {
    /* images */
    "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif", "bmp", "tif",
    "tiff",
    /* scripts and styles */
    "css", "js", "mjs", "json", "map", "webmanifest", "wasm",
    /* media */
    "mp4", "webm", "mp3", "wav", "ogg", "oga", "ogv", "m4a", "m4v", "mov",
    "avi", "flac", "aac", "opus",
    /* documents */
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp",
    "txt", "csv", "rtf",
    /* archives */
    "zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz",
    /* fonts */
    "woff", "woff2", "ttf", "eot", "otf", NULL
};

const char *const usage_rules_types[] = {
    "text/html", "application/xhtml+xml", NULL
};
/* clang-format on */

/* Paths differ by case; extensions do not. */
static bool is_same(const char *a, const char *b)
{
    return *a == '/' ? strcmp(a, b) == 0 : strcasecmp(a, b) == 0;
}

static void take_away(apr_array_header_t *words, const char *word)
{
    const char **all = (const char **)(void *)words->elts;
    int kept = 0;
    for (int i = 0; i < words->nelts; i++) {
        if (!is_same(all[i], word)) {
            all[kept++] = all[i];
        }
    }
    words->nelts = kept;
}

apr_array_header_t *usage_rules_list(const char *const *list,
                                     const apr_array_header_t *changes,
                                     apr_pool_t *pool)
{
    apr_array_header_t *words = apr_array_make(pool, 64, sizeof(char *));
    for (; *list != NULL; list++) {
        APR_ARRAY_PUSH(words, const char *) = *list;
    }
    for (int i = 0; i < changes->nelts; i++) {
        const char *change = APR_ARRAY_IDX(changes, i, const char *);
        const char *word = change + (*change == '+' || *change == '-');
        take_away(words, word);
        if (*change != '-') {
            APR_ARRAY_PUSH(words, const char *) = word;
        }
    }
    return words;
}

/* Whether a path goes on as a prefix does, of which some bytes were compared
 * already. */
static bool has_rest(const char *path, const char *prefix)
{
    for (; *prefix != '\0'; path++, prefix++) {
        if (*path != *prefix) {
            return false;
        }
    }
    return prefix[-1] == '/' || *path == '\0' || *path == '/';
}

bool usage_rules_has_prefix(const char *path, const char *prefix)
{
    return *path == *prefix && has_rest(path + 1, prefix + 1);
}

static void put(usage_prefixes_t *prefixes, unsigned list, const char *text,
                apr_pool_t *pool)
{
    usage_prefix_t *prefix = apr_palloc(pool, sizeof *prefix);
    prefix->text = text;
    prefix->next = prefixes->lists[list];
    prefixes->lists[list] = prefix;
}

/* "/" is before every path; "/x" may end there, or a "/" be behind it. */
static void put_all(usage_prefixes_t *prefixes, const char *text,
                    apr_pool_t *pool)
{
    if (text[1] == '\0') {
        for (unsigned i = 0; i < USAGE_PREFIX_LISTS; i++) {
            put(prefixes, i, text, pool);
        }
        return;
    }
    put(prefixes, usage_rules_list_of(text), text, pool);
    if (text[2] == '\0') {
        const char below[] = { '/', text[1], '/', '\0' };
        put(prefixes, usage_rules_list_of(below), text, pool);
    }
}

usage_prefixes_t *usage_rules_prefixes(const apr_array_header_t *list,
                                       apr_pool_t *pool)
{
    usage_prefixes_t *prefixes = apr_pcalloc(pool, sizeof *prefixes);
    for (int i = 0; i < list->nelts; i++) {
        put_all(prefixes, APR_ARRAY_IDX(list, i, const char *), pool);
    }
    return prefixes;
}

USAGE_RARELY bool usage_rules_has_one(const usage_prefix_t *first,
                                      const char *path)
{
    for (; first != NULL; first = first->next) {
        if (usage_rules_has_prefix(path, first->text)) {
            return true;
        }
    }
    return false;
}

/* Whether a "." or "/", which differ in their lowest bit, is in eight bytes. */
static bool has_mark(const char *at)
{
    apr_uint64_t word;
    memcpy(&word, at, sizeof word);
    return usage_rules_bytes_like(word | APR_UINT64_C(0x0101010101010101), '/')
           != 0;
}

/* From the end back. */
USAGE_RARELY bool usage_rules_is_long_static(const usage_wordset_t *extensions,
                                             usage_text_t path)
{
    const char *end = path.data + path.length;
    const char *at = end;
    const char *least =
        path.length > USAGE_WORD_MAX ? end - USAGE_WORD_MAX : path.data;
    while (at - least >= 8 && !has_mark(at - 8)) {
        at -= 8;
    }
    while (at > least && at[-1] != '.' && at[-1] != '/') {
        at--;
    }
    return at > path.data && at[-1] == '.'
           && usage_wordset_has(extensions, at, (apr_size_t)(end - at));
}

apr_array_header_t *usage_rules_page_types(const apr_array_header_t *words,
                                           apr_pool_t *pool)
{
    apr_array_header_t *types =
        apr_array_make(pool, words->nelts, sizeof(usage_text_t));
    for (int i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);
        APR_ARRAY_PUSH(types, usage_text_t) =
            (usage_text_t){ word, strlen(word) };
    }
    return types;
}

/* Most types differ in their first letter: that needs no call. */
static bool begins_type(const char *type, const usage_text_t *word)
{
    return ((*type ^ *word->data) & ~USAGE_WORD_CASE) == 0
           && strncasecmp(type, word->data, word->length) == 0;
}

bool usage_rules_is_other_page(const apr_array_header_t *types,
                               const char *type)
{
    const usage_text_t *page = (const void *)types->elts;
    for (int i = 0; i < types->nelts; i++, page++) {
        if (begins_type(type, page)
            && usage_rules_ends_type(type[page->length])) {
            return true;
        }
    }
    return false;
}
