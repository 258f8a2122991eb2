/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When to flush, and in which process. The parent forks a flusher, which
 * drops its privileges, opens a connection of mod_dbd's, writes one batch and
 * is gone; a database that hangs or crashes costs a flusher and no counts. All
 * of these run in the parent.
 */
#ifndef USAGE_FLUSHER_H
#define USAGE_FLUSHER_H

#include <stdbool.h>

#include <httpd.h>

/** Hook monitor: forks a flusher when one is due, and never waits. */
int usage_flusher_monitor(apr_pool_t *pool, server_rec *s);

/**
 * Take up a flusher that runs since before a restart, and see to it that the
 * last one runs when the server exits. From post_config, after
 * usage_segment_open.
 */
void usage_flusher_start(server_rec *s, apr_pool_t *pconf);

/** Flush once, and wait for it. @return whether all is written */
bool usage_flusher_flush(server_rec *s);

/** This process flushes an old segment from now on, beside the server that has
 * a new one: under a node's name of its own, which ends in @a number. */
void usage_flusher_inherit(server_rec *s, int number);

/** The node under which this process flushes. */
const char *usage_flusher_node(const server_rec *s);

/**
 * Run a function as the server's user, in a process of its own, and wait.
 * @return its value, 0 to 6, or -1 if it could not be run
 */
int usage_flusher_ask(server_rec *s, int (*fn)(void *baton), void *baton,
                      apr_pool_t *pool);

#endif
