/* SPDX-License-Identifier: Apache-2.0 */
/* The table of counters, held against a plain model of it. */
#include "tables.h"

enum { KEYS = 3000 };

static usage_key_t random_key(random_t *random)
{
    usage_key_t key = numbered_key(random_below(random, 150));
    if (random_chance(random, 20)) {
        key = event_key("b.example", "outcome", "view", midnight);
    }
    key.start = midnight + random_below(random, 3) * HOUR;
    key.device = random_below(random, 2) * 255;
    key.system = random_below(random, 2);
    return key;
}

START_TEST(table_counts_like_a_plain_sum)
{
    random_t random = random_make(_i);
    usage_table_t table = roomy_table(4096);
    apr_hash_t *expected = apr_hash_make(unit_pool);
    for (int i = 0; i < 5000; i++) {
        usage_key_t key = random_key(&random);
        usage_values_t values = random_values(&random);
        usage_slot_add(find(&table, &key), &values);
        sum_into(expected, key_string(&key), &values);
    }
    assert_same_sums(held(&table), expected);
    ck_assert_uint_eq(table.head->used, apr_hash_count(expected));
}
END_TEST

enum { OTHERS = 10 };

/* Keys that differ from one in one part each: the last in its site alone, the
 * others in interval or shape, too. */
static usage_key_t differing_keys(usage_key_t others[OTHERS])
{
    usage_key_t key = event_key("ab", "cd", "ef", midnight);
    for (int i = 0; i < OTHERS; i++) {
        others[i] = key;
    }
    others[0].start++;
    others[1].kind = USAGE_KIND_VIEW;
    others[2].device = 1;
    others[3].browser = 1;
    others[4].system = 1;
    others[5].category = text_of("");
    others[6].name = text_of("");
    others[7] = event_key("abc", "d", "ef", midnight);
    others[8] = event_key("ab", "cde", "f", midnight);
    others[9].site = text_of("xb");
    return key;
}

START_TEST(each_part_of_a_key_tells_keys_apart)
{
    usage_key_t others[OTHERS];
    usage_key_t key = differing_keys(others);
    usage_table_t table = roomy_table(SMALL);
    usage_slot_t *slot = find(&table, &key);
    for (int i = 0; i < OTHERS; i++) {
        usage_slot_t *other = find(&table, &others[i]);
        ck_assert_ptr_ne(other, slot);
        ck_assert_ptr_eq(find(&table, &others[i]), other);
    }
    ck_assert_ptr_eq(find(&table, &key), slot);
    ck_assert_int_eq(names_held(&table), OTHERS + 1);
}
END_TEST

START_TEST(hashes_of_site_and_name_may_be_given)
{
    usage_table_t table = roomy_table(SMALL);
    usage_key_t keys[] = { numbered_key(1), longest_key() };
    for (int i = 0; i < 2; i++) {
        apr_uint32_t at = index_of(&table, &keys[i]);
        keys[i].site_hash = usage_table_site_hash(keys[i].site);
        ck_assert_uint_eq(index_of(&table, &keys[i]), at);
        keys[i].name_hash = usage_secret_hash(table.secret, keys[i].name.data,
                                              keys[i].name.length);
        ck_assert_uint_eq(index_of(&table, &keys[i]), at);
    }
}
END_TEST

START_TEST(each_byte_of_a_name_tells_keys_apart)
{
    usage_table_t table = roomy_table(1024);
    char text[USAGE_NAME_MAX + 1] = { 0 };
    memset(text, 'x', (size_t)_i);
    usage_key_t key = view_key("a.example", text, midnight);
    apr_uint32_t at = index_of(&table, &key);
    for (int i = 0; i < _i; i++) {
        text[i] = 'y';
        ck_assert_uint_ne(index_of(&table, &key), at);
        text[i] = 'x';
    }
    ck_assert_uint_eq(index_of(&table, &key), at);
}
END_TEST

START_TEST(longest_names_fit)
{
    usage_table_t table = roomy_table(SMALL);
    usage_key_t key = longest_key();
    apr_uint32_t at = index_of(&table, &key);
    ck_assert_str_eq(name_at(&table, at), key_string(&key));
    ck_assert_uint_eq(index_of(&table, &key), at);
}
END_TEST

