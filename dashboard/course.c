/* SPDX-License-Identifier: Apache-2.0 */
/* Follows pages. One page, one thread. */
#include "course.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>

/* Intervals of each page that are asked for, at most. */
#define ASKED 10000

/* Views at a start: of the period, or of what it is compared with. */
typedef struct step_t {
    apr_int64_t start;
    apr_int64_t views;
} step_t;

/* Of one page. */
typedef struct course_t {
    bool is_whole; /* all that the database has is in it */
    apr_array_header_t *steps; /* of step_t */
} course_t;

struct usage_courses_t {
    const usage_query_t *query;
    bool has_others; /* the database has more pages than it was asked for */
    apr_hash_t *by_path; /* -> course_t */
    apr_pool_t *pool;
};

usage_courses_t *usage_courses_make(const usage_query_t *query,
                                    apr_pool_t *pool)
{
    usage_courses_t *courses = apr_palloc(pool, sizeof *courses);
    *courses = (usage_courses_t){ .query = query,
                                  .by_path = apr_hash_make(pool),
                                  .pool = pool };
    return courses;
}

/* A new one is whole until the database is known to have more, or may have. */
static course_t *course_of(usage_courses_t *courses, const char *path,
                           apr_size_t length)
{
    course_t *course =
        apr_hash_get(courses->by_path, path, (apr_ssize_t)length);
    if (course == NULL) {
        const char *key = apr_pstrmemdup(courses->pool, path, length);
        course = apr_palloc(courses->pool, sizeof *course);
        course->is_whole = !courses->has_others;
        course->steps = apr_array_make(courses->pool, 8, sizeof(step_t));
        apr_hash_set(courses->by_path, key, (apr_ssize_t)length, course);
    }
    return course;
}

static void add_step(course_t *course, apr_int64_t start, apr_int64_t views)
{
    APR_ARRAY_PUSH(course->steps, step_t) =
        (step_t){ .start = start, .views = views };
}

static apr_status_t answer(void *baton, const usage_answer_t *row)
{
    course_t *course = course_of(baton, row->name, strlen(row->name));
    add_step(course, row->start, row->values.of[USAGE_VIEWS]);
    return APR_SUCCESS;
}

static apr_status_t ask_range(usage_courses_t *courses,
                              const usage_query_t *query,
                              const usage_range_t *range,
                              const usage_ranked_t *rows, int count,
                              usage_store_t *store)
{
    usage_scope_t scope = usage_chart_scope(query, range);
    scope.name = "";
    scope.limit = (apr_int64_t)ASKED * count;
    for (int i = 0; i < count; i++) {
        scope.names[i] = rows[i].name;
    }
    if (range->from >= range->to) {
        return APR_SUCCESS;
    }
    return store->ask(store,
                      usage_query_is_filtered(query) ? USAGE_ASK_CLIENT_COURSES
                                                     : USAGE_ASK_COURSES,
                      &scope, answer, courses);
}

/* Of a period and what is next to it, all at once. */
static apr_status_t ask_pages(usage_courses_t *courses,
                              const usage_ranked_t *rows, int count,
                              usage_store_t *store)
{
    usage_query_t query = *courses->query;
    usage_range_t period = { .from = query.from, .to = query.to };
    usage_range_t compared = query.compared;
    query.counted = "";
    for (int i = 0; i < count; i++) {
        course_of(courses, rows[i].name, strlen(rows[i].name))->is_whole = true;
    }
    if (compared.from < compared.to && compared.to == period.from) {
        period.from = compared.from;
        compared.to = compared.from;
    }
    apr_status_t rv = ask_range(courses, &query, &period, rows, count, store);
    return rv == APR_SUCCESS
               ? ask_range(courses, &query, &compared, rows, count, store)
               : rv;
}

static void forget(usage_courses_t *courses, const usage_tally_t *pages)
{
    apr_hash_index_t *at = apr_hash_first(courses->pool, pages->by_name);
    for (; at != NULL; at = apr_hash_next(at)) {
        const char *path = apr_hash_this_key(at);
        course_of(courses, path, strlen(path))->is_whole = false;
    }
}

apr_status_t usage_courses_ask(usage_courses_t *courses,
                               const usage_tally_t *pages, bool has_others,
                               usage_store_t *store)
{
    const usage_query_t *query = courses->query;
    apr_status_t rv = APR_SUCCESS;
    courses->has_others = has_others;
    forget(courses, pages);
    if (query->limit > USAGE_ROWS_ALONE) {
        return APR_SUCCESS;
    }
    usage_ranking_t ranking = usage_tally_rank(
        pages, query->sort, (query->page - 1) * query->limit, query->limit);
    for (int i = 0; i < ranking.count && rv == APR_SUCCESS; i += USAGE_NAMES) {
        int rest = ranking.count - i;
        rv = ask_pages(courses, &ranking.rows[i],
                       rest < USAGE_NAMES ? rest : USAGE_NAMES, store);
    }
    return rv;
}

void usage_courses_add(usage_courses_t *courses, const usage_count_t *count)
{
    const usage_query_t *query = courses->query;
    const usage_key_t *key = &count->key;
    apr_int64_t start = usage_chart_start(query, key, query->grain);
    if (!usage_chart_passes(query, key)) {
        return;
    }
    if (query->grain == USAGE_GRAIN_BASE) {
        start = usage_zone_base(query->zone, start, query->interval);
    }
    add_step(course_of(courses, key->name.data, key->name.length), start,
             count->values.of[USAGE_VIEWS]);
}

/* The place of a point, or -1. */
static int place_of(const usage_charted_t *charted, apr_int64_t start)
{
    int low = 0;
    int high = charted->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (charted->points[middle].start < start) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < charted->count && charted->points[low].start == start ? low
                                                                       : -1;
}

static void fill_row(const usage_courses_t *courses, usage_ranked_t *row,
                     const usage_charted_t *charted, bool knows_before)
{
    const usage_range_t *compared = &courses->query->compared;
    const course_t *course =
        apr_hash_get(courses->by_path, row->name, APR_HASH_KEY_STRING);
    if (course == NULL || !course->is_whole) {
        return;
    }
    apr_int64_t *views = apr_pcalloc(
        courses->pool, ((apr_size_t)charted->count + 1) * sizeof *views);
    row->was.of[USAGE_VIEWS] = 0;
    for (int i = 0; i < course->steps->nelts; i++) {
        const step_t *step = &APR_ARRAY_IDX(course->steps, i, step_t);
        int place = place_of(charted, step->start);
        if (place >= 0) {
            views[place] += step->views;
        }
        if (step->start >= compared->from && step->start < compared->to) {
            row->was.of[USAGE_VIEWS] += step->views;
        }
    }
    row->has_was = knows_before;
    row->course = views;
}

void usage_courses_fill(const usage_courses_t *courses,
                        usage_ranking_t *ranking,
                        const usage_charted_t *charted, bool knows_before)
{
    usage_ranked_t *rows =
        apr_pmemdup(courses->pool, ranking->rows,
                    (apr_size_t)ranking->count * sizeof *rows);
    for (int i = 0; i < ranking->count; i++) {
        fill_row(courses, &rows[i], charted, knows_before);
    }
    ranking->rows = rows;
}
