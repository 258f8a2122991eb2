/* SPDX-License-Identifier: Apache-2.0 */
/* Reads request_rec where httpd leaves it open what a field means. Runs in
 * every thread of every child. */
#include "request.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "expression.h"
#include "filter.h"

const request_rec *usage_request_root(const request_rec *r)
{
    while (r->prev != NULL || r->main != NULL) {
        r = r->prev != NULL ? r->prev : r->main;
    }
    return r;
}

const char *usage_request_decode(const request_rec *root)
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

bool usage_request_is_set_to_dashboard(request_rec *root)
{
    const core_dir_config *core =
        ap_get_core_module_config(root->per_dir_config);
    const char *problem = NULL;
    const char *handler =
        usage_expression_text(root, core->expr_handler, &problem);
    return problem == NULL && handler != NULL
           && strcmp(handler, USAGE_HANDLER) == 0;
}
