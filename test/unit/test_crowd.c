/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four processes count the same few hundred visitors at once, while a fifth
 * flushes all the while: every view continues one other at most, so that the
 * sums hold whoever was first.
 */
#include "unit.h"

#include <sys/wait.h>
#include <unistd.h>

#include "visits.h"

enum { PROCESSES = 4, SITES = 2, VISITORS = 300, PATHS = 4, VIEWS = 15000 };

#define PER_SECOND 2 /* views */

/* About as often a visitor views a site, so that there are visits of any
 * length. */
#define GAP (SITES * VISITORS / PER_SECOND)

static const char *const sites[SITES] = { "a.example", "b.example" };
static const usage_geometry_t geometry = { .slots = 4096, .visitors = 16384 };

/* What the processes share beside the segment: what is true. */
typedef struct truth_t {
    _Atomic int waiting;
    _Atomic int clock;
    _Atomic int views[SITES];
    _Atomic unsigned char seen[SITES][VISITORS][PATHS];
} truth_t;

static usage_memory_t memory;
static truth_t *truth;
static usage_values_t flushed[SITES]; /* of its pages */
static apr_int64_t visitors[SITES];

static void setup(void)
{
    truth = mmap(NULL, sizeof *truth, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(truth, MAP_FAILED);
    memset(flushed, 0, sizeof flushed);
    memset(visitors, 0, sizeof visitors);
}

static apr_uint32_t random_below(apr_uint32_t *state, apr_uint32_t limit)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % limit;
}

static void count_one(apr_uint32_t *state, apr_int64_t begin)
{
    static const char *const paths[PATHS] = { "/", "/a", "/b", "/c" };
    char agent[16];
    apr_uint32_t site = random_below(state, SITES);
    apr_uint32_t visitor = random_below(state, VISITORS);
    apr_uint32_t path = random_below(state, PATHS);
    apr_snprintf(agent, sizeof agent, "Agent/%u", visitor);
    int now = atomic_fetch_add(&truth->clock, 1) / PER_SECOND;
    usage_hit_t hit = visits_view(sites[site], agent, paths[path], begin + now);
    hit.host->window = GAP;
    usage_hit_count(&memory, &hit);
    atomic_fetch_add(&truth->views[site], 1);
    atomic_store(&truth->seen[site][visitor][path], 1);
}

static void count_many(apr_uint32_t number, apr_int64_t begin)
{
    apr_uint32_t state = number * 2654435769u;
    atomic_fetch_sub(&truth->waiting, 1);
    while (atomic_load(&truth->waiting) > 0) {
        continue;
    }
    for (int i = 0; i < VIEWS; i++) {
        count_one(&state, begin);
    }
}

static void flush(apr_int64_t number)
{
    int lost;
    apr_pool_t *pool;
    apr_pool_create(&pool, unit_pool);
    apr_array_header_t *counts =
        usage_batch_take(&memory, "node.example", number, &lost, pool);
    ck_assert_int_eq(lost, 0);
    for (int i = 0; i < counts->nelts; i++) {
        const usage_count_t *count = &APR_ARRAY_IDX(counts, i, usage_count_t);
        int site = visits_is(count->key.site, sites[1]);
        if (count->key.kind == USAGE_KIND_VIEW) {
            usage_values_add(&flushed[site], &count->values);
        }
        else if (count->key.kind == USAGE_KIND_SITE) {
            visitors[site] += count->values.of[USAGE_VISITORS];
        }
    }
    usage_batch_mark(&memory);
    apr_pool_destroy(pool);
}

/* Let the processes count from @a begin on, and flush until they are done. */
static void run_crowd(apr_int64_t begin)
{
    pid_t children[PROCESSES];
    apr_int64_t number = 0;
    memory = visits_segment(&geometry, begin);
    atomic_store(&truth->waiting, PROCESSES);
    for (apr_uint32_t i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] == 0) {
            count_many(i + 1, begin);
            _exit(EXIT_SUCCESS);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        while (waitpid(children[i], &status, WNOHANG) == 0) {
            flush(++number);
        }
        ck_assert_int_eq(status, 0);
    }
    flush(++number);
    ck_assert_int_gt(number, 3);
}

/* How many visitors, or with @a by_page visitors of pages, a site had. */
static int truly_seen(int site, bool by_page)
{
    int count = 0;
    for (int i = 0; i < VISITORS; i++) {
        int pages = 0;
        for (int j = 0; j < PATHS; j++) {
            pages += truth->seen[site][i][j];
        }
        count += by_page ? pages : pages > 0;
    }
    return count;
}

static void check_sums(int site)
{
    const apr_int64_t *sum = flushed[site].of;
    ck_assert_int_eq(sum[USAGE_VIEWS], truth->views[site]);
    ck_assert_int_eq(sum[USAGE_EXITS], sum[USAGE_VISITS]);
    ck_assert_int_gt(sum[USAGE_BOUNCES], 0);
    ck_assert_int_lt(sum[USAGE_BOUNCES], sum[USAGE_VISITS]);
    ck_assert_int_lt(sum[USAGE_VISITS], sum[USAGE_VIEWS]);
    ck_assert_int_gt(sum[USAGE_SECONDS], 0);
}

START_TEST(sums_hold_within_a_day)
{
    run_crowd(MIDNIGHT + HOUR);
    for (int i = 0; i < SITES; i++) {
        const apr_int64_t *sum = flushed[i].of;
        check_sums(i);
        ck_assert_int_eq(visitors[i], truly_seen(i, false));
        ck_assert_int_eq(sum[USAGE_VISITORS], truly_seen(i, true));
        ck_assert_int_eq(sum[USAGE_RETURNING_VISITS],
                         sum[USAGE_VISITS] - visitors[i]);
    }
}
END_TEST

START_TEST(sums_hold_over_midnight)
{
    run_crowd(MIDNIGHT - PROCESSES * VIEWS / PER_SECOND / 2);
    for (int i = 0; i < SITES; i++) {
        check_sums(i);
        ck_assert_int_gt(visitors[i], truly_seen(i, false));
        ck_assert_int_le(visitors[i], 2 * truly_seen(i, false));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crowd");
    TCase *crowd = unit_case(suite, "crowd");

    tcase_add_checked_fixture(crowd, setup, NULL);
    tcase_set_timeout(crowd, 60);
    tcase_add_test(crowd, sums_hold_within_a_day);
    tcase_add_test(crowd, sums_hold_over_midnight);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
