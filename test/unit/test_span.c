/* SPDX-License-Identifier: Apache-2.0 */
/* Periods, dates, what they are compared with and where links lead from them:
 * on 2026-07-14, 15:04, in UTC. */
#include "unit.h"

#include <string.h>

#include <apr_strings.h>

#include "link.h"
#include "query.h"
#include "span.h"
#include "zoned.h"

enum { HOUR = 60 * 60, DAY = 24 * HOUR };

static const apr_int64_t now = 1784041440;

static apr_status_t parse_kept(const char *args, const usage_retain_t *retain,
                               usage_query_t *query, const char **problem)
{
    usage_page_t page = { .zones = all_utc(HOUR, unit_pool),
                          .zone = &usage_zone_utc,
                          .retain = retain,
                          .now = now };

    *problem = NULL;
    return usage_query_parse(args, &page, query, problem, unit_pool);
}

static apr_status_t parse(const char *args, usage_query_t *query,
                          const char **problem)
{
    return parse_kept(args, NULL, query, problem);
}

static usage_query_t parsed(const char *args)
{
    usage_query_t query;
    const char *problem;
    apr_status_t rv = parse(args, &query, &problem);

    ck_assert_msg(rv == APR_SUCCESS, "%s: %s", args, problem);
    return query;
}

static const char *day_of(apr_int64_t time)
{
    usage_date_t date = usage_calendar_date(time);

    return apr_psprintf(unit_pool, "%04d-%02d-%02d", date.year, date.month,
                        date.day);
}

/* Grain, [from, to) and what it is compared with, as dates. */
static const struct {
    const char *args;
    usage_grain_e grain;
    const char *from, *to, *before, *until;
} spans[] = {
    { "period=day", 0, "2026-07-14", "2026-07-15", "2026-07-13", "2026-07-14" },
    { "period=7d", 1, "2026-07-08", "2026-07-15", "2026-07-01", "2026-07-08" },
    { "period=7d&compare=year", 1, "2026-07-08", "2026-07-15", "2025-07-08",
      "2025-07-15" },
    { "period=7d&compare=none", 1, "2026-07-08", "2026-07-15", "", "" },
    { "period=month", 1, "2026-07-01", "2026-07-15", "2026-06-01",
      "2026-06-15" },
    { "period=12mo", 2, "2025-08-01", "2026-08-01", "2024-08-01",
      "2025-08-01" },
    { "period=all", 2, "1970-01-01", "2026-08-01", "", "" },
    { "period=7d&interval=hour", 0, "2026-07-08", "2026-07-15", "2026-07-01",
      "2026-07-08" },
    { "period=12mo&interval=day", 1, "2025-08-01", "2026-07-15", "2024-08-01",
      "2025-07-15" },
    { "period=90d&interval=month", 2, "2026-04-01", "2026-08-01", "2026-01-01",
      "2026-05-01" },
    { "from=2026-07-01&to=2026-07-02", 0, "2026-07-01", "2026-07-03",
      "2026-06-29", "2026-07-01" },
    { "from=2026-07-01&to=2026-07-03", 1, "2026-07-01", "2026-07-04",
      "2026-06-28", "2026-07-01" },
    { "from=2026-06-01&to=2026-06-30", 1, "2026-06-01", "2026-07-01",
      "2026-05-01", "2026-05-31" },
    { "from=2024-02-29&to=2024-03-10&compare=year", 1, "2024-02-29",
      "2024-03-11", "2023-02-28", "2023-03-11" },
    { "from=2025-01-01&to=2025-12-31", 2, "2025-01-01", "2026-01-01",
      "2024-01-01", "2025-01-01" },
    { "from=2026-07-10", 1, "2026-07-10", "2026-07-15", "2026-07-05",
      "2026-07-10" },
    { "from=2026-07-10&to=2030-01-01", 1, "2026-07-10", "2026-07-15",
      "2026-07-05", "2026-07-10" },
};

