/* SPDX-License-Identifier: Apache-2.0 */
/* The files of texts/, embedded at build (build/embed-texts.awk). */
#ifndef USAGE_TEXTS_H
#define USAGE_TEXTS_H

#include "translate.h"

extern const usage_translation_t usage_texts_de[];
extern const usage_translation_t usage_texts_ar[];
extern const size_t usage_texts_de_count;
extern const size_t usage_texts_ar_count;

#endif
