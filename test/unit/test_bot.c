/* SPDX-License-Identifier: Apache-2.0 */
/* Bots by kind and name. */
#include "unit.h"

#include <apr_hash.h>

#include "engine/agent_tables.h"
#include "random.h"
#include "visits.h"

#define SITE "a.example"

static const usage_geometry_t roomy = { .slots = 4096, .visitors = 1024 };

static usage_memory_t memory;

static void setup(void)
{
    memory = visits_segment(&roomy, MIDNIGHT);
}

/* A hit of outcome `bot` by an agent. */
static usage_hit_t hit_by(const char *agent, apr_int64_t time)
{
    usage_hit_t hit = visits_view(SITE, agent, "/a", time);
    hit.outcome = USAGE_OUTCOME_BOT;
    usage_agent_t said = usage_agent_classify(agent, strlen(agent));
    hit.agent = usage_agent_pack(&said);
    return hit;
}

/* The same, by a bot's number. */
static usage_hit_t hit_of(unsigned bot, apr_int64_t time)
{
    usage_hit_t hit = visits_view(SITE, "", "/a", time);
    hit.outcome = USAGE_OUTCOME_BOT;
    usage_agent_t said = { .is_bot = true,
                           .kind = bot < USAGE_BOTS ? usage_bots[bot].kind
                                                    : USAGE_BOT_KIND_SEO,
                           .bot = (apr_uint16_t)bot };
    hit.agent = usage_agent_pack(&said);
    return hit;
}

static apr_int64_t bots(const char *category, const char *name)
{
    return events_of(&memory, SITE, category, name);
}

static void add_bot(void *baton, const usage_count_t *count)
{
    bool is_bot = count->key.kind == USAGE_KIND_EVENT
                  && !visits_is(count->key.category, USAGE_OUTCOME_CATEGORY);
    *(apr_int64_t *)baton += is_bot ? count->values.of[USAGE_VIEWS] : 0;
}

/* All bots of all sites. */
static apr_int64_t all_bots(void)
{
    apr_int64_t sum = 0;
    ck_assert(usage_batch_read(&memory, 0, usage_batch_revision(&memory),
                               add_bot, &sum));
    return sum;
}

START_TEST(bot_is_counted_by_kind_and_name)
{
    static const struct {
        const char *agent, *category, *name;
    } known[] = {
        { "Googlebot/2.1", "bot-search", "Googlebot" },
        { "GPTBot/1.0", "bot-ai-crawler", "GPTBot" },
        { "curl/8.5.0", "bot-library", "curl" },
        { "", "bot-other", "(no agent)" },
        { "Mozilla/5.0 (compatible; wibblecrawler)", "bot-other",
          "(a crawler)" },
    };
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k <= i; k++) {
            usage_hit_t hit = hit_by(known[i].agent, MIDNIGHT);
            usage_hit_count(&memory, &hit);
        }
    }
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(bots(known[i].category, known[i].name), i + 1);
    }
    ck_assert_int_eq(all_bots(), 15);
    ck_assert_int_eq(outcomes_of(&memory, SITE, "bot"), 15);
    ck_assert_int_eq(outcomes_of(&memory, SITE, NULL), 15);
}
END_TEST

START_TEST(only_pages_count_for_a_bot)
{
    for (int i = 0; i < USAGE_OUTCOMES; i++) {
        usage_hit_t hit = hit_by("Googlebot/2.1", MIDNIGHT);
        hit.outcome = (usage_outcome_e)i;
        usage_hit_count(&memory, &hit);
        ck_assert_int_eq(all_bots(),
                         (i >= USAGE_OUTCOME_BOT) + (i >= USAGE_OUTCOME_VIEW));
    }
}
END_TEST

START_TEST(person_is_no_bot)
{
    usage_hit_t hit = visits_view(SITE, "Agent/1.0", "/a", MIDNIGHT);
    usage_hit_count(&memory, &hit);
    ck_assert_int_eq(all_bots(), 0);
}
END_TEST

