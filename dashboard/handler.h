/* SPDX-License-Identifier: Apache-2.0 */
/* The content handler "usage-stats". */
#ifndef USAGE_HANDLER_H
#define USAGE_HANDLER_H

#include <httpd.h>

/** Hook handler: answers GET and HEAD with the page or its stylesheet. */
int usage_dashboard_handler(request_rec *r);

#endif
