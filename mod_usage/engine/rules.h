/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which paths and media types are pages: a site's lists, made from its
 * directives when the configuration is read and only read from then on.
 */
#ifndef USAGE_RULES_H
#define USAGE_RULES_H

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

/**
 * Prefixes, by the byte after their "/": a path is compared with the few that
 * share it.
 */
typedef struct usage_prefixes_t {
    const char **sorted; /**< by that byte */
    apr_uint16_t first[257]; /**< of a byte: the first that has it or a greater
                                  one */
    bool has_root; /**< "/" is one, which is before every path */
} usage_prefixes_t;

/** Prefixes from an array of const char *, each beginning with "/": 65535 at
 * most. */
usage_prefixes_t *usage_rules_prefixes(const apr_array_header_t *list,
                                       apr_pool_t *pool);

/**
 * Whether a path is excluded. A prefix that ends in "/" stands for all below
 * it; any other for itself and for what follows it after a "/".
 */
bool usage_rules_excludes(const usage_prefixes_t *prefixes, const char *path);

/** Whether a path is under a prefix, as usage_rules_excludes means it. */
bool usage_rules_has_prefix(const char *path, const char *prefix);

/** Whether the extension of a path's last segment is in a set: that of static
 * ones, or another. */
bool usage_rules_is_static(const usage_wordset_t *extensions,
                           usage_text_t path);

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