START_TEST(pattern_is_the_name_of_its_bot)
{
    static const usage_agent_pattern_t rows[] = {
        { USAGE_BOT_KIND_SEO, "quux" },
        { USAGE_BOT_KIND_MONITOR, "a\n\xff" },
    };
    static const char *const agents[] = { "Quux/1", "A\n\xff",
                                          "Googlebot/2.1" };
    apr_array_header_t *list = apr_array_make(unit_pool, 2, sizeof *rows);
    for (int i = 0; i < 2; i++) {
        APR_ARRAY_PUSH(list, usage_agent_pattern_t) =
            usage_agent_pattern_make(rows[i].kind, rows[i].text, unit_pool);
    }
    usage_agent_patterns_t *patterns =
        usage_agent_patterns_make(list, unit_pool);
    for (int i = 0; i < 3; i++) {
        usage_hit_t hit = hit_by(agents[i], MIDNIGHT);
        usage_agent_t said =
            usage_agent_of(agents[i], strlen(agents[i]), patterns);
        hit.host->patterns = patterns;
        hit.agent = usage_agent_pack(&said);
        usage_hit_count(&memory, &hit);
    }
    ck_assert_int_eq(bots("bot-seo", "quux"), 1);
    ck_assert_int_eq(bots("bot-monitor", "a%0A%FF"), 1);
    ck_assert_int_eq(bots("bot-search", "Googlebot"), 1);
}
END_TEST

/* Such as a child that went mad may leave in the agents' cache. */
START_TEST(number_of_no_bot_is_counted_all_the_same)
{
    static const unsigned bad[] = { 0, USAGE_BOTS, USAGE_BOT_NUMBERS - 2,
                                    USAGE_BOT_NUMBERS - 1 };
    usage_host_t host = *visits_host(SITE);
    for (int i = 0; i < 8; i++) {
        usage_hit_t hit = hit_of(bad[i % 4], MIDNIGHT);
        hit.host = &host;
        usage_hit_count(&memory, &hit);
    }
    ck_assert_int_eq(bots(NULL, "*"), 8);
    ck_assert_int_eq(bots("bot-other", "*"), 2);
}
END_TEST

static void expect(apr_hash_t *sums, const char *key)
{
    apr_int64_t *sum = apr_hash_get(sums, key, APR_HASH_KEY_STRING);
    if (sum == NULL) {
        sum = apr_pcalloc(unit_pool, sizeof *sum);
        apr_hash_set(sums, key, APR_HASH_KEY_STRING, sum);
    }
    *sum += 1;
}

static void take_off(void *baton, const usage_count_t *count)
{
    const usage_key_t *key = &count->key;
    if (visits_is(key->category, USAGE_OUTCOME_CATEGORY)
        || count->values.of[USAGE_VIEWS] == 0) {
        return;
    }
    const char *name =
        apr_psprintf(unit_pool, "%" APR_INT64_T_FMT "|%.*s|%.*s", key->start,
                     (int)key->category.length, key->category.data,
                     (int)key->name.length, key->name.data);
    apr_int64_t *sum = apr_hash_get(baton, name, APR_HASH_KEY_STRING);
    ck_assert_msg(sum != NULL, "not sent: %s", name);
    *sum -= count->values.of[USAGE_VIEWS];
}

/* Two sites' caches, bots that share a place in them, intervals that come
 * again and writers that move to the other table: none of it is seen. */
START_TEST(cached_bots_are_counted_as_themselves)
{
    random_t random = random_make(_i);
    usage_host_t hosts[2] = { *visits_host(SITE), *visits_host(SITE) };
    usage_clock_t clock = { .zone = &usage_zone_utc, .interval = 600 };
    hosts[0].clock = hosts[1].clock = &clock;
    apr_hash_t *sums = apr_hash_make(unit_pool);
    for (int i = 0; i < 20000; i++) {
        unsigned bot = (unsigned)(1 + random_below(&random, 3)
                                  + 64 * random_below(&random, 20));
        apr_int64_t start = MIDNIGHT + 600 * random_below(&random, 3);
        usage_hit_t hit = hit_of(bot, start + random_below(&random, 600));
        hit.host = &hosts[random_below(&random, 2)];
        usage_hit_count(&memory, &hit);
        expect(sums,
               apr_psprintf(unit_pool, "%" APR_INT64_T_FMT "|%s|%s", start,
                            usage_bot_category((int)usage_bots[bot].kind),
                            usage_bot_name(bot)));
        if (i == 10000) {
            ck_assert(usage_memory_move(&memory, 0, MIDNIGHT));
        }
    }
    ck_assert(usage_batch_read(&memory, 0, usage_batch_revision(&memory),
                               take_off, sums));
    apr_hash_index_t *at = apr_hash_first(unit_pool, sums);
    for (; at != NULL; at = apr_hash_next(at)) {
        ck_assert_int_eq(*(apr_int64_t *)apr_hash_this_val(at), 0);
    }
}
END_TEST

