/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the page says, in the reader's language. The English text is the key;
 * texts/<tag>.po has the others, embedded at build (build/embed-texts.awk).
 * Another language is such a file and a row in translate.c.
 */
#ifndef USAGE_TRANSLATE_H
#define USAGE_TRANSLATE_H

#include <stdbool.h>
#include <stddef.h>

/** Marks a text that is translated where it is written out, as with %w. */
#define N_(text) (text)

/** An English text, and what it is in a language. */
typedef struct usage_translation_t {
    const char *text;
    const char *translation;
} usage_translation_t;

typedef struct usage_language_t {
    const char *tag; /**< as in RFC 5646: "de" */
    const char *name; /**< in itself */
    const char *direction; /**< of writing: "ltr" or "rtl" */
    const char *group; /**< between thousands */
    const char *point; /**< before decimals */
    const usage_translation_t *texts; /**< sorted by text, byte by byte;
                                            NULL of English */
    const size_t *count; /**< of them */
} usage_language_t;

/** Those that the page speaks, English first. */
extern const usage_language_t usage_tongues[];
extern const int usage_tongues_count;

/** English. */
const usage_language_t *usage_language_default(void);

/** The language of a tag ("de", "de-AT"), or NULL. */
const usage_language_t *usage_language_find(const char *tag);

/**
 * The first language of an Accept-Language header that the page speaks.
 * @param header or NULL
 * @return English if there is none
 */
const usage_language_t *usage_language_accepted(const char *header);

/** Whether it is written from right to left. */
bool usage_language_is_rtl(const usage_language_t *language);

/** @a text in a language, or itself if that has none for it. */
const char *usage_translate(const usage_language_t *language, const char *text);

#endif
