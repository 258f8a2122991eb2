/* SPDX-License-Identifier: Apache-2.0 */
/* A segment carried into other sizes goes on as if nothing had been. */
#include "unit.h"

#include "engine/carry.h"
#include "engine/recent.h"
#include "random.h"
#include "visits.h"

enum { PATHS = 40, AGENTS = 150, VIEWS = 1200, PAGES = 1100, SITES = 2 };

static const usage_geometry_t plain = { .slots = 2048, .visitors = 2048 };

static const usage_geometry_t sizes[] = {
    { .slots = 1024, .visitors = 2048 }, { .slots = 4096, .visitors = 2048 },
    { .slots = 2048, .visitors = 1024 }, { .slots = 2048, .visitors = 4096 },
    { .slots = 8192, .visitors = 8192 }, { .slots = 2048, .visitors = 2048 },
};
enum { SIZES = sizeof sizes / sizeof *sizes };

static usage_memory_t twin[2];
static usage_carried_t lost;

static void setup(void)
{
    for (int i = 0; i < 2; i++) {
        twin[i] = visits_segment(&plain, MIDNIGHT);
    }
    memcpy((void *)&twin[1].header->salts, (void *)&twin[0].header->salts,
           sizeof twin[0].header->salts);
}

static const char *site(int number)
{
    return number == 0 ? "a.example" : "b.example";
}

static const char *path(int number)
{
    return apr_psprintf(unit_pool, "/%d", number);
}

static void view(const usage_memory_t *memory, int agent, int page,
                 apr_int64_t time)
{
    usage_hit_t hit =
        visits_view(site(agent % SITES), apr_psprintf(unit_pool, "%d", agent),
                    path(page), time);
    usage_hit_count(memory, &hit);
}

static apr_status_t carry_into(const usage_geometry_t *geometry)
{
    usage_memory_t to = visits_segment(geometry, MIDNIGHT);
    apr_status_t rv = usage_memory_carry(&twin[1], &to, &lost, unit_pool);
    twin[1] = to;
    return rv;
}

static void take(const usage_memory_t *memory, apr_int64_t number)
{
    int damaged;
    usage_batch_take(memory, "node", number, &damaged, unit_pool);
    ck_assert_int_eq(damaged, 0);
}

/* Both have the same to write. */
static void assert_twins(void)
{
    for (int i = 0; i < SITES; i++) {
        ck_assert_int_eq(visitors_of(&twin[0], site(i), -1),
                         visitors_of(&twin[1], site(i), -1));
        for (int j = 0; j < PATHS; j++) {
            usage_values_t is = visits_of(&twin[1], site(i), path(j), -1);
            usage_values_t should = visits_of(&twin[0], site(i), path(j), -1);
            ck_assert_mem_eq(&is, &should, sizeof is);
        }
    }
    ck_assert_int_eq(outcomes_of(&twin[0], site(0), "view"),
                     outcomes_of(&twin[1], site(0), "view"));
}

/* Flushed in part, with a batch pending, in the middle of visits. */
START_TEST(history_goes_on)
{
    random_t dice = random_make(_i + 1);
    apr_int64_t time = MIDNIGHT;
    for (int i = 0; i < VIEWS; i++) {
        int agent = (int)random_below(&dice, AGENTS);
        int page = (int)random_below(&dice, PATHS);
        time += random_below(&dice, 20);
        view(&twin[0], agent, page, time);
        view(&twin[1], agent, page, time);
        if (i == VIEWS / 3 || i == VIEWS / 2) {
            take(&twin[0], i);
            take(&twin[1], i);
        }
        if (i == VIEWS / 3 + 7 || i == VIEWS / 2 + 7) {
            ck_assert_int_eq(carry_into(&sizes[_i]), APR_SUCCESS);
            ck_assert_uint_eq(lost.visitors, 0);
            assert_twins();
            usage_batch_mark(&twin[0]);
            usage_batch_mark(&twin[1]);
        }
    }
    assert_twins();
}
END_TEST

START_TEST(batch_stays_pending_under_its_node)
{
    view(&twin[1], 1, 1, MIDNIGHT);
    take(&twin[1], 7);
    ck_assert_int_eq(carry_into(&sizes[0]), APR_SUCCESS);
    const usage_header_t *header = twin[1].header;
    ck_assert_int_eq(header->layout.batch_state, USAGE_BATCH_PENDING);
    ck_assert_int_eq(header->batch_number, 7);
    ck_assert_str_eq(header->node, "node");
}
END_TEST

START_TEST(two_slots_of_one_key_become_one)
{
    usage_key_t key = { .kind = USAGE_KIND_VIEW,
                        .start = MIDNIGHT,
                        .site = text_of(site(0)),
                        .name = text_of(path(0)) };
    usage_values_t seven = { .of = { [USAGE_VIEWS] = 7 } };
    for (apr_uint64_t hash = 1; hash <= 2; hash++) {
        key.name_hash = hash;
        usage_slot_add(
            usage_table_slot(&twin[1].tables[0], &key, USAGE_CLAIM_ORDINARY),
            &seven);
    }
    ck_assert_int_eq(carry_into(&sizes[1]), APR_SUCCESS);
    ck_assert_int_eq(visits_of(&twin[1], site(0), path(0), -1).of[USAGE_VIEWS],
                     14);
}
END_TEST

