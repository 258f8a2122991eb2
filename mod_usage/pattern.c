/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of paths and requests. */
#include "pattern.h"

#include <string.h>

#include <apr_strings.h>
#include <ap_regex.h>
#include <http_log.h>

#include "engine/rules.h"
#include "expression.h"

APLOG_USE_MODULE(usage);

#define GROUPS 10

/* Bytes that a replacement may make of a path; more would be "everything
 * else" in any case. */
#define REPLACED_MAX 4096

/* One of prefix, regex and expression is set. */
typedef struct pattern_t {
    bool is_include;
    const char *prefix;
    ap_regex_t *regex;
    ap_expr_info_t *expression;
} pattern_t;

typedef struct replacement_t {
    ap_regex_t *regex;
    const char *text;
} replacement_t;

const char *usage_pattern_compile(cmd_parms *cmd, const char *text,
                                  ap_regex_t **regex)
{
    *regex = ap_pregcomp(cmd->pool, text, AP_REG_EXTENDED);
    return *regex != NULL
               ? NULL
               : apr_psprintf(cmd->pool, "%s: '%s' is no regular expression",
                              cmd->cmd->name, text);
}

const char *usage_pattern_add(cmd_parms *cmd, usage_dir_conf_t *conf,
                              const char *value, bool is_include)
{
    pattern_t pattern = { .is_include = is_include };
    const char *problem = NULL;
    if (*value == '~') {
        problem = usage_pattern_compile(cmd, value + 1, &pattern.regex);
    }
    else if (strncmp(value, "expr=", 5) == 0) {
        problem = usage_expression_make(cmd, value + 5, 0, &pattern.expression);
    }
    else if (*value == '/') {
        pattern.prefix = value;
    }
    else {
        problem = apr_psprintf(cmd->pool,
                               "%s: '%s' is no path that begins "
                               "with /, no ~regex and no expr=expression",
                               cmd->cmd->name, value);
    }
    if (conf->patterns == NULL) {
        conf->patterns = apr_array_make(cmd->pool, 4, sizeof(pattern_t));
    }
    APR_ARRAY_PUSH(conf->patterns, pattern_t) = pattern;
    return problem;
}

/* An expression that fails does not match: it must not hide views. */
static bool is_true(const request_rec *r, const ap_expr_info_t *expression)
{
    const char *problem = NULL;
    bool holds = usage_expression_holds((request_rec *)r, expression, &problem);
    if (problem != NULL) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, r->server,
                     "USG0023: expression of UsageExclude or UsageInclude: "
                     "%s",
                     problem);
    }
    return holds;
}

static bool matches(const pattern_t *pattern, const request_rec *r,
                    const char *path)
{
    if (pattern->prefix != NULL) {
        return usage_rules_has_prefix(path, pattern->prefix);
    }
    if (pattern->regex != NULL) {
        return ap_regexec(pattern->regex, path, 0, NULL, 0) == 0;
    }
    return is_true(r, pattern->expression);
}

static bool any_matches(const usage_dir_conf_t *conf, const request_rec *r,
                        const char *path, bool is_include)
{
    for (int i = 0; conf->patterns != NULL && i < conf->patterns->nelts; i++) {
        const pattern_t *pattern = &APR_ARRAY_IDX(conf->patterns, i, pattern_t);
        if (pattern->is_include == is_include && matches(pattern, r, path)) {
            return true;
        }
    }
    return false;
}

bool usage_pattern_excludes(const usage_dir_conf_t *conf, const request_rec *r,
                            const char *path)
{
    return any_matches(conf, r, path, false);
}

bool usage_pattern_rejects(const usage_dir_conf_t *conf, const request_rec *r)
{
    for (int i = 0; conf->patterns != NULL && i < conf->patterns->nelts; i++) {
        const pattern_t *pattern = &APR_ARRAY_IDX(conf->patterns, i, pattern_t);
        if (!pattern->is_include && pattern->expression != NULL
            && is_true(r, pattern->expression)) {
            return true;
        }
    }
    return false;
}

bool usage_pattern_includes(const usage_dir_conf_t *conf, const request_rec *r,
                            const char *path)
{
    return any_matches(conf, r, path, true);
}

const char *usage_pattern_add_path(cmd_parms *cmd, usage_server_conf_t *conf,
                                   const char *regex, const char *replacement)
{
    replacement_t rule = { .text = replacement };
    const char *problem = usage_pattern_compile(cmd, regex, &rule.regex);
    if (conf->path_rules == NULL) {
        conf->path_rules = apr_array_make(cmd->pool, 4, sizeof(replacement_t));
    }
    APR_ARRAY_PUSH(conf->path_rules, replacement_t) = rule;
    return problem;
}

/* What stands before the match, the replacement, and what stands behind. */
static const char *replace(const replacement_t *rule, const char *path,
                           apr_pool_t *pool)
{
    ap_regmatch_t groups[GROUPS];
    char *made = NULL;
    if (ap_regexec(rule->regex, path, GROUPS, groups, 0) != 0
        || ap_pregsub_ex(pool, &made, rule->text, path, GROUPS, groups,
                         REPLACED_MAX)
               != APR_SUCCESS) {
        return path;
    }
    return apr_pstrcat(pool,
                       apr_pstrmemdup(pool, path, (apr_size_t)groups[0].rm_so),
                       made != NULL ? made : "", path + groups[0].rm_eo, NULL);
}

const char *usage_pattern_path(const usage_server_conf_t *conf,
                               const char *path, apr_pool_t *pool)
{
    for (int i = 0; conf->path_rules != NULL && i < conf->path_rules->nelts;
         i++) {
        path = replace(&APR_ARRAY_IDX(conf->path_rules, i, replacement_t), path,
                       pool);
    }
    return path;
}
