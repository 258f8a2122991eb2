/* SPDX-License-Identifier: Apache-2.0 */
/* The table of directives, for the module's record. */
#ifndef USAGE_DIRECTIVES_H
#define USAGE_DIRECTIVES_H

#include <httpd.h>
#include <http_config.h>

extern const command_rec usage_directives[];

#endif
