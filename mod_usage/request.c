/* SPDX-License-Identifier: Apache-2.0 */
/* Reads request_rec where httpd leaves it open what a field means. Runs in
 * every thread of every child. */
#include "request.h"

#include <string.h>

#include <apr_strings.h>
#include <ap_expr.h>
#include <http_core.h>

#include "filter.h"

/* The path of the request line, decoded and normal; NULL if it has none. */
__attribute__((noinline)) static const char *
decoded_path(const request_rec *root)
{
    const char *line = root->unparsed_uri;
    if (line == NULL || *line != '/') {
        return root->parsed_uri.path;
    }
    char *path = apr_pstrmemdup(root->pool, line, strcspn(line, "?#"));
    ap_normalize_path(path, AP_NORMALIZE_NOT_ABOVE_ROOT
                                | AP_NORMALIZE_DECODE_UNRESERVED
                                | AP_NORMALIZE_MERGE_SLASHES);
    ap_unescape_url_keep2f(path, 1);
    return path;
}

/*
 * The client's path: decoded, without a query; NULL if there was none to
 * read. httpd leaves it in parsed_uri.path by the time a file is looked for.
 * A hit in mod_cache's quick handler comes before that, and where ProxyPass
 * maps encoded paths the file is a URL.
 */
const char *usage_request_path(const request_rec *root)
{
    const char *path = root->parsed_uri.path;
    const char *file = root->filename;
    bool is_decoded =
        file != NULL
        && (*file == '/' || strchr(root->unparsed_uri, '%') == NULL);
    return path == NULL || is_decoded ? path : decoded_path(root);
}

/* Whether SetHandler's expression says so. */
__attribute__((noinline)) static bool
is_set_to_dashboard(request_rec *root, const ap_expr_info_t *expression)
{
    const char *problem = NULL;
    const char *handler = ap_expr_str_exec(root, expression, &problem);
    return problem == NULL && handler != NULL
           && strcmp(handler, USAGE_HANDLER) == 0;
}

/* A request that was refused comes here before its handler is set: then what
 * SetHandler says is worked out. */
bool usage_request_is_dashboard(request_rec *root)
{
    if (root->handler != NULL) {
        return usage_filter_is_dashboard(root);
    }
    const core_dir_config *core =
        ap_get_core_module_config(root->per_dir_config);
    return core->expr_handler != NULL
           && is_set_to_dashboard(root, core->expr_handler);
}

/* r->method says GET by the time an ErrorDocument is served; the line does not
 * change. */
bool usage_request_is_get(const request_rec *root)
{
    const char *line = root->the_request;
    return line != NULL && line[0] == 'G' && line[1] == 'E' && line[2] == 'T'
           && line[3] == ' ';
}
