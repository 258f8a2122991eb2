/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts lines of the error log. The hook runs wherever a line is logged: in
 * every thread of every child, in a flusher, in the parent. So nothing here may
 * log, and nothing that it calls does.
 *
 * The parent, which is root, does not walk the tables of the segment, where
 * children can write what they like: it adds to tallies that lie in shared
 * memory of their own, each at an address that was worked out when the
 * configuration was read. The next flusher moves them into the tables. What the
 * parent logs once it runs is the main server's.
 */
#include "log_event.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <apr_shm.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <unixd.h>

#include "engine/event.h"
#include "mod_usage_api.h"
#include "pattern.h"
#include "segment.h"

APLOG_USE_MODULE(usage);

#define CATEGORY "log"

/* Distinct events of the parent's, in all configurations that it ever reads;
 * those that come later are not counted of its own lines. */
#define TALLIES 1024

typedef struct rule_t {
    const char *text; /* a part of the line, or NULL */
    ap_regex_t *regex; /* then this */
    usage_text_t category;
    usage_text_t name;
    _Atomic apr_int64_t *tally; /* of the parent's lines, or NULL */
} rule_t;

/* What outlives the configuration. */
typedef struct tallies_t {
    _Atomic apr_int64_t *counts; /* TALLIES of them */
    apr_array_header_t *names; /* of const char *: category, "\n", name */
} tallies_t;

static const server_rec *main_server;

static usage_text_t copy(usage_text_t text, apr_pool_t *pool)
{
    return (usage_text_t){ apr_pstrmemdup(pool, text.data, text.length),
                           text.length };
}

static const char *make_event(cmd_parms *cmd, const char *name,
                              const char *category, rule_t *rule)
{
    usage_event_words_t words = { .name = { name, strlen(name) },
                                  .category = { category, strlen(category) } };
    usage_event_room_t room;
    usage_event_t event;
    if (!usage_event_make(&words, &room, &event)) {
        return apr_psprintf(cmd->pool,
                            "UsageLogEvent: the category '%s' is one of the "
                            "module's own; give events another",
                            category);
    }
    rule->name = copy(event.name, cmd->pool);
    rule->category = copy(event.category, cmd->pool);
    return NULL;
}

const char *usage_log_event_add(cmd_parms *cmd, void *dir, const char *pattern,
                                const char *name, const char *category)
{
    usage_server_conf_t *conf = usage_server_conf(cmd->server);
    rule_t rule = { .text = pattern };
    const char *problem =
        make_event(cmd, name, category != NULL ? category : CATEGORY, &rule);
    (void)dir;
    if (*pattern == '~') {
        rule.text = NULL;
        if (problem == NULL) {
            problem = usage_pattern_compile(cmd, pattern + 1, &rule.regex);
        }
    }
    if (conf->log_rules == NULL) {
        conf->log_rules = apr_array_make(cmd->pool, 2, sizeof(rule_t));
    }
    APR_ARRAY_PUSH(conf->log_rules, rule_t) = rule;
    return problem;
}

static bool matches(const rule_t *rule, const char *line)
{
    return rule->text != NULL ? strstr(line, rule->text) != NULL
                              : ap_regexec(rule->regex, line, 0, NULL, 0) == 0;
}

/* The first that matches, so that a line counts once; or NULL. */
static const rule_t *rule_of(const usage_server_conf_t *conf, const char *line)
{
    for (int i = 0; conf->log_rules != NULL && i < conf->log_rules->nelts;
         i++) {
        const rule_t *rule = &APR_ARRAY_IDX(conf->log_rules, i, rule_t);
        if (matches(rule, line)) {
            return rule;
        }
    }
    return NULL;
}

static void count(const usage_server_conf_t *conf, const rule_t *rule,
                  apr_int64_t number)
{
    usage_event_t event = { .sort = USAGE_NAMES_CLOSED,
                            .category = rule->category,
                            .name = rule->name,
                            .count = number };
    usage_event_count(usage_segment_memory(), conf->host, &event,
                      apr_time_sec(apr_time_now()));
}

