/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's functions, each a named statement of the connection's dialect.
 * Runs in the flusher, and in a child's thread for the dashboard.
 */
#include "store_dbd.h"

#include <string.h>

#include <apr_strings.h>

#include "dbd.h"

static const char *const fact_statements[USAGE_FACTS] = {
    [USAGE_FACT_VIEW] = "add_view",   [USAGE_FACT_TOTAL] = "add_total",
    [USAGE_FACT_PAGE] = "add_page",   [USAGE_FACT_CLIENT] = "add_client",
    [USAGE_FACT_EVENT] = "add_event", [USAGE_FACT_USER] = "add_user",
    [USAGE_FACT_ALL] = "add_all",
};

#define QUESTION(id, name) [USAGE_ASK_##id] = #name,
static const char *const question_statements[USAGE_QUESTIONS] = {
    USAGE_QUESTION_LIST(QUESTION)
};

/* Of all sites by day or month: other statements with the same answers. */
static const char *const of_all_sites[USAGE_QUESTIONS] = {
    [USAGE_ASK_PAGES] = "all_pages",
    [USAGE_ASK_CHANGES] = "all_changes",
    [USAGE_ASK_COURSES] = "all_courses",
    [USAGE_ASK_CLIENT_SERIES] = "all_client_series",
};

/* Of all sites by month alone, likewise. */
static const char *const of_all_months[USAGE_QUESTIONS] = {
    [USAGE_ASK_CLIENT_PAGES] = "all_client_pages",
    [USAGE_ASK_CLIENT_CHANGES] = "all_client_changes",
    [USAGE_ASK_CLIENT_COURSES] = "all_client_courses",
    [USAGE_ASK_PAGE_SERIES] = "all_page_series",
};

static void bind_row(usage_binding_t *binding, const usage_row_t *row,
                     const apr_int64_t *grain)
{
    *binding = (usage_binding_t){
        .of = { [USAGE_PARAMETER_GRAIN] = grain,
                [USAGE_PARAMETER_START] = &row->start,
                [USAGE_PARAMETER_PART] = &row->part,
                [USAGE_PARAMETER_SITE] = row->site,
                [USAGE_PARAMETER_NAME] = row->name,
                [USAGE_PARAMETER_CATEGORY] = row->category,
                [USAGE_PARAMETER_DEVICE] = row->device,
                [USAGE_PARAMETER_BROWSER] = row->browser,
                [USAGE_PARAMETER_SYSTEM] = row->system },
    };
    for (int i = 0; i < USAGE_COUNTERS; i++) {
        binding->of[USAGE_PARAMETER_COUNTERS + i] = &row->values.of[i];
    }
}

/* Rows that are bound at a time. */
#define PORTION 64

static apr_status_t add_portion(usage_dbd_t *dbd, usage_fact_e fact,
                                const usage_row_t *rows, int count)
{
    usage_binding_t bindings[PORTION];
    apr_int64_t grains[PORTION];
    for (int i = 0; i < count; i++) {
        grains[i] = rows[i].grain;
        bind_row(&bindings[i], &rows[i], &grains[i]);
    }
    return usage_dbd_run_many(dbd, fact_statements[fact], bindings, count);
}

static apr_status_t dbd_add(usage_store_t *store, usage_fact_e fact,
                            const usage_row_t *rows, int count)
{
    apr_status_t rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i < count; i += PORTION) {
        int portion = count - i < PORTION ? count - i : PORTION;
        rv = add_portion(usage_dbd_of(store), fact, rows + i, portion);
    }
    return rv;
}

/* Nothing said of what a question may be about is all. */
static const char *said(const char *text)
{
    return text != NULL ? text : "";
}

bool usage_dbd_is_of_all(const usage_scope_t *scope)
{
    return *scope->site == '\0' && scope->grain != USAGE_GRAIN_BASE;
}

/* As many as the statement has; who asks for fewer names the first again. */
static void bind_names(usage_binding_t *binding, const usage_scope_t *scope)
{
    for (int i = 0; i < USAGE_NAMES; i++) {
        const char *name = scope->names[i];
        binding->of[USAGE_PARAMETER_NAMES + i] =
            said(name != NULL ? name : scope->names[0]);
    }
}

