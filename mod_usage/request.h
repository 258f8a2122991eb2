/* SPDX-License-Identifier: Apache-2.0 */
/* What a client asked for, whatever httpd has made of it since. */
#ifndef USAGE_REQUEST_H
#define USAGE_REQUEST_H

#include <stdbool.h>

#include <httpd.h>

/** The client's path: decoded, without a query; NULL if there was none to
 * read. */
const char *usage_request_path(const request_rec *root);

/** Whether the request is for the dashboard, be it refused or not. */
bool usage_request_is_dashboard(request_rec *root);

/** Whether the request line says GET. */
bool usage_request_is_get(const request_rec *root);

#endif