START_TEST(cached_bot_is_found_again_in_a_cleared_table)
{
    usage_host_t host = *visits_host(SITE);
    for (int i = 0; i < 3; i++) {
        usage_hit_t hit = hit_of(USAGE_BOTS - 1, MIDNIGHT);
        hit.host = &host;
        usage_memory_clear(&memory, 0);
        usage_hit_count(&memory, &hit);
        ck_assert_int_eq(all_bots(), 1);
        ck_assert_int_eq(bots(NULL, usage_bot_name(USAGE_BOTS - 1)), 1);
    }
}
END_TEST

START_TEST(cached_bot_goes_where_writers_go)
{
    usage_host_t host = *visits_host(SITE);
    usage_hit_t hit = hit_of(USAGE_BOTS - 1, MIDNIGHT);
    const usage_key_t key = {
        .start = MIDNIGHT,
        .kind = USAGE_KIND_EVENT,
        .site = hit.host->site,
        .category =
            text_of(usage_bot_category(usage_agent_bits_bot_kind(hit.agent))),
        .name = text_of(usage_bot_name(usage_agent_bits_bot(hit.agent))),
    };
    hit.host = &host;
    usage_hit_count(&memory, &hit);
    ck_assert(usage_memory_move(&memory, 0, MIDNIGHT));
    usage_hit_count(&memory, &hit);
    for (int i = 0; i < 2; i++) {
        usage_slot_t *slot = usage_table_find(&memory.tables[i], &key);
        ck_assert_ptr_nonnull(slot);
        ck_assert_int_eq(atomic_load(&slot->total[USAGE_VIEWS]), 1);
    }
}
END_TEST

/* A site that comes when there is little room left keeps its kinds; one that
 * comes when there is none is counted elsewhere, by kind. */
START_TEST(full_table_keeps_every_kind)
{
    enum { SITES = 12 };
    static const usage_geometry_t tiny = { .slots = 1024, .visitors = 1024 };
    apr_int64_t of_kind[USAGE_BOT_KINDS] = { 0 };
    apr_int64_t sum = 0;
    memory = visits_segment(&tiny, MIDNIGHT);
    for (int i = 0; i < SITES * USAGE_BOTS; i++) {
        unsigned bot = (unsigned)(1 + i % (USAGE_BOTS - 1));
        char site[16];
        apr_snprintf(site, sizeof site, "%d.example", i / USAGE_BOTS);
        usage_hit_t hit = hit_of(bot, MIDNIGHT);
        hit.host->site = text_of(site);
        usage_hit_count(&memory, &hit);
        of_kind[usage_bots[bot].kind]++;
    }
    for (int i = 1; i < USAGE_BOT_KINDS; i++) {
        const char *category = usage_bot_category(i);
        apr_int64_t found = events_of(&memory, NULL, category, NULL);
        ck_assert_int_eq(found, of_kind[i]);
        apr_int64_t elsewhere = events_of(&memory, "*", category, "*");
        ck_assert_int_gt(elsewhere, 0);
        ck_assert_int_gt(events_of(&memory, NULL, category, "*"), elsewhere);
        sum += found;
    }
    ck_assert_int_eq(sum, SITES * USAGE_BOTS);
    ck_assert_int_eq(outcomes_of(&memory, NULL, "bot"), SITES * USAGE_BOTS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bot");
    TCase *tcase = unit_case(suite, "bot");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, bot_is_counted_by_kind_and_name);
    tcase_add_test(tcase, only_pages_count_for_a_bot);
    tcase_add_test(tcase, person_is_no_bot);
    tcase_add_test(tcase, pattern_is_the_name_of_its_bot);
    tcase_add_test(tcase, number_of_no_bot_is_counted_all_the_same);
    tcase_add_loop_test(tcase, cached_bots_are_counted_as_themselves, 0, 3);
    tcase_add_test(tcase, cached_bot_is_found_again_in_a_cleared_table);
    tcase_add_test(tcase, cached_bot_goes_where_writers_go);
    tcase_add_test(tcase, full_table_keeps_every_kind);
    return unit_run(suite) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
