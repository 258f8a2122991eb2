/* SPDX-License-Identifier: Apache-2.0 */
/* Moves a segment into a file and back. */
#include "state.h"

#include <string.h>

#include <apr_strings.h>

#include "engine/fault.h"
#include "engine/memory.h"

#define PERMS (APR_FPROT_UREAD | APR_FPROT_UWRITE)
#define PAGE  4096

static bool is_zero(const char *page, apr_size_t size)
{
    return *page == 0 && memcmp(page, page + 1, size - 1) == 0;
}

static apr_status_t write_pages(apr_file_t *file, const char *bytes,
                                apr_size_t length)
{
    apr_status_t rv = apr_file_trunc(file, (apr_off_t)length);
    for (apr_size_t at = 0; rv == APR_SUCCESS && at < length; at += PAGE) {
        apr_size_t left = length - at;
        apr_size_t size = left < PAGE ? left : PAGE;
        apr_off_t offset = (apr_off_t)at;
        if (!is_zero(bytes + at, size)) {
            rv = apr_file_seek(file, APR_SET, &offset);
            if (rv == APR_SUCCESS) {
                rv = apr_file_write_full(file, bytes + at, size, NULL);
            }
        }
    }
    if (rv == APR_SUCCESS) {
        rv = USAGE_FAULT_ERROR("half-saved");
    }
    return rv != APR_SUCCESS ? rv : apr_file_sync(file);
}

apr_status_t usage_state_save(const char *path, const void *base,
                              apr_size_t size, apr_pool_t *pool)
{
    apr_file_t *file;
    const char *part = apr_pstrcat(pool, path, ".part", NULL);
    USAGE_FAULT("saving");
    apr_status_t rv = apr_file_open(
        &file, part, APR_WRITE | APR_CREATE | APR_TRUNCATE | APR_BINARY, PERMS,
        pool);
    if (rv == APR_SUCCESS) {
        rv = write_pages(file, base, size);
        apr_file_close(file);
    }
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("saved");
        rv = apr_file_rename(part, path, pool);
        USAGE_FAULT("renamed");
    }
    return rv;
}

apr_status_t usage_state_open(apr_file_t **file, const char *path,
                              apr_size_t *size, apr_pool_t *pool)
{
    apr_finfo_t info;
    apr_status_t rv =
        apr_file_open(file, path, APR_READ | APR_BINARY, APR_OS_DEFAULT, pool);
    if (rv == APR_SUCCESS) {
        rv = apr_file_info_get(&info, APR_FINFO_SIZE, *file);
        *size = (apr_size_t)info.size;
    }
    return rv;
}

apr_status_t usage_state_read(apr_file_t *file, void *base, apr_size_t size)
{
    usage_layout_t *layout = base;
    apr_uint64_t magic = 0;
    apr_size_t first = sizeof magic;
    apr_status_t rv = apr_file_read_full(file, &magic, first, NULL);
    if (rv == APR_SUCCESS) {
        rv = apr_file_read_full(file, (char *)base + first, size - first, NULL);
    }
    if (rv == APR_SUCCESS) {
        USAGE_FAULT("half-read");
        atomic_store(&layout->magic, magic);
    }
    return rv;
}
