/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that looks after the counts of an old configuration. The parent
 * forks it at every restart, before this module is unloaded: it has the old
 * code, the old settings and the old segment. If the module that is loaded
 * then goes on with the segment, as a rule it does, the caretaker is dismissed
 * at once. Else (an upgrade that lays the segment out anew, or a configuration
 * without Usage) it flushes until the last of the old children has gone.
 */
#ifndef USAGE_CARETAKER_H
#define USAGE_CARETAKER_H

#include <stdbool.h>

#include <httpd.h>

/** Make what tells that the children of this configuration have gone. From
 * post_config. */
void usage_caretaker_prepare(server_rec *s, apr_pool_t *pconf);

/** Fork a caretaker, as the configuration is about to go. In the parent. */
void usage_caretaker_fork(server_rec *s);

/** This configuration goes on with the segment. From post_config. */
void usage_caretaker_dismiss(void);

/** This configuration has a segment of its own: the caretaker stays until the
 * old one, which stays mapped and has lost its name, is flushed. What is left
 * when the caretaker ends is told in the log. From post_config. */
void usage_caretaker_appoint(server_rec *s, void *base, apr_size_t size);

/** Learn of the end of those that were appointed. From post_config.
 * @return whether one was appointed for this configuration */
bool usage_caretaker_watch(apr_pool_t *pconf);

/** Whether a batch of a segment before is pending: until its caretaker knows
 * whether that was written, this server's node must not move on. */
bool usage_caretaker_owes(void);

/** The server exits, and all children have gone: wait until the caretaker has
 * flushed, as long as a flush may take. */
void usage_caretaker_finish(server_rec *s);

#endif
