/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file mod_usage_api.h
 * How other modules count events, meet distinct things and put marks in
 * mod_usage. Everything here is optional: a
 * module that uses it loads and runs without mod_usage, too, in any order.
 *
 *     static APR_OPTIONAL_FN_TYPE(usage_count) *count;
 *
 *     static void find_functions(void)
 *     {
 *         count = APR_RETRIEVE_OPTIONAL_FN(usage_count);
 *     }
 *
 *     ap_hook_optional_fn_retrieve(find_functions, NULL, NULL,
 *                                  APR_HOOK_MIDDLE);
 *
 *     if (count != NULL) {
 *         count(r, "account", "signup", 1);
 *     }
 */
#ifndef MOD_USAGE_API_H
#define MOD_USAGE_API_H

#include <apr_hooks.h>
#include <apr_optional.h>
#include <apr_optional_hooks.h>
#include <httpd.h>

/** What one call may count, at most. */
#define USAGE_COUNT_MAX 1000000

/**
 * Count an event of a request: for the virtual host, and by the time, of the
 * request that the client sent, also from a subrequest or after an internal
 * redirect. From any thread of a child, at any time of the request; it takes no
 * lock and allocates nothing.
 *
 * Nothing is counted where that request's `Usage` is Off, or if it opted out
 * (`UsageOptOut`). That it comes from a bot does not matter here.
 *
 * @param r        the request
 * @param category the event's category, or NULL or "" for "event"
 * @param event    its name; "#" if it is NULL or ""
 * @param count    how often it happened; 0 counts nothing
 * @return APR_SUCCESS, also where nothing is counted; APR_EINVAL if the count
 *         is below 0 or above USAGE_COUNT_MAX, or the category is one of
 *         mod_usage's own; APR_EINIT before mod_usage's post_config
 */
APR_DECLARE_OPTIONAL_FN(apr_status_t, usage_count,
                        (request_rec * r, const char *category,
                         const char *event, apr_int64_t count));

/**
 * Count an event without a request: for a virtual host, by the time that it is
 * now. Nothing is counted where the host's own `Usage`, outside of all
 * directories and locations, is Off. Else as usage_count; also from a thread of
 * the module's own, from the parent, and from usage_before_flush.
 */
APR_DECLARE_OPTIONAL_FN(apr_status_t, usage_count_server,
                        (server_rec * s, const char *category,
                         const char *event, apr_int64_t count));

/**
 * Meet a distinct thing: a customer, a tenant, a device, of which is then known
 * how many different ones came on each day. The day, the virtual host and what
 * counts where are as of usage_count.
 *
 * A thing is known only by a hash under the day's random key: its id leaves
 * this process in no form that could be turned back, nor is it the same on
 * another day. Its number is exact up to 1,024 a day, site and server, and then
 * an estimate with a standard error of 0.6%. A site may have 100 categories a
 * day; things of further ones are met under the category "*".
 *
 * @param r        the request
 * @param category what is counted; "visitor" and "user" are mod_usage's own
 * @param id       what tells the thing from others of its category: of any
 *                 bytes and length, all of which count
 * @return 1 if it was not met before on this day at this site; 0 if it was, if
 *         there is no room to remember it, or where nothing is counted; -1 for
 *         a category of mod_usage's own, a category or id that is NULL or "",
 *         and before mod_usage's post_config
 */
APR_DECLARE_OPTIONAL_FN(int, usage_seen,
                        (request_rec * r, const char *category,
                         const char *id));

/**
 * Put a mark, a named point in time: now. Of the virtual host's site, or of all
 * sites for the main server, whether these count or not; from where
 * usage_count_server may be called. Marks of one second, site, name and
 * category are one. 32 can wait for a flush; the oldest then gives way to a new
 * one, and the log says so.
 *
 * @param s        the virtual host
 * @param name     of any bytes: made valid UTF-8, and cut to 255 bytes
 * @param category likewise, or NULL or "" for "mark"
 * @return APR_SUCCESS; APR_EINVAL if the name is NULL or "", or the category is
 *         "server", which is mod_usage's own; APR_EAGAIN if there is no room,
 *         which was logged; APR_EINIT before mod_usage's post_config
 */
APR_DECLARE_OPTIONAL_FN(apr_status_t, usage_mark,
                        (server_rec * s, const char *name,
                         const char *category));

#define USAGE_DECLARE(type) type

/**
 * Optional hook: a flush is about to take what was counted. A module that
 * caches counts adds them now, by usage_count_server, and they go out with it:
 *
 *     APR_OPTIONAL_HOOK(ap, usage_before_flush, add, NULL, NULL,
 *                       APR_HOOK_MIDDLE);
 *
 * It runs in the flusher, a process forked from the parent for this flush
 * alone, as the server's user, without the server's sockets, and without any
 * child_init having run. What it changes in its own memory is gone with that
 * process: so what was cached is in shared memory, in s->process->pool if it is
 * to survive a graceful restart, and taken from there by an atomic exchange.
 * Such a process may end at any point, and two may be at work at the same time
 * (an old one after an upgrade). It runs once for each flush, the last one at a
 * stop included, whether the database can be reached or not.
 *
 * It must not wait for anything: UsageFlushTimeout ends the process, and the
 * flush with it.
 *
 * @param s    the main server
 * @param pool is gone after the flush
 * @return OK or DECLINED; with anything else, the functions behind this one are
 *         not called before this flush
 */
APR_DECLARE_EXTERNAL_HOOK(ap, USAGE, int, usage_before_flush,
                          (server_rec * s, apr_pool_t *pool))

#endif
