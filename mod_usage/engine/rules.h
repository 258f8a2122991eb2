/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which paths and media types are pages: a site's lists, made from its
 * directives when the configuration is read and only read from then on.
 */
#ifndef USAGE_RULES_H
#define USAGE_RULES_H

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "often.h"
#include "table.h"
#include "wordset.h"

/** The lists that hold where no directive says otherwise; NULL-terminated. */
extern const char *const usage_rules_excluded[];
extern const char *const usage_rules_static[];
extern const char *const usage_rules_types[];

/**
 * A list with changes made to it: "word" or "+word" adds, "-word" takes away.
 * @param list    NULL-terminated
 * @param changes array of const char *, applied in order
 * @return array of const char *
 */
apr_array_header_t *usage_rules_list(const char *const *list,
                                     const apr_array_header_t *changes,
                                     apr_pool_t *pool);

/** Lists of prefixes, by the two bytes after their "/". */
#define USAGE_PREFIX_LISTS 256

typedef struct usage_prefix_t {
    const char *text;
    const struct usage_prefix_t *next; /**< in its list, or NULL */
} usage_prefix_t;

/** Prefixes: a path is compared with the few, nearly always none, that can
 * begin as it does. */
typedef struct usage_prefixes_t {
    const usage_prefix_t *lists[USAGE_PREFIX_LISTS];
} usage_prefixes_t;

/** Prefixes from an array of const char *, each beginning with "/". */
usage_prefixes_t *usage_rules_prefixes(const apr_array_header_t *list,
                                       apr_pool_t *pool);

/** The list in which a path's prefixes are. */
static inline unsigned usage_rules_list_of(const char *path)
{
    unsigned next = *path != '\0' ? (unsigned char)path[1] : 0;
    unsigned after = next != 0 ? (unsigned char)path[2] : 0;
    return (next * 8 + after) % USAGE_PREFIX_LISTS;
}

/** Whether a path is under one of the prefixes of a list, from @a first on. */
bool usage_rules_has_one(const usage_prefix_t *first, const char *path);

/**
 * Whether a path is excluded. A prefix that ends in "/" stands for all below
 * it; any other for itself and for what follows it after a "/".
 */
static USAGE_OFTEN bool usage_rules_excludes(const usage_prefixes_t *prefixes,
                                             const char *path)
{
    const usage_prefix_t *first = prefixes->lists[usage_rules_list_of(path)];
    return first != NULL && usage_rules_has_one(first, path);
}

/** Whether a path is under a prefix, as usage_rules_excludes means it. */
bool usage_rules_has_prefix(const char *path, const char *prefix);

/** As usage_rules_is_static, of a path whose last eight bytes don't tell. */
bool usage_rules_is_long_static(const usage_wordset_t *extensions,
                                usage_text_t path);

/** The bytes of a word that are @a c: of each the highest bit is set. */
static inline apr_uint64_t usage_rules_bytes_like(apr_uint64_t word, char c)
{
    const apr_uint64_t ones = APR_UINT64_C(0x0101010101010101);
    const apr_uint64_t low = 0x7f * ones;
    apr_uint64_t other = word ^ (unsigned char)c * ones;
    return ~(((other & low) + low) | other | low);
}

/**
 * Whether the extension of a path's last segment is in a set: that of static
 * ones, or another. Nearly all extensions lie within the last eight bytes,
 * which are looked at as one word, inline; none has a slash.
 */
static USAGE_OFTEN bool usage_rules_is_static(const usage_wordset_t *extensions,
                                              usage_text_t path)
{
    apr_uint64_t word;
    if (path.length < sizeof word) {
        return usage_rules_is_long_static(extensions, path);
    }
    memcpy(&word, path.data + path.length - sizeof word, sizeof word);
    word = le64toh(word);
    apr_uint64_t dots = usage_rules_bytes_like(word, '.');
    if (dots == 0) {
        return usage_rules_bytes_like(word, '/') == 0
               && usage_rules_is_long_static(extensions, path);
    }
    /* the dot itself is shifted away with what is before it */
    word = usage_wordset_fold(word) >> 1 >> (63 - __builtin_clzll(dots));
    return word != 0 && usage_wordset_has_short(extensions, word);
}

/** The media types of an array of const char *, as an array of usage_text_t. */
apr_array_header_t *usage_rules_page_types(const apr_array_header_t *words,
                                           apr_pool_t *pool);

/** What may stand behind a media type: nothing, or what leads to parameters. */
static inline bool usage_rules_ends_type(char c)
{
    return c == '\0' || c == ';' || c == ' ' || c == '\t';
}

/** As usage_rules_is_page, of one that is not the first as it is written. */
bool usage_rules_is_other_page(const apr_array_header_t *types,
                               const char *type);

/** Whether a content type, parameters and all, is one of those. Nearly all
 * pages are of the first, in lower case. */
static USAGE_OFTEN bool usage_rules_is_page(const apr_array_header_t *types,
                                            const char *type)
{
    const usage_text_t *first = (const void *)types->elts;
    return (types->nelts > 0 && strncmp(type, first->data, first->length) == 0
            && usage_rules_ends_type(type[first->length]))
           || usage_rules_is_other_page(types, type);
}

#endif