START_TEST(newest_views_stay)
{
    for (int i = 0; i < 5; i++) {
        view(&twin[1], i, i, MIDNIGHT + i);
    }
    ck_assert_int_eq(carry_into(&sizes[1]), APR_SUCCESS);
    usage_recent_batch_t batch =
        usage_recent_take(&twin[1], MIDNIGHT + 9, unit_pool);
    ck_assert_int_eq(batch.rows->nelts, 5);
    const usage_recent_row_t *rows =
        (const usage_recent_row_t *)(void *)batch.rows->elts;
    for (int i = 0; i < 5; i++) {
        ck_assert_str_eq(rows[i].path, path((int)(rows[i].time - MIDNIGHT)));
    }
}
END_TEST

START_TEST(visitors_keep_their_site_their_day_and_their_mark)
{
    for (int i = 0; i < 10; i++) {
        view(&twin[1], i, i, MIDNIGHT + DAY - 1);
    }
    usage_sessions_t from = twin[1].sessions;
    for (apr_uint32_t i = 0; i < from.capacity; i++) {
        from.members[0][i].is_sketched = from.members[0][i].visitor % 2;
    }
    ck_assert_int_eq(carry_into(&sizes[3]), APR_SUCCESS);
    const usage_sessions_t *to = &twin[1].sessions;
    int met = 0;
    for (apr_uint32_t i = 0; i < from.capacity; i++) {
        const usage_member_t *old = &from.members[0][i];
        for (apr_uint32_t j = 0; old->visitor != 0 && j < to->capacity; j++) {
            const usage_member_t *new = &to->members[0][j];
            met += new->visitor == old->visitor &&new->site
                   == old->site &&new->day == old->day &&new->is_sketched
                   == old->is_sketched;
        }
    }
    ck_assert_int_eq(met, 10);
}
END_TEST

/* Views by so many agents, each of a page of its own. */
static void fill(int first, int count)
{
    for (int i = first; i < first + count; i++) {
        view(&twin[1], i * SITES, i % PAGES, MIDNIGHT);
    }
}

START_TEST(counts_that_find_no_room_stay_where_they_are)
{
    fill(0, PAGES);
    ck_assert_int_eq(carry_into(&sizes[0]), APR_ENOSPC);
}
END_TEST

START_TEST(flushed_counts_that_find_no_room_are_not_missed)
{
    fill(0, PAGES);
    take(&twin[1], 1);
    usage_batch_mark(&twin[1]);
    ck_assert_int_eq(carry_into(&sizes[0]), APR_SUCCESS);
    view(&twin[1], 0, 5000, MIDNIGHT + 60);
    ck_assert_int_eq(visits_of(&twin[1], site(0), NULL, -1).of[USAGE_VIEWS], 1);
    ck_assert_int_eq(visits_of(&twin[1], site(0), NULL, -1).of[USAGE_EXITS], 0);
}
END_TEST

START_TEST(visitors_that_find_no_room_are_told)
{
    fill(0, 800);
    usage_sessions_rotate(&twin[1].sessions);
    fill(800, 800); /* few may find their places taken */
    ck_assert_int_ge(visitors_of(&twin[1], site(0), -1), 1590);
    ck_assert_int_eq(carry_into(&sizes[4]), APR_SUCCESS);
    ck_assert_uint_eq(lost.visitors, 0);
    fill(0, 1600);
    ck_assert_int_eq(visitors_of(&twin[1], site(0), -1), 1600);
    ck_assert_int_eq(carry_into(&sizes[2]), APR_SUCCESS);
    ck_assert_uint_ge(lost.visitors, 1600 - 1024 / 8 * 7);
    ck_assert_uint_lt(lost.visitors, 1600);
}
END_TEST

START_TEST(damaged_names_are_told)
{
    view(&twin[1], 1, 1, MIDNIGHT);
    view(&twin[1], 2, 2, MIDNIGHT);
    for (apr_uint32_t i = 0; i < plain.slots; i++) {
        usage_key_t key;
        if (usage_table_key(&twin[1].tables[0], i, &key) == APR_SUCCESS) {
            *(char *)(apr_uintptr_t)key.site.data = '\x01';
            break;
        }
    }
    ck_assert_int_eq(carry_into(&sizes[1]), APR_SUCCESS);
    ck_assert_uint_eq(lost.damaged, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("carry");
    TCase *tcase = unit_case(suite, "carry");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_loop_test(tcase, history_goes_on, 0, SIZES);
    tcase_add_test(tcase, batch_stays_pending_under_its_node);
    tcase_add_test(tcase, two_slots_of_one_key_become_one);
    tcase_add_test(tcase, newest_views_stay);
    tcase_add_test(tcase, visitors_keep_their_site_their_day_and_their_mark);
    tcase_add_test(tcase, counts_that_find_no_room_stay_where_they_are);
    tcase_add_test(tcase, flushed_counts_that_find_no_room_are_not_missed);
    tcase_add_test(tcase, visitors_that_find_no_room_are_told);
    tcase_add_test(tcase, damaged_names_are_told);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
