/* SPDX-License-Identifier: Apache-2.0 */
/* What names mean, for people: lists that end with a NULL name. */
#ifndef USAGE_GLOSSARY_H
#define USAGE_GLOSSARY_H

/** A name, and what it means. */
typedef struct usage_meaning_t {
    const char *name;
    const char *words;
} usage_meaning_t;

extern const usage_meaning_t usage_paths[]; /**< that are none */
extern const usage_meaning_t usage_outcomes[];
extern const usage_meaning_t usage_bot_kinds[];
extern const usage_meaning_t usage_source_kinds[];
extern const usage_meaning_t usage_statuses[]; /**< by code: RFC 9110 … */
extern const usage_meaning_t usage_languages[]; /**< by tag: ISO 639-1 */
extern const usage_meaning_t usage_countries[]; /**< by code: ISO 3166-1 */

/**
 * Look a name up.
 * @param list or NULL
 * @return its meaning, or NULL
 */
const char *usage_meaning_of(const usage_meaning_t *list, const char *name);

#endif
