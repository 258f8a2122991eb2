/* SPDX-License-Identifier: Apache-2.0 */
/* The module record, for the files of the glue. */
#ifndef MOD_USAGE_H
#define MOD_USAGE_H

#include <httpd.h>
#include <http_config.h>

extern module AP_MODULE_DECLARE_DATA usage_module;

#endif
