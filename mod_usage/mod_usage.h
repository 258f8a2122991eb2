/* SPDX-License-Identifier: Apache-2.0 */
/* The module record, for the files of the glue. */
#ifndef MOD_USAGE_H
#define MOD_USAGE_H

#include <httpd.h>
#include <http_config.h>

/** Nobody puts another in its place, so all look for it where it is. */
extern module AP_MODULE_DECLARE_DATA usage_module
    __attribute__((visibility("protected")));

#endif
