/* SPDX-License-Identifier: Apache-2.0 */
/* A mark by a POST of the dashboard's own origin. */
#ifndef USAGE_MARK_POST_H
#define USAGE_MARK_POST_H

#include <httpd.h>

/** The path of it, below the dashboard's. */
#define USAGE_MARK_PLACE "mark"

/** Whether UsageMarkPost is on for a request. */
int usage_mark_post_is_on(const request_rec *r);

/**
 * Answer a request to put a mark: the fields name, category and site of a
 * form.
 * @return what a handler returns; errors are told in a sentence
 */
int usage_mark_post(request_rec *r);

#endif
