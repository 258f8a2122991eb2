/* SPDX-License-Identifier: Apache-2.0 */
/* The search tree of a database of countries, against a walk over the records
 * before they are packed. */
#include "unit.h"

#include "engine/geo_tree.h"
#include "random.h"

#define NODES     600
#define SEPARATOR 16
#define SPARE     4

typedef struct plain_t {
    apr_uint32_t of[NODES][2];
    unsigned char packed[NODES * 8 + SPARE];
    usage_geo_tree_t tree;
} plain_t;

static void pack(plain_t *plain, int node)
{
    apr_uint64_t left = plain->of[node][0];
    apr_uint64_t right = plain->of[node][1];
    unsigned bits = plain->tree.record_bits;
    int length = (int)bits / 4;
    unsigned char *to = plain->packed + node * length;
    if (bits == 28) { /* what has no room in three bytes lies between */
        left = (left & 0xffffff) << 4 | left >> 24;
    }
    apr_uint64_t all = left << bits | right;
    for (int i = length - 1; i >= 0; i--) {
        to[i] = (unsigned char)all;
        all >>= 8;
    }
}

/* Most records lead on, so that walks are long. */
static apr_uint32_t any_record(random_t *random, const plain_t *plain)
{
    apr_uint64_t most = APR_UINT64_C(1) << plain->tree.record_bits;
    apr_uint64_t any = random_next(random) >> 8;
    switch (any % 16) {
    case 0:
        return NODES;
    case 1:
        return NODES + (apr_uint32_t)(any >> 8) % SEPARATOR;
    case 2:
        return (apr_uint32_t)((any >> 8) % (most - NODES)) + NODES;
    default:
        return (apr_uint32_t)(any >> 8) % NODES;
    }
}

static plain_t *make(random_t *random, unsigned record_bits, bool is_v6)
{
    plain_t *plain = apr_pcalloc(unit_pool, sizeof *plain);
    apr_uint64_t most = APR_UINT64_C(1) << record_bits;
    plain->tree = (usage_geo_tree_t){
        .nodes = plain->packed,
        .count = NODES,
        .record_bits = record_bits,
        .data_length = (apr_uint32_t)(most / 4 * 3),
        .is_v6 = is_v6,
    };
    for (int i = 0; i < NODES; i++) {
        plain->of[i][0] = any_record(random, plain);
        plain->of[i][1] = any_record(random, plain);
        pack(plain, i);
    }
    usage_geo_tree_begin(&plain->tree);
    return plain;
}

/* Down by the bits of @a length bytes. */
static apr_uint32_t model_walk(const plain_t *plain, apr_uint32_t record,
                               const unsigned char *address, apr_size_t length)
{
    for (apr_size_t i = 0; i < length * 8 && record < NODES; i++) {
        record = plain->of[record][address[i / 8] >> (7 - i % 8) & 1];
    }
    return record;
}

static apr_uint32_t model_find(const plain_t *plain,
                               const unsigned char *address, apr_size_t length)
{
    static const unsigned char zeros[12];
    apr_uint32_t record = 0;
    if (length == 4 && plain->tree.is_v6) {
        record = model_walk(plain, 0, zeros, sizeof zeros);
    }
    record = model_walk(plain, record, address, length);
    return record >= NODES + SEPARATOR
                   && record - NODES - SEPARATOR < plain->tree.data_length
                   && (length == 4 || plain->tree.is_v6)
               ? record - NODES - SEPARATOR
               : USAGE_GEO_TREE_NOTHING;
}

/* @return how many addresses led to an entry */
static int compare(random_t *random, const plain_t *plain, apr_size_t length)
{
    int found = 0;
    for (int i = 0; i < 3000; i++) {
        apr_uint64_t address[2] = { random_next(random), random_next(random) };
        const unsigned char *bytes = (const unsigned char *)address;
        apr_uint32_t entry = usage_geo_tree_find(&plain->tree, bytes, length);
        ck_assert_uint_eq(entry, model_find(plain, bytes, length));
        found += entry != USAGE_GEO_TREE_NOTHING;
    }
    return found;
}

START_TEST(address_leads_where_its_bits_lead)
{
    static const unsigned widths[] = { 24, 28, 32 };
    random_t random = random_make(_i);
    bool is_v6 = _i % 2 == 0;
    int found = 0;
    for (int turn = 0; turn < 20; turn++) {
        plain_t *plain = make(&random, widths[_i / 2], is_v6);
        found += compare(&random, plain, 4);
        found += compare(&random, plain, 16);
    }
    ck_assert_int_gt(found, 1000);
}
END_TEST

START_TEST(no_other_address_leads_anywhere)
{
    static const unsigned char address[16];
    random_t random = random_make(7);
    plain_t *plain = make(&random, 24, true);
    plain->of[0][0] = NODES + SEPARATOR;
    pack(plain, 0);
    usage_geo_tree_begin(&plain->tree);
    ck_assert_uint_eq(usage_geo_tree_find(&plain->tree, address, 16), 0);
    ck_assert_uint_eq(usage_geo_tree_find(&plain->tree, address, 4), 0);
    ck_assert_uint_eq(usage_geo_tree_find(&plain->tree, address, 0),
                      USAGE_GEO_TREE_NOTHING);
    plain->tree.is_v6 = false;
    ck_assert_uint_eq(usage_geo_tree_find(&plain->tree, address, 16),
                      USAGE_GEO_TREE_NOTHING);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("geo_tree");
    TCase *tcase = unit_case(suite, "geo_tree");

    tcase_add_loop_test(tcase, address_leads_where_its_bits_lead, 0, 6);
    tcase_add_test(tcase, no_other_address_leads_anywhere);
    return unit_run(suite) ? EXIT_FAILURE : EXIT_SUCCESS;
}
