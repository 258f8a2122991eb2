/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks httpd's own tree of directives. What is done while the files are read
 * (LoadModule, Define, IfDefine) leaves no trace in it but what it leads to;
 * so the modules are taken as they are loaded.
 */
#include "conf_digest.h"

#include <string.h>

#include <httpd.h>
#include <http_config.h>
#include <util_cfgtree.h>

#include "engine/secret.h"

typedef struct digest_t {
    usage_secret_t secret; /* the same always: digests are to be the same */
    apr_uint64_t sum;
} digest_t;

/* The length goes in, too, so that "a b" and "ab" are two. */
static void add(digest_t *digest, const char *text)
{
    struct {
        apr_uint64_t sum;
        apr_uint64_t length;
        apr_uint64_t text;
    } piece = { .sum = digest->sum };
    if (text != NULL) {
        piece.length = 1 + strlen(text);
        piece.text = usage_secret_hash(&digest->secret, text, strlen(text));
    }
    digest->sum =
        usage_secret_hash(&digest->secret, (const char *)&piece, sizeof piece);
}

/* What ends a section tells it from one that goes on. */
static void add_directives(digest_t *digest, const ap_directive_t *first)
{
    for (const ap_directive_t *it = first; it != NULL; it = it->next) {
        add(digest, it->directive);
        add(digest, it->args);
        add_directives(digest, it->first_child);
    }
    add(digest, NULL);
}

apr_uint64_t usage_conf_digest(void)
{
    digest_t digest = { .sum = 0 };
    usage_secret_make(&digest.secret, 1);
    add_directives(&digest, ap_conftree);
    for (module **it = ap_loaded_modules; *it != NULL; it++) {
        add(&digest, (*it)->name);
    }
    return digest.sum != 0 ? digest.sum : 1;
}
