/* SPDX-License-Identifier: Apache-2.0 */
/* What a client asked for, whatever httpd has made of it since. What nearly all
 * requests need of it is inline. */
#ifndef USAGE_REQUEST_H
#define USAGE_REQUEST_H

#include <stdbool.h>
#include <string.h>

#include <httpd.h>
#include <http_core.h>

#include "engine/often.h"
#include "filter.h"

/** The request that the client sent: before internal redirects, and above
 * subrequests. */
const request_rec *usage_request_root(const request_rec *r);

/** The first of a chain of internal redirects. */
static inline request_rec *usage_request_first(request_rec *r)
{
    while (r->prev != NULL) {
        r = r->prev;
    }
    return r;
}

/** The last of a chain of internal redirects, which is answered. */
static inline request_rec *usage_request_last(request_rec *r)
{
    while (r->next != NULL) {
        r = r->next;
    }
    return r;
}

/** When a request began, in Unix seconds. It is without a sign, which makes the
 * division cheaper. */
static inline apr_int64_t usage_request_second(const request_rec *root)
{
    return (apr_int64_t)((apr_uint64_t)root->request_time / APR_USEC_PER_SEC);
}

/** The path of the request line, decoded and normal; NULL if it has none. */
const char *usage_request_decode(const request_rec *root);

/**
 * The client's path: decoded, without a query; NULL if there was none to read.
 *
 * httpd leaves it in parsed_uri.path by the time a file is looked for. A hit in
 * mod_cache's quick handler comes before that, and where ProxyPass maps encoded
 * paths the file is a URL.
 */
static inline const char *usage_request_path(const request_rec *root)
{
    const char *path = root->parsed_uri.path;
    const char *file = root->filename;
    bool is_decoded =
        file != NULL
        && (*file == '/' || strchr(root->unparsed_uri, '%') == NULL);
    return path == NULL || is_decoded ? path : usage_request_decode(root);
}

/** Whether SetHandler's expression, which there is, says the dashboard. */
bool usage_request_is_set_to_dashboard(request_rec *root);

/**
 * Whether the request is for the dashboard, be it refused or not. One that was
 * refused comes here before its handler is set: then what SetHandler says is
 * worked out.
 */
static inline bool usage_request_is_dashboard(request_rec *root)
{
    const core_dir_config *core =
        ap_get_core_module_config(root->per_dir_config);
    return root->handler != NULL
               ? usage_filter_is_dashboard(root)
               : core->expr_handler != NULL
                     && usage_request_is_set_to_dashboard(root);
}

/** Whether the request line says GET: r->method does by the time an
 * ErrorDocument is served, the line does not change. */
static USAGE_OFTEN bool usage_request_is_get(const request_rec *root)
{
    const char *line = root->the_request;
    return line != NULL && line[0] == 'G' && line[1] == 'E' && line[2] == 'T'
           && line[3] == ' ';
}

#endif
