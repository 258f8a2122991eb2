/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What UsageExclude, UsageInclude and UsagePath may say beyond a prefix:
 * regular expressions and httpd's expressions. Compiled while the
 * configuration is read, matched in every thread.
 */
#ifndef USAGE_PATTERN_H
#define USAGE_PATTERN_H

#include <stdbool.h>

#include <httpd.h>
#include <http_config.h>

#include "config.h"

/** Compile the regular expression of a directive. @return NULL, or what is
 * wrong with it */
const char *usage_pattern_compile(cmd_parms *cmd, const char *text,
                                  ap_regex_t **regex);

/**
 * Add a pattern to a directory's: "~regex" of a path, "expr=expression" of a
 * request, or, to include, "/prefix".
 * @return NULL, or what is wrong with it
 */
const char *usage_pattern_add(cmd_parms *cmd, usage_dir_conf_t *conf,
                              const char *value, bool is_include);

/** Whether a pattern of UsageExclude matches. */
bool usage_pattern_excludes(const usage_dir_conf_t *conf, const request_rec *r,
                            const char *path);

/** Whether an expression of UsageExclude matches: the request, not its path, is
 * not to be counted. */
bool usage_pattern_rejects(const usage_dir_conf_t *conf, const request_rec *r);

/** Whether UsageInclude takes the path back from all exclusions. */
bool usage_pattern_includes(const usage_dir_conf_t *conf, const request_rec *r,
                            const char *path);

/** Add a rule of UsagePath. @return NULL, or what is wrong with it */
const char *usage_pattern_add_path(cmd_parms *cmd, usage_server_conf_t *conf,
                                   const char *regex, const char *replacement);

/** A path as the rules of UsagePath make it, each applied once, in order. */
const char *usage_pattern_path(const usage_server_conf_t *conf,
                               const char *path, apr_pool_t *pool);

#endif