/* Try many new keys: how many of them found room. */
static int fill(const usage_table_t *table, const char *site,
                usage_claim_e claim)
{
    int found = 0;
    for (int i = 0; i < KEYS; i++) {
        usage_key_t key = numbered_key(i);
        key.site = text_of(site);
        found += usage_table_slot(table, &key, claim) != NULL;
    }
    return found;
}

START_TEST(table_is_filled_to_its_limits)
{
    usage_table_t table = table_make(SMALL, SMALL * 256);
    int ordinary = fill(&table, "a", USAGE_CLAIM_ORDINARY);
    ck_assert_int_eq(ordinary, SMALL / 8 * 7);
    ck_assert(usage_table_is_filling(&table));
    ck_assert_int_eq(usage_table_fill(&table), 875);
    int reserve = fill(&table, "b", USAGE_CLAIM_RESERVE);
    ck_assert_int_eq(ordinary + reserve, SMALL / 16 * 15);
    ck_assert_int_eq(fill(&table, "a", USAGE_CLAIM_ORDINARY), ordinary);
    ck_assert_int_eq(names_held(&table), ordinary + reserve);
}
END_TEST

START_TEST(arena_is_filled_to_its_limits)
{
    enum { ARENA = 4096 };
    usage_table_t table = table_make(SMALL, ARENA);
    int ordinary = fill(&table, "a", USAGE_CLAIM_ORDINARY);
    ck_assert_uint_le(table.head->arena_used, ARENA / 8 * 7);
    ck_assert_uint_gt(table.head->arena_used, ARENA / 8 * 7 - 64);
    int reserve = fill(&table, "b", USAGE_CLAIM_RESERVE);
    ck_assert_int_gt(reserve, 0);
    ck_assert_uint_le(table.head->arena_used, ARENA / 16 * 15);
    ck_assert(usage_table_is_filling(&table));
    ck_assert_int_eq(names_held(&table), ordinary + reserve);
}
END_TEST

START_TEST(filling_begins_at_three_quarters)
{
    usage_table_t table = table_make(SMALL, SMALL * 256);
    for (int i = 0; i < SMALL / 4 * 3; i++) {
        usage_key_t key = numbered_key(i);
        ck_assert(!usage_table_is_filling(&table));
        find(&table, &key);
    }
    ck_assert(usage_table_is_filling(&table));
    ck_assert_int_eq(usage_table_fill(&table), 750);
}
END_TEST

/* Where the search for a key begins, found in a table of its own. */
static apr_uint32_t home_of(const usage_table_t *scratch,
                            const usage_key_t *key)
{
    usage_table_clear(scratch, NULL, 0);
    return index_of(scratch, key);
}

START_TEST(keys_of_one_home_get_a_slot_each)
{
    usage_table_t scratch = roomy_table(SMALL);
    usage_table_t table = roomy_table(SMALL);
    apr_uint32_t home = _i == 0 ? 7 : SMALL - 1;
    int found = 0;
    for (int i = 0; found < 20; i++) {
        usage_key_t key = numbered_key(i);
        if (home_of(&scratch, &key) == home) {
            usage_slot_t *slot = find(&table, &key);
            apr_uint32_t at = (home + (apr_uint32_t)found++) % SMALL;
            ck_assert_ptr_eq(slot, &table.slots[at]);
            ck_assert_ptr_eq(find(&table, &key), slot);
        }
    }
    ck_assert_int_eq(names_held(&table), 20);
}
END_TEST

START_TEST(search_ends_in_a_crowd)
{
    usage_table_t scratch = table_make(1024, 1 << 20);
    usage_table_t table = table_make(1024, 1 << 20);
    usage_key_t key = numbered_key(0);
    apr_uint32_t home = home_of(&scratch, &key);
    for (apr_uint32_t i = 0; i < 500; i++) {
        table.tags[(home + i) % 1024].fingerprint = 1 + i;
    }
    ck_assert_ptr_null(find(&table, &key));
    ck_assert_uint_eq(table.head->used, 0);
}
END_TEST

/* Two keys of one fingerprint: no pair is known, so one is forged. They are
 * told apart by what the record has beside its texts. */
