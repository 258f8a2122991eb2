/* SPDX-License-Identifier: Apache-2.0 */
/* All texts once, sorted, in one piece of memory. Runs in the flusher. */
#include "intern.h"

#include <stdlib.h>
#include <string.h>

#include <apr_hash.h>

#include "batch.h"

typedef void text_fn(apr_hash_t *texts, usage_text_t *text);

static void note(apr_hash_t *texts, usage_text_t *text)
{
    apr_hash_set(texts, text->data, APR_HASH_KEY_STRING, text->data);
}

static void replace(apr_hash_t *texts, usage_text_t *text)
{
    text->data = apr_hash_get(texts, text->data, APR_HASH_KEY_STRING);
}

static void each(apr_array_header_t *counts, text_fn *fn, apr_hash_t *texts)
{
    for (int i = 0; i < counts->nelts; i++) {
        usage_key_t *key = &APR_ARRAY_IDX(counts, i, usage_count_t).key;
        fn(texts, &key->site);
        fn(texts, &key->category);
        fn(texts, &key->name);
    }
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* All texts, in order, and the bytes that they take. */
static apr_array_header_t *sort(apr_hash_t *texts, apr_size_t *bytes,
                                apr_pool_t *pool)
{
    apr_array_header_t *sorted = apr_array_make(
        pool, (int)apr_hash_count(texts) + 1, sizeof(const char *));
    *bytes = 0;
    for (apr_hash_index_t *at = apr_hash_first(pool, texts); at != NULL;
         at = apr_hash_next(at)) {
        const char *text = apr_hash_this_val(at);
        APR_ARRAY_PUSH(sorted, const char *) = text;
        *bytes += strlen(text) + 1;
    }
    qsort(sorted->elts, (size_t)sorted->nelts, sizeof(const char *), compare);
    return sorted;
}

void usage_intern(apr_array_header_t *counts, apr_pool_t *pool)
{
    apr_hash_t *texts = apr_hash_make(pool);
    apr_size_t bytes;
    each(counts, note, texts);
    const apr_array_header_t *sorted = sort(texts, &bytes, pool);
    char *to = apr_palloc(pool, bytes);
    apr_hash_clear(texts);
    for (int i = 0; i < sorted->nelts; i++) {
        const char *text = APR_ARRAY_IDX(sorted, i, const char *);
        apr_size_t size = strlen(text) + 1;
        memcpy(to, text, size);
        apr_hash_set(texts, to, APR_HASH_KEY_STRING, to);
        to += size;
    }
    each(counts, replace, texts);
}
