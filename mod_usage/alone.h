/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `httpd -X`: one process, which serves, and in which nobody runs the monitor
 * hook.
 */
#ifndef USAGE_ALONE_H
#define USAGE_ALONE_H

#include <stdbool.h>

/** Whether this is httpd -X: one process, without a flusher until it ends. */
bool usage_alone_is(void);

/**
 * Under -X, let connections see to the day's salts (salt.h), as the parent's
 * monitor hook does elsewhere. With the hooks; elsewhere it registers nothing.
 */
void usage_alone_register(void);

#endif
