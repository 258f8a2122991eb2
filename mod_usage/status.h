/* SPDX-License-Identifier: Apache-2.0 */
/* The section of mod_status's page. */
#ifndef USAGE_STATUS_H
#define USAGE_STATUS_H

/** Add the section, if mod_status is there; once, with the hooks. */
void usage_status_register(void);

#endif
