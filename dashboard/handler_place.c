/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the location that a request's handler was set for. */
#include "handler_place.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

static bool lies_below(const char *uri, const char *location)
{
    apr_size_t length = strlen(location);
    while (length > 0 && location[length - 1] == '/') {
        length--;
    }
    return strncmp(uri, location, length) == 0
           && (uri[length] == '\0' || uri[length] == '/');
}

/* The least of a path, by whole segments, that a <LocationMatch> is for. */
static const char *part_matched(request_rec *r, const ap_regex_t *regex)
{
    apr_size_t length = 0;
    while (r->uri[length] != '\0') {
        length += 1 + strcspn(r->uri + length + 1, "/");
        const char *part = apr_pstrmemdup(r->pool, r->uri, length);
        const char *folder = apr_pstrcat(r->pool, part, "/", NULL);
        if (ap_regexec(regex, part, 0, NULL, 0) == 0
            || ap_regexec(regex, folder, 0, NULL, 0) == 0) {
            return part;
        }
    }
    return NULL;
}

static const char *location_of_section(request_rec *r,
                                       const core_dir_config *section)
{
    if (section->handler == NULL && section->expr_handler == NULL) {
        return NULL;
    }
    if (section->r != NULL) {
        return part_matched(r, section->r);
    }
    return lies_below(r->uri, section->d) ? section->d : NULL;
}

/* The path of the last <Location> around a request that sets a handler: there
 * the request's own comes from. */
static const char *location_of(request_rec *r)
{
    const core_server_config *core =
        ap_get_core_module_config(r->server->module_config);
    const char *location = NULL;
    for (int i = 0; i < core->sec_url->nelts; i++) {
        const core_dir_config *section = ap_get_core_module_config(
            APR_ARRAY_IDX(core->sec_url, i, ap_conf_vector_t *));
        const char *its = location_of_section(r, section);
        location = its != NULL ? its : location;
    }
    return location;
}

/*
 * The URL path that the handler was set for: that of the <Location>, which
 * alone tells /usage-stats/style.css from a location of that name; else what
 * the path is without what follows the file.
 */
static const char *base_of(request_rec *r)
{
    const char *location = location_of(r);
    if (location != NULL) {
        return location;
    }
    apr_size_t tail = r->path_info != NULL ? strlen(r->path_info) : 0;
    apr_size_t whole = strlen(r->uri);
    return apr_pstrmemdup(r->pool, r->uri, whole - (tail < whole ? tail : 0));
}

const char *usage_handler_place(request_rec *r)
{
    apr_size_t length = strlen(base_of(r));
    const char *place =
        r->uri + (length < strlen(r->uri) ? length : strlen(r->uri));
    return place + strspn(place, "/");
}

const char *usage_handler_base(const request_rec *r)
{
    const char *slash = strrchr(r->uri, '/');
    if (slash == NULL || slash[1] == '\0') {
        return ".";
    }
    return slash + 1;
}
