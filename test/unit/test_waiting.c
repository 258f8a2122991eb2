/* SPDX-License-Identifier: Apache-2.0 */
/* What waits in a segment, told without knowing its version. */
#include "counting.h"

static usage_memory_t memory;
static usage_layout_t *layout;

static void setup(void)
{
    memory = memory_make(USAGE_SLOTS_MIN, midnight);
    layout = &memory.header->layout;
}

static apr_int64_t waiting(void)
{
    return usage_layout_waiting(layout, memory_size(USAGE_SLOTS_MIN));
}

static void count(int views, int first)
{
    for (int i = 0; i < views; i++) {
        count_view(&memory, apr_psprintf(unit_pool, "/%d", first + i),
                   midnight);
    }
}

static void flush(apr_int64_t number)
{
    int lost;
    usage_batch_take(&memory, "node", number, &lost, unit_pool);
    usage_batch_mark(&memory);
}

START_TEST(what_is_counted_and_not_flushed_waits)
{
    ck_assert_int_eq(waiting(), 0);
    count(5, 0);
    count(2, 0);
    ck_assert_int_eq(waiting(), 7);
    flush(1);
    ck_assert_int_eq(waiting(), 0);
    count(1200, 0); /* into both tables */
    ck_assert_int_eq(waiting(), 1200);
    layout->version += 7;
    ck_assert_int_eq(waiting(), 1200);
}
END_TEST

/* Anything may stand in a file, and the segment ends before a page that
 * nobody may touch. */
START_TEST(nobody_can_tell_of_a_damaged_layout)
{
    usage_layout_t good;
    memcpy((void *)&good, (void *)layout, sizeof good);
    unsigned char *bytes = (unsigned char *)layout;
    for (apr_size_t i = 16; i < sizeof good; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (unsigned char)(1 << bit);
            waiting();
            memcpy((void *)layout, (void *)&good, sizeof good);
        }
    }
    layout->size++;
    ck_assert_int_eq(waiting(), -1);
    memcpy((void *)layout, (void *)&good, sizeof good);
    layout->slots[1] = layout->size;
    ck_assert_int_eq(waiting(), -1);
    memcpy((void *)layout, (void *)&good, sizeof good);
    layout->mark_size = 0;
    ck_assert_int_eq(waiting(), -1);
    ck_assert_int_eq(usage_layout_waiting(layout, 8), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("waiting");
    TCase *tcase = unit_case(suite, "waiting");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, what_is_counted_and_not_flushed_waits);
    tcase_add_test(tcase, nobody_can_tell_of_a_damaged_layout);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
