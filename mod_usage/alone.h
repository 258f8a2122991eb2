/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `httpd -X`: one process, which serves, and in which nobody runs the monitor
 * hook.
 */
#ifndef USAGE_ALONE_H
#define USAGE_ALONE_H

/**
 * Under -X, let requests see to the day's salts (salt.h), as the parent's
 * monitor hook does elsewhere. With the hooks; elsewhere it registers nothing.
 */
void usage_alone_register(void);

#endif
