/* SPDX-License-Identifier: Apache-2.0 */
/* The servers of a database, told by when each was last there. */
#include "ledger.h"

enum { INTERVAL = 60, PATIENCE = 300, WEEK = 7 * DAY };

/* A node that flushed so many seconds ago; first this one. */
static void put_node(int at, const char *name, apr_int64_t age)
{
    memory_node_t *put = &state->nodes[at];
    apr_cpystrn(put->name, name, sizeof put->name);
    put->batch = 7;
    put->last_flush = now - age;
}

static usage_model_t model_of(const char *site, apr_int64_t interval)
{
    usage_query_t *query = apr_palloc(unit_pool, sizeof *query);
    usage_source_t source = { .store = &store.store,
                              .memory = &memory,
                              .node = node,
                              .flush_interval = interval,
                              .version = "1.2.3" };
    usage_model_t model;
    *query = query_of(site, USAGE_PERIOD_DAY);
    usage_model_read(&source, query, &model, unit_pool);
    return model;
}

static usage_nodes_t nodes_of(void)
{
    return model_of("", INTERVAL).nodes;
}

static const char *names_of(const usage_nodes_t *nodes)
{
    const char *names = "";
    for (int i = 0; i < nodes->count; i++) {
        names = apr_pstrcat(unit_pool, names, nodes->rows[i].name,
                            nodes->rows[i].is_silent ? "! " : " ", NULL);
    }
    return names;
}

START_TEST(one_server_is_no_list)
{
    ck_assert_int_eq(nodes_of().count, 0);
    flush_well();
    count_view(&memory, "/", now);
    flush_well();
    ck_assert_int_eq(nodes_of().count, 0);
    ck_assert_int_eq(nodes_of().gone, 0);
}
END_TEST

START_TEST(others_are_listed_with_this_one)
{
    put_node(0, node, 40);
    put_node(1, "zone.example", 20);
    put_node(2, "alpha.example", 10);
    usage_nodes_t nodes = nodes_of();
    ck_assert_str_eq(names_of(&nodes),
                     "alpha.example node.example zone.example ");
    ck_assert_int_eq(nodes.rows[0].age, 10);
    ck_assert_int_eq(nodes.rows[0].batch, 7);
    ck_assert_int_eq(nodes.rows[0].late, 0);
    ck_assert(!nodes.rows[0].is_own && nodes.rows[1].is_own);
    ck_assert_int_eq(nodes.patience, PATIENCE);
}
END_TEST

START_TEST(a_site_s_page_lists_none)
{
    put_node(1, "other", 10);
    ck_assert_int_eq(model_of("a.example", INTERVAL).nodes.count, 0);
}
END_TEST

/* What this one flushed it knows itself, a restart ago the database does. */
START_TEST(own_flush_is_known_from_memory_or_database)
{
    put_node(0, node, 40);
    put_node(1, "other", 10);
    ck_assert_int_eq(nodes_of().rows[0].age, 40);
    count_view(&memory, "/", now);
    flush_well();
    ck_assert_int_eq(nodes_of().rows[0].age, 0);
    ck_assert_int_eq(nodes_of().rows[0].batch, 8);
}
END_TEST

START_TEST(a_server_without_counts_says_that_it_is_there)
{
    usage_flush_report_t report;
    usage_flush_t flush = { .memory = &memory,
                            .store = &store.store,
                            .node = node,
                            .zones = zones,
                            .now = now + 600 };
    count_view(&memory, "/", now);
    flush_well();
    ck_assert_int_eq(usage_flush_run(&flush, &report, unit_pool), APR_SUCCESS);
    ck_assert_int_eq(report.batch, 0);
    ck_assert_int_eq(state->nodes[0].batch, 1);
    ck_assert_int_eq(state->nodes[0].last_flush, now + 600);
}
END_TEST

START_TEST(silence_is_longer_than_patience)
{
    static const struct {
        apr_int64_t interval, age;
        bool is_silent;
    } rows[] = {
        { 60, PATIENCE, false }, { 60, PATIENCE + 1, true },
        { 600, 1800, false },    { 600, 1801, true },
        { 10, 31, false },       { 60, -3600, false },
    };
    put_node(1, "other", rows[_i].age);
    const usage_model_t model = model_of("", rows[_i].interval);
    ck_assert_int_eq(model.nodes.count, 2);
    ck_assert_int_eq(model.nodes.rows[0].is_silent
                         || model.nodes.rows[1].is_silent,
                     rows[_i].is_silent);
}
END_TEST

