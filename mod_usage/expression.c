/* SPDX-License-Identifier: Apache-2.0 */
/* Runs in every thread of every child. */
#include "expression.h"

#include <apr_strings.h>
#include <http_log.h>

/* While an expression is evaluated, nothing of the request is logged. */
static const struct ap_logconf silence = { .level = APLOG_EMERG };

const char *usage_expression_make(cmd_parms *cmd, const char *text,
                                  unsigned flags, ap_expr_info_t **expression)
{
    const char *problem = NULL;
    *expression = ap_expr_parse_cmd(cmd, text, flags | AP_EXPR_FLAG_DONT_VARY,
                                    &problem, NULL);
    return problem == NULL ? NULL
                           : apr_psprintf(cmd->pool, "%s: expression '%s': %s",
                                          cmd->cmd->name, text, problem);
}

bool usage_expression_holds(request_rec *r, const ap_expr_info_t *expression,
                            const char **problem)
{
    const struct ap_logconf *log = r->log;
    r->log = &silence;
    int answer = ap_expr_exec(r, expression, problem);
    r->log = log;
    return *problem == NULL && answer > 0;
}

const char *usage_expression_text(request_rec *r,
                                  const ap_expr_info_t *expression,
                                  const char **problem)
{
    const struct ap_logconf *log = r->log;
    r->log = &silence;
    const char *text = ap_expr_str_exec(r, expression, problem);
    r->log = log;
    return text;
}
