/* SPDX-License-Identifier: Apache-2.0 */
/* Matches paths and media types with a site's lists. In every thread. */
#include "rules.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

/* Bytes of a media type that are looked at. */
#define TYPE_MAX 127

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

/* Copy in lower case: the length, or 0 if it is over @a max. */
static apr_size_t lower(char *to, const char *from, apr_size_t length,
                        apr_size_t max)
{
    if (length > max) {
        return 0;
    }
    for (apr_size_t i = 0; i < length; i++) {
        to[i] = (char)apr_tolower(from[i]);
    }
    return length;
}

static void take_away(apr_array_header_t *words, const char *word)
{
    const char **all = (const char **)(void *)words->elts;
    int kept = 0;
    for (int i = 0; i < words->nelts; i++) {
        if (strcmp(all[i], word) != 0) {
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

apr_hash_t *usage_rules_set(const apr_array_header_t *words, apr_pool_t *pool)
{
    apr_hash_t *set = apr_hash_make(pool);
    for (int i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);
        char *lowered = apr_pstrdup(pool, word);
        lower(lowered, word, strlen(word), strlen(word));
        apr_hash_set(set, lowered, APR_HASH_KEY_STRING, lowered);
    }
    return set;
}

bool usage_rules_has_prefix(const char *path, const char *prefix)
{
    apr_size_t length = strlen(prefix);
    if (strncmp(path, prefix, length) != 0) {
        return false;
    }
    return prefix[length - 1] == '/' || path[length] == '\0'
           || path[length] == '/';
}

bool usage_rules_excludes(const apr_array_header_t *prefixes, const char *path)
{
    for (int i = 0; i < prefixes->nelts; i++) {
        if (usage_rules_has_prefix(path,
                                   APR_ARRAY_IDX(prefixes, i, const char *))) {
            return true;
        }
    }
    return false;
}

bool usage_rules_is_static(apr_hash_t *extensions, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash != NULL ? slash : path, '.');
    if (dot == NULL) {
        return false;
    }
    char extension[USAGE_EXTENSION_MAX];
    apr_size_t length =
        lower(extension, dot + 1, strlen(dot + 1), sizeof extension);
    return length > 0
           && apr_hash_get(extensions, extension, (apr_ssize_t)length) != NULL;
}

bool usage_rules_is_page(apr_hash_t *types, const char *type)
{
    char media[TYPE_MAX];
    apr_size_t length = lower(media, type, strcspn(type, "; \t"), sizeof media);
    return length > 0
           && apr_hash_get(types, media, (apr_ssize_t)length) != NULL;
}
