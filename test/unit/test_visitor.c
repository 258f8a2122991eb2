/* SPDX-License-Identifier: Apache-2.0 */
/* The visitor's hash: what it tells apart, and what it must not. */
#include "unit.h"

#include <string.h>

#include <arpa/inet.h>

#include "engine/visitor.h"

static const unsigned char salt[16] = "0123456789abcdef";

/* What stands for a text: any number of its own. */
static apr_uint64_t number_of(const char *text)
{
    apr_uint64_t number = APR_UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++) {
        number = (number ^ (unsigned char)*text) * APR_UINT64_C(0x100000001b3);
    }
    return number;
}

/* The visitor at an address as it is written. */
static usage_visitor_t visitor_of(const char *address)
{
    bool is_v6 = strchr(address, ':') != NULL;
    unsigned char *bytes = apr_palloc(unit_pool, 16);
    ck_assert_int_eq(inet_pton(is_v6 ? AF_INET6 : AF_INET, address, bytes), 1);
    return (usage_visitor_t){ .address = bytes,
                              .address_length = is_v6 ? 16 : 4,
                              .mask = { .v4 = 24, .v6 = 48 },
                              .agent = number_of("Agent/1.0"),
                              .site = number_of("a.example") };
}

static apr_uint64_t hash_of(const char *address)
{
    usage_visitor_t visitor = visitor_of(address);
    return usage_visitor_hash(&visitor, salt);
}

static apr_uint64_t masked_hash(const char *address, int bits)
{
    usage_visitor_t visitor = visitor_of(address);
    visitor.mask = (usage_mask_t){ .v4 = bits, .v6 = bits };
    return usage_visitor_hash(&visitor, salt);
}

START_TEST(hash_is_the_same_each_time)
{
    ck_assert_uint_eq(hash_of("192.0.2.1"), hash_of("192.0.2.1"));
    ck_assert_uint_eq(hash_of("2001:db8::1"), hash_of("2001:db8::1"));
}
END_TEST

START_TEST(ipv4_counts_to_24_bits)
{
    apr_uint64_t hash = hash_of("192.0.2.1");
    ck_assert_uint_eq(hash_of("192.0.2.0"), hash);
    ck_assert_uint_eq(hash_of("192.0.2.255"), hash);
    ck_assert_uint_ne(hash_of("192.0.3.1"), hash);
    ck_assert_uint_ne(hash_of("192.1.2.1"), hash);
    ck_assert_uint_ne(hash_of("193.0.2.1"), hash);
}
END_TEST

START_TEST(ipv6_counts_to_48_bits)
{
    apr_uint64_t hash = hash_of("2001:db8:7::1");
    ck_assert_uint_eq(hash_of("2001:db8:7::"), hash);
    ck_assert_uint_eq(hash_of("2001:db8:7:ffff:ffff:ffff:ffff:ffff"), hash);
    ck_assert_uint_ne(hash_of("2001:db8:6::1"), hash);
    ck_assert_uint_ne(hash_of("2001:db9:7::1"), hash);
    ck_assert_uint_ne(hash_of("3001:db8:7::1"), hash);
}
END_TEST

/* Flip each bit in turn: it matters if and only if the mask covers it. */
static void check_mask(const char *address, int length, int bits)
{
    usage_visitor_t visitor = visitor_of(address);
    unsigned char bytes[16];
    visitor.mask = (usage_mask_t){ .v4 = bits, .v6 = bits };
    apr_uint64_t hash = usage_visitor_hash(&visitor, salt);
    memcpy(bytes, visitor.address, (size_t)length / 8);
    visitor.address = bytes;
    for (int bit = 0; bit < length; bit++) {
        unsigned char flipped = (unsigned char)(0x80 >> bit % 8);
        bytes[bit / 8] ^= flipped;
        ck_assert_msg((usage_visitor_hash(&visitor, salt) != hash)
                          == (bit < bits),
                      "%s/%d: bit %d", address, bits, bit);
        bytes[bit / 8] ^= flipped;
    }
}

START_TEST(ipv4_mask_covers_just_its_bits)
{
    check_mask("198.51.100.77", 32, _i);
    check_mask("0.0.0.0", 32, _i);
    check_mask("255.255.255.255", 32, _i);
}
END_TEST