START_TEST(silent_ones_come_first)
{
    put_node(1, "alpha", 10);
    put_node(2, "zeta", PATIENCE + 1);
    usage_nodes_t nodes = nodes_of();
    ck_assert_str_eq(names_of(&nodes), "zeta! alpha node.example ");
    ck_assert_int_eq(nodes.rows[0].late, PATIENCE + 1 - INTERVAL);
}
END_TEST

START_TEST(a_little_late_is_on_time)
{
    put_node(1, "alpha", INTERVAL + 15);
    put_node(2, "beta", INTERVAL + 16);
    usage_nodes_t nodes = nodes_of();
    ck_assert_int_eq(nodes.rows[0].late, 0);
    ck_assert_int_eq(nodes.rows[1].late, 16);
}
END_TEST

START_TEST(clock_that_is_ahead_is_told)
{
    put_node(1, "alpha", -60);
    put_node(2, "beta", -600);
    usage_nodes_t nodes = nodes_of();
    ck_assert_int_eq(nodes.rows[0].ahead, 0);
    ck_assert_int_eq(nodes.rows[1].ahead, 600);
    ck_assert_int_eq(nodes.rows[1].age, 0);
}
END_TEST

START_TEST(long_gone_is_a_number)
{
    put_node(1, "alpha", WEEK);
    put_node(2, "beta", WEEK + 1);
    usage_nodes_t nodes = nodes_of();
    ck_assert_str_eq(names_of(&nodes), "alpha! node.example ");
    ck_assert_int_eq(nodes.gone, 1);
}
END_TEST

/* What a server's upgrade wrote for a while is no server. */
START_TEST(remnant_of_an_upgrade_is_left_out)
{
    put_node(1, "node.example~1", PATIENCE + 1);
    ck_assert_int_eq(nodes_of().count, 0);
    put_node(1, "node.example~1", 5);
    ck_assert_int_eq(nodes_of().count, 2);
    put_node(1, "node.example~x", PATIENCE + 1);
    put_node(2, "nobody~1", PATIENCE + 1);
    usage_nodes_t nodes = nodes_of();
    ck_assert_str_eq(names_of(&nodes),
                     "nobody~1! node.example~x! node.example ");
}
END_TEST

START_TEST(keeper_is_who_has_the_lease)
{
    ck_assert_str_eq(nodes_of().keeper, "");
    state->lease = (usage_lease_t){ .node = "other", .done = now - 70 };
    usage_model_t model = model_of("a.example", INTERVAL);
    ck_assert_str_eq(model.nodes.keeper, "other");
    ck_assert_int_eq(model.nodes.kept, now - 70);
}
END_TEST

START_TEST(without_a_database_nothing_is_known)
{
    put_node(1, "other", 10);
    usage_query_t query = query_of("", USAGE_PERIOD_DAY);
    usage_model_t model = read_model(&query, NULL);
    ck_assert_int_eq(model.nodes.count, 0);
    ck_assert_ptr_null(model.nodes.keeper);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nodes");
    TCase *tcase = unit_case(suite, "nodes");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, one_server_is_no_list);
    tcase_add_test(tcase, others_are_listed_with_this_one);
    tcase_add_test(tcase, a_site_s_page_lists_none);
    tcase_add_test(tcase, own_flush_is_known_from_memory_or_database);
    tcase_add_test(tcase, a_server_without_counts_says_that_it_is_there);
    tcase_add_loop_test(tcase, silence_is_longer_than_patience, 0, 6);
    tcase_add_test(tcase, silent_ones_come_first);
    tcase_add_test(tcase, a_little_late_is_on_time);
    tcase_add_test(tcase, clock_that_is_ahead_is_told);
    tcase_add_test(tcase, long_gone_is_a_number);
    tcase_add_test(tcase, remnant_of_an_upgrade_is_left_out);
    tcase_add_test(tcase, keeper_is_who_has_the_lease);
    tcase_add_test(tcase, without_a_database_nothing_is_known);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