usage_binding_t usage_dbd_scope(const usage_scope_t *scope,
                                const apr_int64_t *grain)
{
    usage_binding_t binding = {
        .of = { [USAGE_PARAMETER_GRAIN] = grain,
                [USAGE_PARAMETER_FROM] = &scope->from,
                [USAGE_PARAMETER_TO] = &scope->to,
                [USAGE_PARAMETER_LIMIT] = &scope->limit,
                [USAGE_PARAMETER_DEPTH] = &scope->depth,
                [USAGE_PARAMETER_WAS_FROM] = &scope->was_from,
                [USAGE_PARAMETER_WAS_TO] = &scope->was_to,
                [USAGE_PARAMETER_WAY] = &scope->way,
                [USAGE_PARAMETER_SITE] = scope->site,
                [USAGE_PARAMETER_CATEGORY] = said(scope->category),
                [USAGE_PARAMETER_NAME] = said(scope->name),
                [USAGE_PARAMETER_DEVICE] = said(scope->device),
                [USAGE_PARAMETER_BROWSER] = said(scope->browser),
                [USAGE_PARAMETER_SYSTEM] = said(scope->system) },
    };
    bind_names(&binding, scope);
    return binding;
}

static const char *statement_of(usage_question_e question,
                                const usage_scope_t *scope)
{
    bool is_of_months = scope->grain == USAGE_GRAIN_MONTH;
    const char *name = NULL;
    if (usage_dbd_is_of_all(scope)) {
        name = of_all_sites[question];
        name = name == NULL && is_of_months ? of_all_months[question] : name;
    }
    return name != NULL ? name : question_statements[question];
}

static apr_status_t dbd_ask(usage_store_t *store, usage_question_e question,
                            const usage_scope_t *scope, usage_answer_fn *fn,
                            void *baton)
{
    apr_int64_t grain = scope->grain;
    usage_binding_t binding = usage_dbd_scope(scope, &grain);
    return usage_dbd_select(usage_dbd_of(store), statement_of(question, scope),
                            &binding, fn, baton);
}

static const char *dbd_error(usage_store_t *store)
{
    return usage_dbd_of(store)->error;
}

usage_trouble_e usage_store_dbd_trouble(usage_store_t *store)
{
    return usage_dbd_of(store)->trouble;
}

/* A failure is the connection's, and what is asked next meets it, too. */
void usage_store_dbd_hurry(usage_store_t *store, bool is_begin)
{
    usage_dbd_t other = *usage_dbd_of(store); /* keeps its own last error */
    usage_dbd_t *dbd = &other;
    usage_dbd_of(store)->until =
        is_begin ? apr_time_now() + apr_time_from_sec(USAGE_STORE_PATIENCE) : 0;
    if (is_begin) {
        usage_dbd_execute(dbd, "hurry", "setting a deadline");
    }
    else {
        usage_dbd_execute(dbd, "unhurry", "taking a deadline back");
    }
}

usage_store_t *usage_store_dbd_make(usage_connection_t *connection,
                                    const char *version)
{
    usage_dbd_t *dbd = apr_palloc(connection->pool, sizeof *dbd);
    *dbd = (usage_dbd_t){
        .store = { .prepare = usage_dbd_prepare,
                   .is_made = usage_dbd_is_made,
                   .begin = usage_dbd_begin,
                   .commit = usage_dbd_commit,
                   .rollback = usage_dbd_rollback,
                   .batch_get = usage_dbd_batch_get,
                   .batch_move = usage_dbd_batch_move,
                   .node_touch = usage_dbd_node_touch,
                   .nodes_ask = usage_dbd_nodes_ask,
                   .add = dbd_add,
                   .ask = dbd_ask,
                   .clients_ask = usage_dbd_clients_ask,
                   .events_ask = usage_dbd_events_ask,
                   .seen_get = usage_dbd_seen_get,
                   .seen_put = usage_dbd_seen_put,
                   .seen_ask = usage_dbd_seen_ask,
                   .recent_put = usage_dbd_recent_put,
                   .recent_trim = usage_dbd_recent_trim,
                   .recent_ask = usage_dbd_recent_ask,
                   .salt_trim = usage_dbd_salt_trim,
                   .salt_put = usage_dbd_salt_put,
                   .salt_ask = usage_dbd_salt_ask,
                   .mark_put = usage_dbd_mark_put,
                   .mark_lock = usage_dbd_mark_lock,
                   .mark_put_once = usage_dbd_mark_put_once,
                   .marks_ask = usage_dbd_marks_ask,
                   .node_version = usage_dbd_node_version,
                   .error = dbd_error,
                   .keeper = &usage_dbd_keeper },
        .connection = connection,
        .version = version,
        .error = "no error",
    };
    return &dbd->store;
}
