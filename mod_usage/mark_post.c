/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may put a mark, Require around the location says. A browser would send
 * its user's credentials for any page on the web: so the request must be of the
 * dashboard's own origin, or of no page at all.
 */
#include "mark_post.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_script.h>

#include "config.h"
#include "engine/text.h"
#include "mark.h"

APLOG_USE_MODULE(usage);

#define BODY_MAX 4096
#define FIELDS   16
#define FORM     "application/x-www-form-urlencoded"

/* What a form says. */
typedef struct form_t {
    const char *name;
    const char *category;
    const char *site;
} form_t;

static int tell(request_rec *r, int status, const char *sentence)
{
    r->status = status;
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    ap_set_content_type(r, "text/plain; charset=utf-8");
    ap_rputs(sentence, r);
    return OK;
}

/* What the browser says of the page that sends; else, of an older one, whether
 * its origin is the host that is asked. */
static bool is_own_origin(request_rec *r)
{
    const char *fetch = apr_table_get(r->headers_in, "Sec-Fetch-Site");
    const char *origin = apr_table_get(r->headers_in, "Origin");
    const char *host = apr_table_get(r->headers_in, "Host");
    if (fetch != NULL) {
        return strcmp(fetch, "same-origin") == 0 || strcmp(fetch, "none") == 0;
    }
    const char *at = origin != NULL ? strstr(origin, "://") : NULL;
    return at != NULL && host != NULL && *host != '\0'
           && ap_cstr_casecmp(at + 3, host) == 0;
}

static bool is_form(request_rec *r)
{
    const char *type = apr_table_get(r->headers_in, "Content-Type");
    apr_size_t length = sizeof FORM - 1;
    return type != NULL && ap_cstr_casecmpn(type, FORM, length) == 0
           && (type[length] == '\0' || strchr("; \t", type[length]) != NULL);
}

/* NULL for a value that holds a NUL. */
static const char *value_of(request_rec *r, apr_bucket_brigade *value)
{
    apr_size_t length = BODY_MAX;
    char *text = apr_palloc(r->pool, length + 1);
    apr_brigade_flatten(value, text, &length);
    text[length] = '\0';
    return strlen(text) == length ? text : NULL;
}

static int read_form(request_rec *r, form_t *form)
{
    apr_array_header_t *pairs = NULL;
    int status = ap_parse_form_data(r, NULL, &pairs, FIELDS, BODY_MAX);
    *form = (form_t){ .name = "", .category = "", .site = "" };
    for (int i = 0; status == OK && pairs != NULL && i < pairs->nelts; i++) {
        ap_form_pair_t *pair = &APR_ARRAY_IDX(pairs, i, ap_form_pair_t);
        const char *value = value_of(r, pair->value);
        if (value == NULL) {
            status = HTTP_BAD_REQUEST;
        }
        else if (strcmp(pair->name, "name") == 0) {
            form->name = value;
        }
        else if (strcmp(pair->name, "category") == 0) {
            form->category = value;
        }
        else if (strcmp(pair->name, "site") == 0) {
            form->site = value;
        }
    }
    return status;
}

/* A site that this server counts, or all. */
static bool is_site(const char *name)
{
    bool is_known = *name == '\0';
    for (const server_rec *s = ap_server_conf; s != NULL && !is_known;
         s = s->next) {
        is_known = usage_text_is(usage_server_conf(s)->host->site, name);
    }
    return is_known;
}

static int answer(request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    if (accept == NULL || strstr(accept, "text/html") == NULL) {
        r->status = HTTP_NO_CONTENT;
        return OK;
    }
    r->status = HTTP_SEE_OTHER;
    apr_table_setn(r->headers_out, "Location", "./");
    return OK;
}

static int add(request_rec *r, const form_t *form)
{
    apr_status_t rv =
        usage_mark_add_to(r->server, form->site, form->name, form->category);
    if (rv == APR_EINVAL) {
        return tell(r, HTTP_BAD_REQUEST,
                    "The category \"server\" has the marks of the module's "
                    "own: give this one another.\n");
    }
    if (rv != APR_SUCCESS) {
        return tell(r, HTTP_SERVICE_UNAVAILABLE,
                    "There is no room for a mark now: try again later.\n");
    }
    ap_log_error(APLOG_MARK, APLOG_INFO, 0, r->server,
                 "USG0083: a mark was put by a POST");
    return answer(r);
}

static int read_and_add(request_rec *r)
{
    form_t form;
    int status = read_form(r, &form);
    if (status == HTTP_REQUEST_ENTITY_TOO_LARGE) {
        return tell(r, status, "A mark's form has 4096 bytes at most.\n");
    }
    if (status != OK) {
        return tell(r, HTTP_BAD_REQUEST, "The form can't be read.\n");
    }
    if (form.name[strspn(form.name, " \t\r\n\v\f")] == '\0') {
        return tell(r, HTTP_BAD_REQUEST,
                    "A mark needs a name: name=release+2.0, and perhaps "
                    "category and site.\n");
    }
    if (!is_site(form.site)) {
        return tell(r, HTTP_BAD_REQUEST,
                    "This server counts no site of that name; without one, "
                    "the mark is of all sites.\n");
    }
    return add(r, &form);
}

int usage_mark_post_is_on(const request_rec *r)
{
    return usage_dir_conf(r)->takes_marks == 1;
}

int usage_mark_post(request_rec *r)
{
    ap_allow_standard_methods(r, REPLACE_ALLOW, M_POST, -1);
    if (r->method_number != M_POST) {
        return HTTP_METHOD_NOT_ALLOWED;
    }
    if (!is_own_origin(r)) {
        return tell(r, HTTP_FORBIDDEN,
                    "A mark is put from the page of the same origin, or by a "
                    "client that says Sec-Fetch-Site: none.\n");
    }
    if (!is_form(r)) {
        return tell(r, HTTP_UNSUPPORTED_MEDIA_TYPE,
                    "A mark is a form: " FORM ".\n");
    }
    return read_and_add(r);
}
