/* SPDX-License-Identifier: Apache-2.0 */
/* The flusher itself: what the forked process does from first to last. */
#ifndef USAGE_FLUSH_CHILD_H
#define USAGE_FLUSH_CHILD_H

#include <httpd.h>

/**
 * How a flusher exits. Where httpd tells of a child's end, these and the
 * numbers of signals are one: let none be a signal's that may end a flusher.
 */
typedef enum usage_flush_exit_e {
    USAGE_FLUSH_EXIT_DONE, /**< all is written */
    USAGE_FLUSH_EXIT_FAILED, /**< it is not; SIGHUP, which is ignored */
    USAGE_FLUSH_EXIT_ROOT, /**< it stayed root; SIGINT, ignored */
    USAGE_FLUSH_EXITS
} usage_flush_exit_e;

/** Flush once and exit. */
void usage_flush_child_run(server_rec *s) __attribute__((noreturn));

/** Ignore the server's signals, let go of its sockets. In a forked process. */
void usage_flush_child_detach(void);

/** Become the server's user; exits if that fails. In a forked process. */
void usage_flush_child_demote(server_rec *s);

/** Log why flushing fails: at once, then every ten minutes at most. */
void usage_flush_child_log(server_rec *s, const char *problem);

#endif
