/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod_dbd keeps its configuration to itself, so it is read off the tree of
 * directives. Whether the server's user may write is asked of a process that
 * has become that user, which knows of groups, chroot and all.
 */
#include "preflight.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <apr_file_info.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_log.h>
#include <unixd.h>

#include "breakdown.h"
#include "config.h"
#include "dialect.h"
#include "flusher.h"
#include "mod_usage.h"

APLOG_USE_MODULE(usage);

/* The last value of a directive outside of virtual hosts, or NULL. */
static const char *value_of(const ap_directive_t *tree, const char *name)
{
    const char *value = NULL;
    for (; tree != NULL; tree = tree->next) {
        if (ap_cstr_casecmp(tree->directive, name) == 0) {
            value = tree->args;
        }
        else if (ap_cstr_casecmp(tree->directive, "<VirtualHost") != 0
                 && tree->first_child != NULL) {
            const char *inner = value_of(tree->first_child, name);
            value = inner != NULL ? inner : value;
        }
    }
    return value;
}

static const char *word_of(const char *directive, apr_pool_t *pool)
{
    const char *args = value_of(ap_conftree, directive);
    return args != NULL ? ap_getword_conf(pool, &args) : NULL;
}

static int refuse(server_rec *s, const char *why)
{
    ap_log_error(APLOG_MARK, APLOG_CRIT, 0, s, "USG0017: Usage On needs %s",
                 why);
    return HTTP_INTERNAL_SERVER_ERROR;
}

static bool lacks_countries(const server_rec *s)
{
    bool is_asked = false;
    const usage_global_conf_t *global = usage_server_conf(s)->global;
    for (; s != NULL && !is_asked; s = s->next) {
        is_asked =
            (usage_server_conf(s)->breakdowns & USAGE_BREAKDOWN_BIT(COUNTRY))
            != 0;
    }
    return is_asked && global->geo == NULL;
}

int usage_preflight_config(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp, server_rec *s)
{
    (void)pconf;
    (void)plog;
    if (!usage_conf_is_used()) {
        return OK;
    }
    if (ap_find_linked_module("mod_dbd.c") == NULL) {
        return refuse(s, "mod_dbd: add \"LoadModule dbd_module "
                         "modules/mod_dbd.so\"");
    }
    const char *driver = word_of("DBDriver", ptemp);
    if (driver == NULL) {
        return refuse(s, "a database: add \"DBDriver sqlite3\" and "
                         "\"DBDParams /path/usage.db\" outside of virtual "
                         "hosts");
    }
    const usage_dialect_t *dialect = usage_dialect_of(driver);
    if (dialect == NULL) {
        return refuse(s, apr_psprintf(ptemp,
                                      "one of these in DBDriver: %s; "
                                      "it does not know %s",
                                      usage_dialect_drivers(ptemp), driver));
    }
    if (lacks_countries(s)) {
        return refuse(s, "a database of countries for UsageBreakdown country: "
                         "add \"UsageGeoDB /path/countries.mmdb\"");
    }
    if (word_of("DBDParams", ptemp) == NULL) {
        return refuse(s, apr_psprintf(ptemp,
                                      "to know the database: add "
                                      "\"DBDParams \"%s\"\"",
                                      dialect->params));
    }
    return OK;
}

typedef struct rights_t {
    const char *file;
    const char *folder;
} rights_t;

enum { MAY_ALL, MAY_NOT_FOLDER, MAY_NOT_FILE };

/* Runs as the server's user. */
static int check_rights(void *baton)
{
    const rights_t *rights = baton;
    if (access(rights->folder, W_OK | X_OK) != 0) {
        return MAY_NOT_FOLDER;
    }
    if (access(rights->file, F_OK) == 0
        && access(rights->file, R_OK | W_OK) != 0) {
        return MAY_NOT_FILE;
    }
    return MAY_ALL;
}

static void report_rights(server_rec *s, int answer, const rights_t *rights)
{
    const char *user = ap_unixd_config.user_name;
    if (user == NULL || geteuid() != 0) {
        user = "the server's user";
    }
    if (answer == MAY_NOT_FOLDER) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "USG0018: DBDParams: %s can't write the folder %s, where "
                     "SQLite keeps files beside the database; make a folder "
                     "for it alone and give it to that user (chown), or set "
                     "User; until then counts stay in memory",
                     user, rights->folder);
    }
    if (answer == MAY_NOT_FILE) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "USG0019: DBDParams: %s can't write the database %s, "
                     "which another user made, such as root with sqlite3; "
                     "give it to that user with all that begins with its name "
                     "(chown %s*); until then counts stay in memory",
                     user, rights->file, rights->file);
    }
}

void usage_preflight_rights(server_rec *s, apr_pool_t *ptemp)
{
    const char *driver = word_of("DBDriver", ptemp);
    const char *file = word_of("DBDParams", ptemp);
    if (driver == NULL || file == NULL || strcmp(driver, "sqlite3") != 0) {
        return;
    }
    rights_t rights = { .file = file,
                        .folder = ap_make_dirstr_parent(ptemp, file) };
    report_rights(s, usage_flusher_ask(s, check_rights, &rights, ptemp),
                  &rights);
}

const usage_dialect_t *usage_preflight_dialect(apr_pool_t *pool)
{
    const char *driver = word_of("DBDriver", pool);
    return driver != NULL ? usage_dialect_of(driver) : NULL;
}

const char *usage_preflight_place(apr_pool_t *pool)
{
    const usage_dialect_t *dialect = usage_preflight_dialect(pool);
    const char *params = word_of("DBDParams", pool);
    return dialect != NULL && params != NULL
               ? usage_dialect_place(dialect, params, pool)
               : "the database of DBDParams";
}