/* The parent, and what it has just forked. */
static bool is_root(void)
{
    return geteuid() == 0 && ap_unixd_config.user_id != 0;
}

static void note(const ap_errorlog_info *info, const char *line)
{
    bool is_parents = is_root();
    const server_rec *s =
        info->s != NULL && !is_parents ? info->s : main_server;
    const usage_server_conf_t *conf = usage_server_conf(s);
    const rule_t *rule = usage_conf_counts(s) ? rule_of(conf, line) : NULL;
    if (rule == NULL) {
        return;
    }
    if (!is_parents) {
        count(conf, rule, 1);
    }
    else if (rule->tally != NULL) {
        atomic_fetch_add(rule->tally, 1);
    }
}

/* In the flusher. */
static int move_tallies(server_rec *s, apr_pool_t *pool)
{
    const usage_server_conf_t *conf = usage_server_conf(s);
    (void)pool;
    for (int i = 0; conf->log_rules != NULL && i < conf->log_rules->nelts;
         i++) {
        const rule_t *rule = &APR_ARRAY_IDX(conf->log_rules, i, rule_t);
        if (rule->tally != NULL) {
            count(conf, rule, atomic_exchange(rule->tally, 0));
        }
    }
    return OK;
}

static tallies_t *tallies_of(server_rec *s)
{
    static const char key[] = "mod_usage log tallies";
    apr_pool_t *pool = s->process->pool;
    void *tallies = NULL;
    apr_shm_t *shm;
    apr_pool_userdata_get(&tallies, key, pool);
    if (tallies == NULL) {
        apr_status_t rv = apr_shm_create(
            &shm, TALLIES * sizeof(_Atomic apr_int64_t), NULL, pool);
        if (rv != APR_SUCCESS) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s,
                         "USG0087: mod_usage gets no shared memory for "
                         "UsageLogEvent; lines that the parent logs are not "
                         "counted");
            return NULL;
        }
        tallies_t *made = apr_palloc(pool, sizeof *made);
        made->counts = apr_shm_baseaddr_get(shm);
        made->names = apr_array_make(pool, 4, sizeof(const char *));
        apr_pool_userdata_set(made, key, apr_pool_cleanup_null, pool);
        tallies = made;
    }
    return tallies;
}

/* An event has the tally that it had in the configuration before. */
static _Atomic apr_int64_t *tally_of(tallies_t *tallies, const rule_t *rule,
                                     apr_pool_t *ptemp)
{
    const char *name = apr_psprintf(
        ptemp, "%.*s\n%.*s", (int)rule->category.length, rule->category.data,
        (int)rule->name.length, rule->name.data);
    int i = 0;
    while (i < tallies->names->nelts
           && strcmp(APR_ARRAY_IDX(tallies->names, i, const char *), name)
                  != 0) {
        i++;
    }
    if (i == TALLIES) {
        return NULL;
    }
    if (i == tallies->names->nelts) {
        APR_ARRAY_PUSH(tallies->names, const char *) =
            apr_pstrdup(tallies->names->pool, name);
    }
    return &tallies->counts[i];
}

static void give_tallies(server_rec *s, apr_pool_t *ptemp)
{
    const usage_server_conf_t *conf = usage_server_conf(s);
    tallies_t *tallies = conf->log_rules != NULL ? tallies_of(s) : NULL;
    for (int i = 0; tallies != NULL && i < conf->log_rules->nelts; i++) {
        rule_t *rule = &APR_ARRAY_IDX(conf->log_rules, i, rule_t);
        rule->tally = tally_of(tallies, rule, ptemp);
    }
}

static bool has_rules(const server_rec *s)
{
    while (s != NULL && usage_server_conf(s)->log_rules == NULL) {
        s = s->next;
    }
    return s != NULL;
}

void usage_log_event_start(server_rec *s, apr_pool_t *ptemp)
{
    if (has_rules(s)) {
        main_server = s;
        give_tallies(s, ptemp);
        ap_hook_error_log(note, NULL, NULL, APR_HOOK_MIDDLE);
        APR_OPTIONAL_HOOK(ap, usage_before_flush, move_tallies, NULL, NULL,
                          APR_HOOK_MIDDLE);
    }
}
