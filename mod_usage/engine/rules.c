/* SPDX-License-Identifier: Apache-2.0 */
/* Matches paths and media types with a site's lists. In every thread. */
#include "rules.h"

#include <string.h>
#include <strings.h>

#include <apr_strings.h>

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

bool usage_rules_has_prefix(const char *path, const char *prefix)
{
    char last = '\0';
    while (*prefix != '\0') {
        last = *prefix++;
        if (*path++ != last) {
            return false;
        }
    }
    return last == '/' || *path == '\0' || *path == '/';
}

static bool has_second(const usage_prefixes_t *prefixes, unsigned char byte)
{
    return (prefixes->seconds[byte / 64] >> byte % 64 & 1) != 0;
}

usage_prefixes_t *usage_rules_prefixes(const apr_array_header_t *list,
                                       apr_pool_t *pool)
{
    usage_prefixes_t *prefixes = apr_pcalloc(pool, sizeof *prefixes);
    prefixes->list = list;
    for (int i = 0; i < list->nelts; i++) {
        unsigned char byte =
            (unsigned char)APR_ARRAY_IDX(list, i, const char *)[1];
        if (byte == '\0') { /* "/" is before every path */
            memset(prefixes->seconds, 0xff, sizeof prefixes->seconds);
        }
        prefixes->seconds[byte / 64] |= APR_UINT64_C(1) << byte % 64;
    }
    return prefixes;
}

bool usage_rules_excludes(const usage_prefixes_t *prefixes, const char *path)
{
    if (*path == '\0' || !has_second(prefixes, (unsigned char)path[1])) {
        return false;
    }
    for (int i = 0; i < prefixes->list->nelts; i++) {
        if (usage_rules_has_prefix(
                path, APR_ARRAY_IDX(prefixes->list, i, const char *))) {
            return true;
        }
    }
    return false;
}

bool usage_rules_is_static(const usage_wordset_t *extensions, const char *path)
{
    const char *end = path + strlen(path);
    const char *least =
        end - path > USAGE_WORD_MAX ? end - USAGE_WORD_MAX - 1 : path;
    for (const char *at = end; at-- > least && *at != '/';) {
        if (*at == '.') {
            return usage_wordset_has(extensions, at + 1,
                                     (apr_size_t)(end - at - 1));
        }
    }
    return false;
}

bool usage_rules_is_page(const usage_wordset_t *types, const char *type)
{
    return usage_wordset_has(types, type, strcspn(type, "; \t"));
}
