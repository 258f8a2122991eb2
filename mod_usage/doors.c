/* SPDX-License-Identifier: Apache-2.0 */
/* Events of directives, variables and response headers. Runs in every thread
 * of every child, when the response is over. */
#include "doors.h"

#include <string.h>

#include <apr_strings.h>
#include <http_log.h>

#include "engine/event.h"
#include "engine/event_line.h"
#include "engine/memo.h"
#include "engine/often.h"
#include "engine/text.h"
#include "expression.h"
#include "headers.h"
#include "request.h"
#include "segment.h"

APLOG_USE_MODULE(usage);

/* The note of the client's request that remembers a header. It is known by its
 * address. */
static const char taken_note[] = "usage-event-header";

/* A text, or an expression that makes one. */
typedef struct word_t {
    const char *text;
    ap_expr_info_t *expression; /* or NULL */
} word_t;

typedef struct rule_t {
    word_t name;
    word_t category;
    ap_expr_info_t *condition; /* or NULL */
} rule_t;

static const char *make_word(cmd_parms *cmd, const char *text, word_t *word)
{
    *word = (word_t){ .text = text };
    return strchr(text, '%') == NULL
               ? NULL
               : usage_expression_make(cmd, text, AP_EXPR_FLAG_STRING_RESULT,
                                       &word->expression);
}

static const char *make_category(cmd_parms *cmd, const char *text, word_t *word)
{
    if (usage_event_is_reserved(usage_text_of(text))) {
        return apr_psprintf(cmd->pool,
                            "UsageEvent: the category '%s' is one of the "
                            "module's own; give events another",
                            text);
    }
    return make_word(cmd, text, word);
}

static const char *make_rule(cmd_parms *cmd, const char *const words[3],
                             rule_t *rule)
{
    const char *problem = make_word(cmd, words[0], &rule->name);
    bool has_category = false;
    for (int i = 1; problem == NULL && i < 3 && words[i] != NULL; i++) {
        if (strncmp(words[i], "expr=", 5) == 0 && rule->condition == NULL) {
            problem =
                usage_expression_make(cmd, words[i] + 5, 0, &rule->condition);
        }
        else if (!has_category && rule->condition == NULL) {
            problem = make_category(cmd, words[i], &rule->category);
            has_category = true;
        }
        else {
            problem = "UsageEvent takes a name, then perhaps a category, then "
                      "perhaps expr=expression";
        }
    }
    return problem;
}

usage_doors_t *usage_doors_of(usage_dir_conf_t *conf, apr_pool_t *pool)
{
    if (conf->doors == NULL) {
        conf->doors = apr_pcalloc(pool, sizeof *conf->doors);
        conf->doors->reads_header = -1;
        conf->doors->reads_variable = -1;
    }
    return conf->doors;
}

const char *usage_doors_add(cmd_parms *cmd, usage_dir_conf_t *conf,
                            const char *const words[3])
{
    usage_doors_t *doors = usage_doors_of(conf, cmd->pool);
    rule_t rule = { .category = { .text = "" } };
    const char *problem = make_rule(cmd, words, &rule);
    if (doors->rules == NULL) {
        doors->rules = apr_array_make(cmd->pool, 2, sizeof(rule_t));
    }
    APR_ARRAY_PUSH(doors->rules, rule_t) = rule;
    return problem;
}

usage_doors_t *usage_doors_merge(apr_pool_t *pool, const usage_doors_t *under,
                                 const usage_doors_t *over)
{
    if (under == NULL || over == NULL) {
        const usage_doors_t *only = under != NULL ? under : over;
        return only != NULL ? apr_pmemdup(pool, only, sizeof *only) : NULL;
    }
    usage_doors_t *doors = apr_pmemdup(pool, over, sizeof *over);
    if (over->reads_header == -1) {
        doors->reads_header = under->reads_header;
    }
    if (over->reads_variable == -1) {
        doors->reads_variable = under->reads_variable;
    }
    doors->rules = usage_conf_join(pool, under->rules, over->rules);
    return doors;
}

static bool is_taken(const apr_table_entry_t *header)
{
    return usage_headers_is(header->key, USAGE_EVENT_HEADER,
                            sizeof USAGE_EVENT_HEADER - 1);
}

USAGE_SOMETIMES void usage_doors_remember(const request_rec *root,
                                          const char *line)
{
    if (line != NULL) {
        apr_table_addn(root->notes, taken_note, line);
    }
}

/* The last is kept in @a one. */
static USAGE_OFTEN void take_of(const request_rec *root, apr_table_t *headers,
                                const char **one)
{
    const apr_array_header_t *array = apr_table_elts(headers);
    const apr_table_entry_t *header = (const void *)array->elts;
    const apr_table_entry_t *end = header + array->nelts;
    bool has_any = false;
    for (; header < end; header++) {
        if (is_taken(header)) {
            usage_doors_remember(root, *one);
            *one = header->val;
            has_any = true;
        }
    }
    if (has_any) {
        apr_table_unset(headers, USAGE_EVENT_HEADER);
    }
}

const char *usage_doors_take(const request_rec *root, request_rec *r)
{
    const char *one = NULL;
    take_of(root, r->headers_out, &one);
    if (!apr_is_empty_table(r->err_headers_out)) {
        take_of(root, r->err_headers_out, &one);
    }
    return one;
}

static USAGE_OFTEN usage_memo_t memo_of(const request_rec *root)
{
    return usage_memo_begin(usage_segment_memory(),
                            usage_server_conf(root->server)->host,
                            usage_request_second(root));
}

static apr_uint64_t count(const request_rec *root,
                          const usage_event_words_t *words)
{
    usage_event_room_t room;
    usage_event_t event;
    usage_event_make(words, &room, &event);
    return usage_event_count(usage_segment_memory(),
                             usage_server_conf(root->server)->host, &event,
                             usage_request_second(root));
}

