/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd's expressions of requests, in directives. Where one fails, httpd would
 * log it with the client's address: it is kept from that, and whoever asked
 * logs the problem without one.
 */
#ifndef USAGE_EXPRESSION_H
#define USAGE_EXPRESSION_H

#include <stdbool.h>

#include <ap_expr.h>
#include <http_config.h>

/**
 * Read an expression of a directive.
 * @param flags AP_EXPR_FLAG_…, beside AP_EXPR_FLAG_DONT_VARY
 * @return NULL, or what is wrong with it
 */
const char *usage_expression_make(cmd_parms *cmd, const char *text,
                                  unsigned flags, ap_expr_info_t **expression);

/**
 * Whether an expression holds for a request. One that fails doesn't.
 * @param problem set if it failed; else left alone
 */
bool usage_expression_holds(request_rec *r, const ap_expr_info_t *expression,
                            const char **problem);

/** The text that an expression (AP_EXPR_FLAG_STRING_RESULT) makes, or NULL.
 * @param problem as above */
const char *usage_expression_text(request_rec *r,
                                  const ap_expr_info_t *expression,
                                  const char **problem);

#endif
