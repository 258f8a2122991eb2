/* SPDX-License-Identifier: Apache-2.0 */
/* Languages, and how one of them is found and asked. */
#include "translate.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "texts.h"

/* clang-format off */
const usage_language_t usage_tongues[] = {
    { .tag = "en", .name = "English", .direction = "ltr",
      .group = ",", .point = "." },
    { .tag = "de", .name = "Deutsch", .direction = "ltr",
      .group = ".", .point = ",",
      .texts = usage_texts_de, .count = &usage_texts_de_count },
    { .tag = "ar", .name = "\xD8\xA7\xD9\x84\xD8\xB9\xD8\xB1\xD8\xA8"
                           "\xD9\x8A\xD8\xA9",
      .direction = "rtl", .group = ",", .point = ".",
      .texts = usage_texts_ar, .count = &usage_texts_ar_count },
};
/* clang-format on */

const int usage_tongues_count = sizeof usage_tongues / sizeof *usage_tongues;

const usage_language_t *usage_language_default(void)
{
    return usage_tongues;
}

/* Of a tag, its first part is the language. */
const usage_language_t *usage_language_find(const char *tag)
{
    size_t length = strcspn(tag, "-;, \t");

    for (int i = 0; i < usage_tongues_count; i++) {
        if (strlen(usage_tongues[i].tag) == length
            && strncasecmp(usage_tongues[i].tag, tag, length) == 0) {
            return &usage_tongues[i];
        }
    }
    return NULL;
}

const usage_language_t *usage_language_accepted(const char *header)
{
    const char *tag = header ? header : "";

    while (*tag) {
        const usage_language_t *found;

        tag += strspn(tag, ", \t");
        found = usage_language_find(tag);
        if (found) {
            return found;
        }
        tag += strcspn(tag, ",");
    }
    return usage_language_default();
}

static int compare(const void *text, const void *translation)
{
    return strcmp(text, ((const usage_translation_t *)translation)->text);
}

bool usage_language_is_rtl(const usage_language_t *language)
{
    return strcmp(language->direction, "rtl") == 0;
}

const char *usage_translate(const usage_language_t *language, const char *text)
{
    const usage_translation_t *found =
        language->texts ? bsearch(text, language->texts, *language->count,
                                  sizeof *language->texts, compare)
                        : NULL;

    return found ? found->translation : text;
}
