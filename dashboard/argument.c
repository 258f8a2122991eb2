/* SPDX-License-Identifier: Apache-2.0 */
#include "argument.h"

#include <string.h>

#include <apr_escape.h>
#include <apr_strings.h>

const char *usage_argument(const char *args, const char *name, apr_pool_t *pool)
{
    apr_size_t length = strlen(name);
    const char *value = NULL;

    while (args != NULL && *args != '\0') {
        apr_size_t pair = strcspn(args, "&");

        if (pair > length && args[length] == '='
            && strncmp(args, name, length) == 0) {
            value = apr_pstrmemdup(pool, args + length + 1, pair - length - 1);
        }
        args += pair + (args[pair] == '&');
    }
    return value != NULL ? apr_punescape_url(pool, value, NULL, NULL, 1) : NULL;
}
