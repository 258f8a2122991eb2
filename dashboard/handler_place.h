/* SPDX-License-Identifier: Apache-2.0 */
/* Where below the handler's location a request is. */
#ifndef USAGE_HANDLER_PLACE_H
#define USAGE_HANDLER_PLACE_H

#include <httpd.h>

/** What of a request's path lies below the handler's location, without the
 * slashes between: "" of the page itself. */
const char *usage_handler_place(request_rec *r);

/** The location as a reference that works behind any proxy, for the page: from
 * its own path, be it asked for with a slash at its end or without. */
const char *usage_handler_base(const request_rec *r);

#endif
