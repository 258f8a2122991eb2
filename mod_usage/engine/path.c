/* SPDX-License-Identifier: Apache-2.0 */
/* Cleans paths on their way in. Runs in every thread of every child. */
#include "path.h"

#include <stdbool.h>
#include <string.h>

static const usage_text_t overflow = { USAGE_PATH_OVERFLOW,
                                       sizeof USAGE_PATH_OVERFLOW - 1 };

static bool is_clean(usage_text_t path)
{
    apr_size_t plain = 0;
    while (plain < path.length
           && usage_clean_is_plain((unsigned char)path.data[plain])) {
        plain++;
    }
    return plain == path.length && plain > 0 && plain <= USAGE_NAME_MAX;
}

usage_text_t usage_path_clean(const char *path, usage_path_buffer_t *buffer)
{
    usage_text_t text = { path, path != NULL ? strlen(path) : 0 };
    if (text.length == 0 || text.length > USAGE_NAME_MAX) {
        return overflow;
    }
    if (is_clean(text)) {
        return text;
    }
    bool fits;
    usage_text_t clean = usage_clean_write(text, buffer, &fits);
    return fits ? clean : overflow;
}