/* What a line holds may be anything: it is not for the log. Of one event, once,
 * it is remembered where that is counted. */
USAGE_RARELY static void read_line(const request_rec *root, const char *name,
                                   const char *line, const usage_memo_t *memo)
{
    usage_event_line_t room; /* needs no zeros */
    usage_event_reader_t reader = usage_event_read(line, &room);
    usage_event_words_t words;
    apr_uint64_t place = 0;
    apr_int64_t counted = 0;
    apr_status_t rv;
    while ((rv = usage_event_next(&reader, &words)) != APR_EOF) {
        if (rv == APR_SUCCESS) {
            place = count(root, &words);
            counted += words.count;
        }
        else {
            ap_log_error(APLOG_MARK, APLOG_INFO, 0, root->server,
                         "USG0080: %s has an event that can't be read; it is "
                         "not counted: an event is 'name; category=words; "
                         "count=number'",
                         name);
            counted = 0;
            place = 0;
        }
    }
    if (place != 0 && counted == 1) {
        usage_memo_keep(memo, place);
    }
}

static int count_line(void *baton, const char *name, const char *line)
{
    const request_rec *root = baton;
    usage_memo_t memo = memo_of(root);
    usage_memo_look(&memo, USAGE_MEMO_LINE, usage_text_of(line));
    if (!usage_memo_count(&memo)) {
        read_line(root, name, line, &memo);
    }
    return 1;
}

static bool count_lines_of(const request_rec *root, const apr_table_t *table,
                           const char *name)
{
    bool has_any = apr_table_get(table, name) != NULL;
    if (has_any) {
        apr_table_do(count_line, (void *)root, table, name, NULL);
    }
    return has_any;
}

USAGE_RARELY static void count_remembered(const request_rec *root)
{
    const apr_array_header_t *array = apr_table_elts(root->notes);
    const apr_table_entry_t *note = (const void *)array->elts;
    for (int i = 0; i < array->nelts; i++, note++) {
        if (note->key == taken_note) {
            count_line((void *)root, note->key, note->val);
        }
    }
}

USAGE_SOMETIMES void usage_doors_count_taken(const request_rec *root,
                                             const char *line)
{
    if (line != NULL) {
        count_line((void *)root, taken_note, line);
    }
    if (!apr_is_empty_table(root->notes)) {
        count_remembered(root);
    }
}

/* What the client's request has counts; else what the one that answered has. */
USAGE_SOMETIMES static void count_variables(const request_rec *root,
                                            const request_rec *last)
{
    if (!count_lines_of(root, root->subprocess_env, USAGE_EVENT_VARIABLE)
        && last != root) {
        count_lines_of(root, last->subprocess_env, USAGE_EVENT_VARIABLE);
    }
    if (!count_lines_of(root, root->notes, USAGE_EVENT_VARIABLE)
        && last != root) {
        count_lines_of(root, last->notes, USAGE_EVENT_VARIABLE);
    }
}

static void report(const request_rec *r, const char *problem)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, r->server,
                 "USG0081: expression of UsageEvent: %s", problem);
}

static usage_text_t make_text(request_rec *r, const word_t *word,
                              const char **problem)
{
    const char *text = word->text;
    if (word->expression != NULL) {
        text = usage_expression_text(r, word->expression, problem);
    }
    return usage_text_of(text);
}

static bool applies(const rule_t *rule, request_rec *r, const char **problem)
{
    return rule->condition != NULL
               ? usage_expression_holds(r, rule->condition, problem)
               : r->status < HTTP_BAD_REQUEST;
}

/* Of an event that is the same for every request it is remembered where it is
 * counted: of the rule as it was read, whose name stays where it is, while
 * places that are joined for a request have copies. */
static void count_constant(const rule_t *rule, const request_rec *root)
{
    usage_memo_t memo = memo_of(root);
    usage_memo_look_number(&memo, USAGE_MEMO_RULE,
                           (apr_uintptr_t)rule->name.text);
    if (!usage_memo_count(&memo)) {
        usage_event_words_t words = { .name = usage_text_of(rule->name.text),
                                      .category =
                                          usage_text_of(rule->category.text),
                                      .count = 1 };
        usage_memo_keep(&memo, count(root, &words));
    }
}

static void count_rule(const rule_t *rule, request_rec *root)
{
    const char *problem = NULL;
    usage_event_words_t words = { .count = 1 };
    bool is_wanted = applies(rule, root, &problem);
    if (is_wanted && rule->name.expression == NULL
        && rule->category.expression == NULL) {
        count_constant(rule, root);
    }
    else if (is_wanted) {
        words.name = make_text(root, &rule->name, &problem);
        words.category = make_text(root, &rule->category, &problem);
        if (problem == NULL) {
            count(root, &words);
        }
    }
    if (problem != NULL) {
        report(root, problem);
    }
}

/* Expressions are about the client's request, but for the status, which is that
 * of the answer. */
USAGE_SOMETIMES static void count_rules(const usage_doors_t *doors,
                                        request_rec *root,
                                        const request_rec *last)
{
    int status = root->status;
    root->status = last->status;
    for (int i = 0; i < doors->rules->nelts; i++) {
        count_rule(&APR_ARRAY_IDX(doors->rules, i, rule_t), root);
    }
    root->status = status;
}

USAGE_SOMETIMES void usage_doors_count(const usage_doors_t *doors,
                                       request_rec *root, request_rec *last)
{
    if (doors->rules != NULL) {
        count_rules(doors, root, last);
    }
    if (doors->reads_variable == 1) {
        count_variables(root, last);
    }
}