START_TEST(ipv6_mask_covers_just_its_bits)
{
    check_mask("2001:db8:0123:4567:89ab:cdef:0123:4567", 128, _i);
    check_mask("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 128, _i);
}
END_TEST

START_TEST(mask_of_nothing_makes_all_one)
{
    apr_uint64_t hash = masked_hash("192.0.2.1", 0);
    ck_assert_uint_eq(masked_hash("198.51.100.77", 0), hash);
    ck_assert_uint_ne(masked_hash("198.51.100.77", 1), hash);
    ck_assert_uint_eq(masked_hash("2001:db8::1", 0), masked_hash("fe80::", 0));
}
END_TEST

START_TEST(mapped_address_is_an_ipv4_address)
{
    usage_visitor_t mapped = visitor_of("::ffff:192.0.2.1");
    ck_assert_uint_eq(mapped.address_length, 16);
    ck_assert_uint_eq(usage_visitor_hash(&mapped, salt), hash_of("192.0.2.1"));
    ck_assert_uint_eq(hash_of("::ffff:192.0.2.99"), hash_of("192.0.2.1"));
    ck_assert_uint_ne(hash_of("::ffff:192.0.3.1"), hash_of("192.0.2.1"));
    ck_assert_uint_ne(hash_of("::fffe:192.0.2.1"), hash_of("192.0.2.1"));
}
END_TEST

START_TEST(ipv4_and_ipv6_are_told_apart)
{
    ck_assert_uint_ne(hash_of("32.1.13.0"), hash_of("2001:d00::"));
    ck_assert_uint_ne(hash_of("42.0.20.9"), hash_of("2a00:1400::9"));
    ck_assert_uint_ne(masked_hash("32.1.13.184", 32),
                      masked_hash("2001:db8::", 128));
}
END_TEST

START_TEST(address_is_not_needed)
{
    usage_visitor_t nowhere = visitor_of("192.0.2.1");
    nowhere.address = NULL;
    nowhere.address_length = 0;
    apr_uint64_t hash = usage_visitor_hash(&nowhere, salt);
    ck_assert_uint_ne(hash, hash_of("192.0.2.1"));
    nowhere.agent = number_of("Agent/2.0");
    ck_assert_uint_ne(usage_visitor_hash(&nowhere, salt), hash);
}
END_TEST

START_TEST(agents_are_told_apart)
{
    static const char *const agents[] = { "Agent/1.0", "Agent/1.1",
                                          "agent/1.0", "Agent/1.0 ",
                                          "",          "0123456789abcdef" };
    apr_uint64_t seen[sizeof agents / sizeof *agents];
    for (apr_size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
        usage_visitor_t visitor = visitor_of("192.0.2.1");
        visitor.agent = number_of(agents[i]);
        seen[i] = usage_visitor_hash(&visitor, salt);
        for (apr_size_t j = 0; j < i; j++) {
            ck_assert_uint_ne(seen[j], seen[i]);
        }
    }
}
END_TEST

START_TEST(sites_are_told_apart)
{
    usage_visitor_t visitor = visitor_of("192.0.2.1");
    visitor.site = number_of("b.example");
    ck_assert_uint_ne(usage_visitor_hash(&visitor, salt), hash_of("192.0.2.1"));
}
END_TEST

/* IPv6 addresses have a message of their own. */
START_TEST(agent_and_site_count_at_any_address)
{
    static const char *const addresses[] = { "192.0.2.1", "2001:db8::1" };
    for (int i = 0; i < 2; i++) {
        usage_visitor_t one = visitor_of(addresses[i]);
        usage_visitor_t other = one;
        other.agent = number_of("Agent/2.0");
        ck_assert_uint_ne(usage_visitor_hash(&one, salt),
                          usage_visitor_hash(&other, salt));
        other = one;
        other.site = number_of("b.example");
        ck_assert_uint_ne(usage_visitor_hash(&one, salt),
                          usage_visitor_hash(&other, salt));
    }
}
END_TEST

START_TEST(every_bit_of_the_salt_counts)
{
    usage_visitor_t visitor = visitor_of("192.0.2.1");
    unsigned char other[16];
    for (int bit = 0; bit < 128; bit++) {
        memcpy(other, salt, sizeof other);
        other[bit / 8] ^= (unsigned char)(1 << bit % 8);
        ck_assert_uint_ne(usage_visitor_hash(&visitor, other),
                          usage_visitor_hash(&visitor, salt));
    }
}
END_TEST

START_TEST(hash_is_never_zero_and_hardly_ever_the_same)
{
    enum { MANY = 4096 };
    static unsigned char taken[1 << 16];
    unsigned char address[4] = { 10, 0, 0, 0 };
    usage_visitor_t visitor = visitor_of("10.0.0.0");
    int shared = 0;
    visitor.address = address;
    for (int i = 0; i < MANY; i++) {
        address[1] = (unsigned char)(i >> 8);
        address[2] = (unsigned char)i;
        apr_uint64_t hash = usage_visitor_hash(&visitor, salt);
        ck_assert_uint_ne(hash, 0);
        shared += taken[hash & 0xffff]++ != 0;
    }
    /* 4,096 into 65,536: chance has about 125 meet */
    ck_assert_int_lt(shared, 200);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("visitor");
    TCase *address = unit_case(suite, "address");
    TCase *rest = unit_case(suite, "rest");

    tcase_add_test(address, hash_is_the_same_each_time);
    tcase_add_test(address, ipv4_counts_to_24_bits);
    tcase_add_test(address, ipv6_counts_to_48_bits);
    tcase_add_loop_test(address, ipv4_mask_covers_just_its_bits, 0, 33);
    tcase_add_loop_test(address, ipv6_mask_covers_just_its_bits, 0, 129);
    tcase_add_test(address, mask_of_nothing_makes_all_one);
    tcase_add_test(address, mapped_address_is_an_ipv4_address);
    tcase_add_test(address, ipv4_and_ipv6_are_told_apart);
    tcase_add_test(address, address_is_not_needed);

    tcase_add_test(rest, agents_are_told_apart);
    tcase_add_test(rest, sites_are_told_apart);
    tcase_add_test(rest, agent_and_site_count_at_any_address);
    tcase_add_test(rest, every_bit_of_the_salt_counts);
    tcase_add_test(rest, hash_is_never_zero_and_hardly_ever_the_same);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
