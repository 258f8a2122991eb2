/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The doors through which events come in, each open where a directive says so:
 * UsageEvent itself, the variable or note "usage-event" (UsageEventEnv), and
 * the header Usage-Event of a response (UsageEventHeader).
 */
#ifndef USAGE_DOORS_H
#define USAGE_DOORS_H

#include <stdbool.h>

#include <httpd.h>
#include <http_config.h>

#include "config.h"

/** The name of the variable and of the note. */
#define USAGE_EVENT_VARIABLE "usage-event"

/** The name of the header. */
#define USAGE_EVENT_HEADER "Usage-Event"

/** What a directory's directives say of its doors. */
struct usage_doors_t {
    int reads_header; /**< -1 unset, 0 or 1 */
    int reads_variable; /**< likewise */
    apr_array_header_t *rules; /**< doors.c's, of UsageEvent, or NULL */
};

/**
 * Add a rule of UsageEvent.
 * @param words name, then category and "expr=expression", or NULL
 * @return NULL, or what is wrong with it
 */
const char *usage_doors_add(cmd_parms *cmd, usage_dir_conf_t *conf,
                            const char *const words[3]);

/** A directory's doors, to be changed while the configuration is read. */
usage_doors_t *usage_doors_of(usage_dir_conf_t *conf, apr_pool_t *pool);

/** What two directories say together; NULL if neither has a door. */
usage_doors_t *usage_doors_merge(apr_pool_t *pool, const usage_doors_t *under,
                                 const usage_doors_t *over);

/** Whether Usage-Event is taken off responses; @a doors may be NULL. */
static inline bool usage_doors_read_header(const usage_doors_t *doors)
{
    return doors != NULL && doors->reads_header == 1;
}

/**
 * Take Usage-Event off a response before it is sent.
 * @param root the client's request
 * @param r    the one that is answered
 * @return one, to be counted or remembered; the others are remembered
 */
const char *usage_doors_take(const request_rec *root, request_rec *r);

/** Remember one, until it is known whether it counts; @a line may be NULL. */
void usage_doors_remember(const request_rec *root, const char *line);

/** Whether events can come otherwise than by a header; @a doors may be NULL. */
static inline bool usage_doors_read_others(const usage_doors_t *doors)
{
    return doors != NULL
           && (doors->rules != NULL || doors->reads_variable == 1);
}

/** Count the events that were taken off a client's request's answer: those of
 * @a line, if it isn't NULL, and those that are remembered. */
void usage_doors_count_taken(const request_rec *root, const char *line);

/**
 * Count the events that came otherwise with a request and its answer.
 * @param root the client's request
 * @param last the one that was answered
 */
void usage_doors_count(const usage_doors_t *doors, request_rec *root,
                       request_rec *last);

#endif