START_TEST(span_has_whole_intervals)
{
    usage_query_t query = parsed(spans[_i].args);

    ck_assert_int_eq(query.grain, spans[_i].grain);
    ck_assert_str_eq(day_of(query.from), spans[_i].from);
    ck_assert_str_eq(day_of(query.to), spans[_i].to);
    if (*spans[_i].before) {
        ck_assert_str_eq(day_of(query.compared.from), spans[_i].before);
        ck_assert_str_eq(day_of(query.compared.to), spans[_i].until);
    }
    else {
        ck_assert_int_eq(query.compared.from, query.compared.to);
    }
}
END_TEST

/* With what is kept by default: 7 days, 90 days, 24 months. */
static const struct {
    const char *args;
    bool is_compared;
} memories[] = {
    { "period=day", true },
    { "period=7d", true },
    { "period=7d&interval=hour", false },
    { "from=2026-07-11&to=2026-07-14&interval=hour", true },
    { "from=2026-07-10&to=2026-07-14&interval=hour", false },
    { "period=30d", true },
    { "period=30d&compare=year", false },
    { "period=30d&compare=year&interval=month", true },
    { "from=2026-05-31", true },
    { "from=2026-05-30", false },
    { "period=90d", false },
    { "period=90d&compare=none", false },
    { "period=12mo", true },
    { "period=12mo&interval=day", false },
    { "from=2025-06-01&to=2026-06-30&compare=year", false },
    { "period=all", false },
};

START_TEST(time_that_is_deleted_is_not_compared_with)
{
    usage_retain_t retain = usage_retain_standard();
    usage_query_t kept = parsed(memories[_i].args);
    bool is_asked = kept.compared.from < kept.compared.to;
    usage_query_t query;
    const char *problem;

    ck_assert_int_eq(parse_kept(memories[_i].args, &retain, &query, &problem),
                     APR_SUCCESS);
    ck_assert_int_eq(query.compared.from < query.compared.to,
                     memories[_i].is_compared);
    ck_assert_int_eq(query.is_forgotten, is_asked && !memories[_i].is_compared);
    ck_assert(!kept.is_forgotten);
}
END_TEST

static const struct {
    const char *args;
    int steps;
    const char *first, *last; /* "": there is no such period */
} moves[] = {
    { "period=day", -1, "2026-07-13", "2026-07-13" },
    { "period=day", 1, "", "" },
    { "period=7d", -1, "2026-07-01", "2026-07-07" },
    { "period=month", -1, "2026-06-01", "2026-06-30" },
    { "period=12mo", -1, "2024-08-01", "2025-07-31" },
    { "period=all", -1, "", "" },
    { "from=2026-02-01&to=2026-02-28", -1, "2026-01-01", "2026-01-31" },
    { "from=2026-02-01&to=2026-02-28", 1, "2026-03-01", "2026-03-31" },
    { "from=2026-07-01&to=2026-07-07", 1, "2026-07-08", "2026-07-14" },
    { "from=2026-07-08&to=2026-07-14", 1, "", "" },
    { "from=1970-01-02&to=1970-01-03", -1, "", "" },
};

START_TEST(span_moves_by_its_own_length)
{
    usage_query_t query = parsed(moves[_i].args);
    usage_range_t days;

    if (usage_span_move(&query, moves[_i].steps, &days)) {
        ck_assert_str_eq(day_of(days.from), moves[_i].first);
        ck_assert_str_eq(day_of(days.to), moves[_i].last);
    }
    else {
        ck_assert_str_eq("", moves[_i].first);
    }
}
END_TEST

static const char *const refused[] = {
    "from=2026-07-15",
    "from=2026-07-10&to=2026-07-09",
    "from=2026-02-30",
    "from=2026-7-1",
    "from=1969-12-31",
    "to=yesterday",
    "interval=week",
    "period=90d&interval=hour",
    "from=2020-01-01&interval=day",
    "period=all&interval=day",
    "compare=last",
    "metric=hits",
    "f=page",
    "f=page:",
    "f=colour:red",
    "f=page:/a&f=count:events/x",
    "f=page:%00",
    "f=page:%FF",
    "f=count:/x",
    "panel=else",
    "page=0",
    "page=-1",
    "page=1x",
    "limit=0",
    "limit=10001",
    "limit=100000000000000000000",
};

