/* SPDX-License-Identifier: Apache-2.0 */
/* Matches paths and media types with a site's lists. In every thread. */
#include "rules.h"

#include <endian.h>
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

static unsigned char second(const char *prefix)
{
    return (unsigned char)prefix[1];
}

static int by_second(const void *a, const void *b)
{
    return second(*(const char *const *)a) - second(*(const char *const *)b);
}

usage_prefixes_t *usage_rules_prefixes(const apr_array_header_t *list,
                                       apr_pool_t *pool)
{
    usage_prefixes_t *prefixes = apr_palloc(pool, sizeof *prefixes);
    apr_array_header_t *sorted = apr_array_copy(pool, list);
    const char **all = (const char **)(void *)sorted->elts;
    int count = sorted->nelts;
    int at = 0;
    qsort(all, (size_t)count, sizeof *all, by_second);
    for (int i = 0; i <= 256; i++) {
        while (at < count && second(all[at]) < i) {
            at++;
        }
        prefixes->first[i] = (apr_uint16_t)at;
    }
    prefixes->sorted = all;
    prefixes->has_root = prefixes->first[1] > 0;
    return prefixes;
}

bool usage_rules_excludes(const usage_prefixes_t *prefixes, const char *path)
{
    if (*path != '/' || prefixes->has_root) {
        return *path == '/';
    }
    const apr_uint16_t *first = &prefixes->first[second(path)];
    for (int i = first[0]; i < first[1]; i++) {
        if (has_rest(path + 2, prefixes->sorted[i] + 2)) {
            return true;
        }
    }
    return false;
}

/* The bytes of a word that are @a c: of each the highest bit is set. */
static inline apr_uint64_t bytes_like(apr_uint64_t word, char c)
{
    const apr_uint64_t ones = APR_UINT64_C(0x0101010101010101);
    const apr_uint64_t low = 0x7f * ones;
    apr_uint64_t other = word ^ (unsigned char)c * ones;
    return ~(((other & low) + low) | other | low);
}

/* The same, byte by byte from @a at back. */
USAGE_RARELY static bool is_long_static(const usage_wordset_t *extensions,
                                        usage_text_t path, const char *at)
{
    const char *end = path.data + path.length;
    const char *least =
        path.length > USAGE_WORD_MAX ? end - USAGE_WORD_MAX : path.data;
    while (at > least && at[-1] != '.' && at[-1] != '/') {
        at--;
    }
    return at > path.data && at[-1] == '.'
           && usage_wordset_has(extensions, at, (apr_size_t)(end - at));
}

/* Nearly all extensions lie within the last eight bytes, which are looked at
 * as one word. No extension has a slash. */
bool usage_rules_is_static(const usage_wordset_t *extensions, usage_text_t path)
{
    apr_uint64_t word;
    const char *end = path.data + path.length;
    if (path.length < sizeof word) {
        return is_long_static(extensions, path, end);
    }
    memcpy(&word, end - sizeof word, sizeof word);
    word = le64toh(word);
    apr_uint64_t dots = bytes_like(word, '.');
    if (dots == 0) {
        return bytes_like(word, '/') == 0
               && is_long_static(extensions, path, end - sizeof word);
    }
    /* the dot itself is shifted away with what is before it */
    word = usage_wordset_fold(word) >> 1 >> (63 - __builtin_clzll(dots));
    return word != 0 && usage_wordset_has_short(extensions, word);
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

bool usage_rules_is_other_page(const apr_array_header_t *types,
                               const char *type)
{
    const usage_text_t *page = (const void *)types->elts;
    for (int i = 0; i < types->nelts; i++, page++) {
        if (strncasecmp(type, page->data, page->length) == 0
            && usage_rules_ends_type(type[page->length])) {
            return true;
        }
    }
    return false;
}