START_TEST(key_behind_another_of_its_fingerprint_is_found)
{
    usage_key_t others[OTHERS];
    usage_key_t key = differing_keys(others);
    usage_table_t table = roomy_table(SMALL);
    apr_uint32_t first = index_of(&table, &key);
    apr_uint32_t other = index_of(&table, &others[_i]);
    table.tags[first].name = table.tags[other].name;
    table.tags[other] = (usage_tag_t){ 0 };
    apr_uint32_t second = index_of(&table, &key);
    ck_assert_uint_ne(second, first);
    ck_assert_uint_eq(index_of(&table, &key), second);
}
END_TEST

START_TEST(slot_whose_claimer_died_is_named_by_the_next_writer)
{
    usage_table_t table = roomy_table(SMALL);
    usage_key_t key = numbered_key(1);
    apr_uint32_t at = index_of(&table, &key);
    table.tags[at].name = 0;
    ck_assert_ptr_null(name_at(&table, at));
    ck_assert_ptr_null(usage_table_find(&table, &key));
    ck_assert_uint_eq(index_of(&table, &key), at);
    ck_assert_str_eq(name_at(&table, at), key_string(&key));
    ck_assert_uint_eq(table.head->used, 1);
}
END_TEST

START_TEST(unnamed_slot_without_room_for_its_name_is_refused)
{
    usage_table_t table = roomy_table(SMALL);
    usage_key_t key = numbered_key(1);
    table.tags[index_of(&table, &key)].name = 0;
    table.head->arena_used = table.arena_size;
    ck_assert_ptr_null(find(&table, &key));
}
END_TEST

START_TEST(clear_names_the_last_resorts)
{
    usage_table_t table = roomy_table(SMALL);
    usage_key_t resorts[] = { view_key("*", "/*", 0),
                              event_key("*", "outcome", "bot", 0) };
    usage_values_t values = { .of = { 1, 0, 0, 0, -2 } };
    fill(&table, "a", USAGE_CLAIM_ORDINARY);
    table.marks[0].until[0] = 5;
    usage_table_clear(&table, resorts, 2);
    ck_assert_uint_eq(table.head->state, USAGE_TABLE_READY);
    ck_assert_uint_eq(table.head->used, 0);
    for (int i = 0; i < SMALL; i++) {
        ck_assert_uint_eq(table.tags[i].fingerprint, 0);
    }
    ck_assert_int_eq(table.marks[0].until[0], 0);
    ck_assert_int_eq(usage_table_fill(&table) / 10, 0);
    usage_slot_add(usage_table_resort(&table, 1), &values);
    apr_hash_t *sums = held(&table);
    ck_assert_uint_eq(apr_hash_count(sums), 2);
    ck_assert_ptr_nonnull(
        apr_hash_get(sums, key_string(&resorts[0]), APR_HASH_KEY_STRING));
    usage_values_t sum = sum_of(sums, key_string(&resorts[1]));
    ck_assert_mem_eq(&sum, &values, sizeof sum);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("table");
    TCase *tcase = unit_case(suite, "table");

    tcase_add_loop_test(tcase, table_counts_like_a_plain_sum, 0, 5);
    tcase_add_test(tcase, each_part_of_a_key_tells_keys_apart);
    tcase_add_test(tcase, hashes_of_site_and_name_may_be_given);
    tcase_add_loop_test(tcase, each_byte_of_a_name_tells_keys_apart, 0, 60);
    tcase_add_test(tcase, longest_names_fit);
    tcase_add_test(tcase, table_is_filled_to_its_limits);
    tcase_add_test(tcase, arena_is_filled_to_its_limits);
    tcase_add_test(tcase, filling_begins_at_three_quarters);
    tcase_add_loop_test(tcase, keys_of_one_home_get_a_slot_each, 0, 2);
    tcase_add_test(tcase, search_ends_in_a_crowd);
    tcase_add_loop_test(tcase, key_behind_another_of_its_fingerprint_is_found,
                        0, OTHERS - 1);
    tcase_add_test(tcase, slot_whose_claimer_died_is_named_by_the_next_writer);
    tcase_add_test(tcase, unnamed_slot_without_room_for_its_name_is_refused);
    tcase_add_test(tcase, clear_names_the_last_resorts);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