START_TEST(bad_value_is_told)
{
    usage_query_t query;
    const char *problem;

    ck_assert_int_eq(parse(refused[_i], &query, &problem), APR_EINVAL);
    ck_assert_ptr_nonnull(problem);
    ck_assert_uint_gt(strlen(problem), 20);
}
END_TEST

START_TEST(filters_are_read)
{
    usage_query_t query =
        parsed("f=page:/a:b&f=device:tv&f=device:mobile&f=system:%C3%A9");

    ck_assert(usage_query_is_filtered(&query));
    ck_assert_str_eq(query.filters[USAGE_FILTER_PAGE], "/a:b");
    ck_assert_str_eq(query.filters[USAGE_FILTER_DEVICE], "mobile");
    ck_assert_str_eq(query.filters[USAGE_FILTER_BROWSER], "");
    ck_assert_str_eq(query.filters[USAGE_FILTER_SYSTEM], "\xC3\xA9");
    query = parsed("f=count:source-search/Google");
    ck_assert(!usage_query_is_filtered(&query));
    ck_assert_str_eq(query.counted, "source-search");
    ck_assert_str_eq(query.name, "Google");
    query = parsed("f=count:signup");
    ck_assert_str_eq(query.counted, "signup");
    ck_assert_str_eq(query.name, "");
}
END_TEST

START_TEST(rows_are_ten_or_a_hundred_alone)
{
    ck_assert_int_eq(parsed("").limit, USAGE_ROWS);
    ck_assert_int_eq(parsed("panel=pages").limit, USAGE_ROWS_ALONE);
    ck_assert_int_eq(parsed("panel=pages&limit=7&page=3").limit, 7);
    ck_assert_int_eq(parsed("page=3").page, 3);
}
END_TEST

/* What a sink got, without the "amp;" of HTML. */
static apr_status_t keep(void *baton, const char *data, apr_size_t length)
{
    char **text = baton;

    *text = apr_pstrcat(unit_pool, *text,
                        apr_pstrmemdup(unit_pool, data, length), NULL);
    return APR_SUCCESS;
}

static const char *link_of(const usage_query_t *query)
{
    char *text = apr_pstrdup(unit_pool, "");
    usage_sink_t sink;
    char *at;

    usage_sink_init(&sink, keep, &text);
    usage_link_put(&sink, query);
    usage_sink_flush(&sink);
    while ((at = strstr(text, "amp;")) != NULL) {
        memmove(at, at + 4, strlen(at + 4) + 1);
    }
    return text;
}

static const char *const linked[] = {
    "?",
    "?period=7d&site=a.test",
    "?from=2026-06-01&to=2026-06-30&interval=month&compare=year&metric=bounce",
    "?site=a.test&f=page:/a%20b&f=device:mobile&panel=pages&page=2",
    "?period=day&compare=none&f=count:source-search/Google",
    "?period=12mo&f=count:signup",
    "?panel=pages&page=2&limit=8",
    "?limit=10",
};

START_TEST(link_is_the_query_again)
{
    usage_query_t query = parsed(linked[_i] + 1);

    ck_assert_str_eq(link_of(&query), linked[_i]);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof(list[0])))

int main(void)
{
    Suite *suite = suite_create("span");
    TCase *tcase = unit_case(suite, "span");

    tcase_add_loop_test(tcase, time_that_is_deleted_is_not_compared_with, 0,
                        sizeof memories / sizeof *memories);
    tcase_add_loop_test(tcase, span_has_whole_intervals, 0, COUNT(spans));
    tcase_add_loop_test(tcase, span_moves_by_its_own_length, 0, COUNT(moves));
    tcase_add_loop_test(tcase, bad_value_is_told, 0, COUNT(refused));
    tcase_add_test(tcase, filters_are_read);
    tcase_add_test(tcase, rows_are_ten_or_a_hundred_alone);
    tcase_add_loop_test(tcase, link_is_the_query_again, 0, COUNT(linked));
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
