/* SPDX-License-Identifier: Apache-2.0 */
/* The flusher itself: what the forked process does from first to last. */
#ifndef USAGE_FLUSH_CHILD_H
#define USAGE_FLUSH_CHILD_H

#include <httpd.h>

/** Flush once and exit: 0 when all is written, 1 when it is not. */
void usage_flush_child_run(server_rec *s) __attribute__((noreturn));

/** Become the server's user; exits if that fails. In a forked process. */
void usage_flush_child_demote(server_rec *s);

/** Log why flushing fails: at once, then every ten minutes at most. */
void usage_flush_child_log(server_rec *s, const char *problem);

#endif
