/* SPDX-License-Identifier: Apache-2.0 */
/* Tables in which others wrote what they like: offsets and records. */
#include "tables.h"

enum { KEYS = 3000 };

static const apr_uint32_t damages[] = {
    1,
    4,
    7,
    12,
    SMALL * 64 - 8,
    SMALL * 64,
    SMALL * 64 + 8,
    SMALL * 64 - 1,
    1u << 31,
    0xfffffff8,
    0xffffffff,
};

START_TEST(damaged_offset_is_no_name)
{
    usage_table_t table = roomy_table(SMALL);
    usage_key_t key = numbered_key(1);
    apr_uint32_t at = index_of(&table, &key);
    usage_key_t none;
    table.tags[at].name = damages[_i];
    ck_assert_int_eq(usage_table_key(&table, at, &none), APR_EINVAL);
    ck_assert_uint_ne(index_of(&table, &key), at);
}
END_TEST

/* The longest record, moved to where less and less of it is cut off. Who adds
 * reads no more of it than start and shape. */
START_TEST(record_that_would_pass_the_arenas_end_is_none)
{
    usage_table_t table = roomy_table(SMALL);
    usage_key_t key = longest_key();
    apr_uint32_t at = index_of(&table, &key);
    const char *record = table.arena + table.tags[at].name;
    for (apr_uint32_t back = 8; back <= 800; back += 8) {
        bool is_whole = back >= 16 + 3 * USAGE_NAME_MAX;
        table.tags[at].name = table.arena_size - back;
        memcpy(table.arena + table.arena_size - back, record, back);
        ck_assert_int_eq(name_at(&table, at) != NULL, is_whole);
        ck_assert_int_eq(find(&table, &key) == &table.slots[at], back >= 16);
    }
}
END_TEST

START_TEST(random_damage_stays_inside)
{
    random_t random = random_make(_i);
    usage_table_t table = roomy_table(SMALL);
    for (int i = 0; i < 200; i++) {
        usage_key_t key = numbered_key(i);
        find(&table, &key);
    }
    for (apr_uint32_t i = 0; i < table.arena_size; i++) {
        table.arena[i] = (char)random_next(&random);
    }
    for (int i = 0; i < SMALL; i++) {
        table.tags[i].name = (apr_uint32_t)random_next(&random)
                             % (table.arena_size + 64) / 8 * 8;
    }
    for (int i = 0; i < KEYS; i++) {
        usage_key_t key = numbered_key(i);
        find(&table, &key);
    }
    held(&table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("table_damage");
    TCase *tcase = unit_case(suite, "damage");

    tcase_add_loop_test(tcase, damaged_offset_is_no_name, 0,
                        (int)(sizeof damages / sizeof *damages));
    tcase_add_test(tcase, record_that_would_pass_the_arenas_end_is_none);
    tcase_add_loop_test(tcase, random_damage_stays_inside, 0, 5);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
